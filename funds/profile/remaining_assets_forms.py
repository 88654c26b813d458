"""The forms for handing over leftovers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charity_hub.workflow.forms import MoveForm
from funds.profile.models import Fund
from funds.profile.remaining_assets import possible_recipients


class HandOverForm(MoveForm):
    """How the leftovers are paid."""

    bank_reference = forms.CharField(
        label=_("Bank reference"),
        max_length=60,
        help_text=_("The bank reference of the payment that hands over the leftovers."),
    )


class DivertForm(HandOverForm):
    """Who takes the leftovers if the fund that the agreement names cannot, and why."""

    cards = [(_("Who receives the leftovers instead"), ["taker", "reason", "bank_reference"])]
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("It stays in the fund's history, with your name."),
    )

    def __init__(self, *args: Any, row: Fund, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["taker"] = forms.ModelChoiceField(
            label=_("Goes to"),
            queryset=possible_recipients(row),
            required=False,
            empty_label=_("%(host)s itself, by bank transfer") % {"host": row.host},
        )
        reference = self.fields["bank_reference"]
        reference.required = False
        reference.help_text = _(
            "Only if the charity itself receives the leftovers: the bank reference of that payment."
        )
