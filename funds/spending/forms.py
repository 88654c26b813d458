"""Forms of spending: the request and its payment."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from charity_hub.people.masks import mask_account
from charity_hub.portal.fields import FindableSelect
from charity_hub.portal.forms import DayField, HubForm, YuanField
from charity_hub.workflow.forms import MoveForm
from funds.profile.file_fields import PapersField
from funds.profile.models import Fund, Purpose
from funds.spending.models import TERMS, PayeeKind, SpendingRequest, Use


class RequestForm(HubForm):
    """A spending request of one fund; ``request`` is the returned one that is being revised."""

    cards = [
        (_("What the money is for"), ["purpose", "use", "title", "explanation", "beneficiaries"]),
        (
            _("How much"),
            ["amount_fen"],
            _("On approval the amount is reserved at once and cannot be used again."),
        ),
        (
            _("Payee"),
            ["payee_kind", "payee_name", ("payee_bank", "payee_account")],
            _(
                "The account number is encrypted; only the officer who pays sees it in full, and "
                "each view is recorded."
            ),
        ),
        (_("Files"), ["papers"], _("Quotes, invoices, lists of beneficiaries, the committee's minutes.")),
    ]
    submit_label = _("Check and file")

    purpose = forms.ModelChoiceField(label=_("Purpose"), queryset=Purpose.objects.none())
    use = forms.ChoiceField(label=_("Spent on"), choices=[("", _("- Select an option -")), *Use.choices])
    title = forms.CharField(label=_("Subject in one line"), max_length=120)
    explanation = forms.CharField(
        label=_("Explanation"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    beneficiaries = forms.IntegerField(
        label=_("Beneficiaries"), min_value=1, max_value=10_000_000, required=False
    )
    amount_fen = YuanField(label=_("Amount"))
    payee_kind = forms.ChoiceField(
        label=_("The payee is"), choices=PayeeKind.choices, initial=PayeeKind.ORGANIZATION
    )
    payee_name = forms.CharField(label=_("Payee"), max_length=120)
    payee_bank = forms.CharField(label=_("Payee's bank"), max_length=120, required=False)
    payee_account = forms.CharField(label=_("Payee's account"), max_length=40, required=False)
    papers = PapersField(label=_("Files"), required=False)

    def __init__(self, *args: Any, fund: Fund, request: SpendingRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fund = fund
        self.request = request
        self._offer_purposes()
        self.fields["payee_name"].help_text = _("A management fee goes to %(host)s.") % {"host": fund.host}
        if request:
            self._fill_from(request)

    def _offer_purposes(self) -> None:
        purpose = self.fields["purpose"]
        if isinstance(purpose, forms.ModelChoiceField):
            purpose.queryset = self.fund.purposes.in_use()
        holds = reverse("spending:holds", args=[self.fund.code])
        target = "holds"
        purpose.widget.attrs |= {"hx-get": holds, "hx-trigger": "load, change", "hx-target": f"#{target}"}
        purpose.help_text = format_html('<span class="hub-holds" id="{}" role="status"></span>', target)

    def _fill_from(self, request: SpendingRequest) -> None:
        self.initial.update({name: getattr(request, name) for name in TERMS if name != "payee_account"})
        if request.payee_account:
            self.fields["payee_account"].help_text = _("Leave empty to keep %(account)s.") % {
                "account": mask_account(request.payee_account)
            }

    def held_below(self) -> int | None:
        """The balance of the chosen purpose in fen, if it is less than the amount of the valid form."""
        account = self.cleaned_data["purpose"].net_account
        held = account.normal_balance if account else 0
        return held if held < self.cleaned_data["amount_fen"] else None

    def terms(self) -> SpendingRequest:
        """The values of the valid form, as an unsaved request."""
        terms = SpendingRequest(**{name: self.cleaned_data[name] for name in TERMS})
        if self.request and not terms.payee_account:
            terms.payee_account = self.request.payee_account
        terms.payee_account = "".join(terms.payee_account.split())
        return terms


class PayForm(MoveForm):
    """The bank's data about the payment."""

    paid_on = DayField(label=_("Paid on"), past=True, initial=timezone.localdate)
    bank_reference = forms.CharField(
        label=_("Bank reference"), max_length=60, help_text=_("The number on the bank's advice of payment.")
    )


class FundChoiceForm(HubForm):
    """Choose the fund of a new request."""

    submit_label = _("Continue")

    def __init__(self, *args: Any, funds: QuerySet[Fund], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"] = forms.ModelChoiceField(
            label=_("Fund"), queryset=funds, to_field_name="code", widget=FindableSelect
        )
