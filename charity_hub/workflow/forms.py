"""The forms of moves."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from charity_hub.portal.forms import HubForm


class MoveForm(HubForm):
    """The form of a move on one row; by default it asks only for confirmation."""

    def __init__(self, *args: Any, row: models.Model, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row


class ReasonForm(MoveForm):
    """A reason: it is kept in the history and read by the others."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class RemarkForm(MoveForm):
    """An optional remark for a decision that needs no reason; it is kept in the history."""

    reason = forms.CharField(
        label=_("Your remark"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        help_text=_("Optional. Everybody who can open this page can read it in the history."),
    )
