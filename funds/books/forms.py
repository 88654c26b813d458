"""The form for closing months."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charity_hub.portal.forms import HubForm
from charity_hub.portal.templatetags.hub import month as in_words


class ClosingForm(HubForm):
    """Choose the last month to close; ``months`` are the possible ones, in order."""

    cards = [
        (
            _("Which months"),
            ["through"],
            _("All months up to and including the one that you choose are closed."),
        ),
    ]
    submit_label = _("Check and close")
    danger = True
    through = forms.TypedChoiceField(label=_("Close through the end of"), coerce=date.fromisoformat)

    def __init__(self, *args: Any, months: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        through: Any = self.fields["through"]
        through.choices = [(one.isoformat(), in_words(one)) for one in reversed(months)]
        through.initial = _customary(months)


def _customary(months: Sequence[date]) -> str:
    """The last December among them, because a year is closed with its report; otherwise the last month."""
    decembers = [month for month in months if month.month == 12]
    return (decembers or list(months) or [date.min])[-1].isoformat()
