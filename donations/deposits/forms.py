"""Forms of cash on its way."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.portal.forms import CardSpec, DayField, HubForm, YuanField
from charity_hub.workflow.forms import ReasonForm, RemarkForm
from donations.money.forms import AmountInput
from funds.profile.models import Fund


class DepositForm(HubForm):
    """Cash and cheques of one fund that the station paid in at the bank."""

    cards: ClassVar[Sequence[CardSpec]] = [
        (_("Deposit details"), ("fund", "amount_fen", ("handed_in_on", "slip")))
    ]
    submit_label = _("Deposit")
    fund = forms.ModelChoiceField(Fund.objects.none(), label=_("Fund"), empty_label=None)
    amount_fen = YuanField(label=_("Amount"), widget=AmountInput)
    handed_in_on = DayField(label=_("Deposited on"), past=True)
    slip = forms.CharField(
        label=_("Number of the deposit slip"),
        max_length=60,
        help_text=_("As the bank printed it on the slip."),
    )

    def __init__(self, *args: Any, funds: QuerySet[Fund], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = funds  # type: ignore[attr-defined]
        self.initial.update({"handed_in_on": timezone.localdate()})


class ReceiveForm(RemarkForm):
    """When the deposit arrived."""

    cards: ClassVar[Sequence[CardSpec]] = [(_("Arrival"), ["received_on", "reason"])]
    received_on = DayField(
        label=_("Credited on"), past=True, help_text=_("The day on the charity's bank statement.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({"received_on": max(timezone.localdate(), self.row.handed_in_on)})  # type: ignore[attr-defined]


class WithdrawForm(ReasonForm):
    """Why a deposit is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("For example: the bank credited another amount; the cheque bounced, its gift is voided."),
    )
