"""Forms of gifts."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.people.models import User
from charity_hub.plain_text import name_key
from charity_hub.portal.forms import CardSpec, DayField, HubForm, YuanField, YuanInput
from charity_hub.workflow.forms import ReasonForm
from donations.money.models import Donor, DonorKind, Gift, Way
from donations.money.permissions import RECORDING
from donations.money.rules import TYPED, NewGift
from donations.stations.models import Station
from funds.profile.models import Fund, FundState, Purpose

KINDS = [
    (DonorKind.PERSON.value, DonorKind.PERSON.label),
    (DonorKind.ORGANIZATION.value, DonorKind.ORGANIZATION.label),
    (DonorKind.ANONYMOUS.value, DonorKind.ANONYMOUS.label),
]


class AmountInput(YuanInput):
    """An amount, with its capitals below while one types: a zero too many is seen at once."""

    template_name = "donations/money/widgets/amount.html"


class DonorNameInput(forms.TextInput):
    """The donor's name, with a place below for donors on file who may be meant."""

    template_name = "donations/money/widgets/donor_name.html"


if TYPE_CHECKING:
    PurposeChoice = forms.ModelChoiceField[Purpose]  # generic in its stubs alone
else:
    PurposeChoice = forms.ModelChoiceField


class PurposeField(PurposeChoice):
    """A purpose, grouped by fund. Purposes of funds that take no money now are understood but not offered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Purpose.objects.none(), **kwargs)

    def offer(self, station: Station) -> None:
        purposes = Purpose.objects.filter(fund__stations=station).select_related("fund", "fund__host")
        self.queryset = purposes
        self.widget.choices = list(_grouped([one for one in purposes.in_use() if _takes_money(one.fund)]))


def _takes_money(fund: Fund) -> bool:
    return fund.state == FundState.ACTIVE


def _grouped(purposes: list[Purpose]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    funds = {purpose.fund_id: purpose.fund.name for purpose in purposes}
    for pk, name in funds.items():
        yield name, [(purpose.pk, purpose.name) for purpose in purposes if purpose.fund_id == pk]


class GiftForm(HubForm):
    """A gift of money, from the amount to the handler, for one station."""

    cards: ClassVar[Sequence[CardSpec]] = [
        (_("The gift"), (("amount_fen", "given_on"), "way", "purpose")),
        (_("The donor"), ("donor_kind", "name", ("phone", "id_number"), "publish_name", "publish_amount")),
        (_("Receipt"), (("handler", "official_receipt"), "note")),
    ]
    submit_label = _("Record the gift")

    amount_fen = YuanField(
        label=_("Amount"),
        widget=AmountInput({"enterkeyhint": "next"}),
        help_text=_("Enter goes on to the name and the phone, then records the gift."),
    )
    given_on = DayField(label=_("Date"), past=True)
    way = forms.ChoiceField(
        label=_("Way of giving"), choices=Way.choices, widget=forms.RadioSelect, initial=Way.CASH
    )
    purpose = PurposeField(label=_("Fund and purpose"))
    donor_kind = forms.ChoiceField(
        label=_("The donor is"), choices=KINDS, widget=forms.RadioSelect, initial=DonorKind.PERSON
    )
    donor = forms.ModelChoiceField(Donor.objects.none(), required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        widget=DonorNameInput(attrs={"autocomplete": "off", "enterkeyhint": "next"}),
        help_text=_("A name, its pinyin, or a phone number: donors on file appear below."),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text=_("With it the donor is found again, and finds their gifts under “My gifts”."),
    )
    id_number = forms.CharField(
        label=_("ID or credit code"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Only if the donor wants it on the official receipt. It is stored encrypted."),
    )
    publish_name = forms.BooleanField(label=_("The donor agrees that the name is published"), required=False)
    publish_amount = forms.BooleanField(label=_("The amount may be published"), required=False, initial=True)
    handler = forms.CharField(label=_("Handled by"), max_length=40)
    official_receipt = forms.CharField(
        label=_("Official receipt number"),
        max_length=40,
        required=False,
        help_text=_("If already issued."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    # The fingerprint of the questions that were asked and are hereby answered with yes.
    answered = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, station: Station, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purpose = self.fields["purpose"]
        assert isinstance(purpose, PurposeField)  # noqa: S101 - for the type checker
        purpose.offer(station)
        charities = Fund.objects.filter(stations=station).values("host")
        offered = Donor.objects.told_to(user, *RECORDING).filter(charity__in=charities)
        self.fields["donor"].queryset = offered  # type: ignore[attr-defined]
        self.fields["amount_fen"].widget.attrs["autofocus"] = True
        self.helper.form_id = "gift-form"
        self.initial.update(
            {"given_on": timezone.localdate(), "handler": user.name} | _remembered(station, user)
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        donor = data.get("donor")
        if donor and name_key(data.get("name", "")) != donor.name_key:
            data["donor"] = None
        missing = "name" not in self.errors and not data.get("name")
        if missing and data.get("donor_kind") != DonorKind.ANONYMOUS:
            self.add_error("name", _("Enter the donor's name, or choose “Anonymous”."))
        return data

    def ask(self, fingerprint: str) -> None:
        """Show the form again with questions: sending it once more answers exactly these with yes."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "answered": fingerprint}
        self.submit_label = _("Yes, record the gift")
        del self.fields["amount_fen"].widget.attrs["autofocus"]  # the answer has it: Enter says yes

    def gift(self) -> NewGift:
        """What the valid form says, but for a donor who was picked (``cleaned_data["donor"]``)."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in {"donor", "answered"}}
        return NewGift(**said)


def _remembered(station: Station, user: User) -> dict[str, Any]:
    """What this clerk chose in the form for the last gift at this station, else cash, unrestricted.

    A restriction is the donor's wish: no form chooses one by itself. Nor does it begin with what stands in a
    register's last row, perhaps of last year, that was brought in since.
    """
    last = Gift.objects.filter(recorded_by=user, station=station).order_by("-pk").first()
    if last and last.key.startswith(TYPED):
        kept: dict[str, Any] = {"purpose": last.purpose_id, "way": last.way, "handler": last.handler}
        # Who types in the gifts of an earlier day does so in a row; tomorrow the form begins with its day.
        if timezone.localdate(last.recorded_at) == timezone.localdate():
            kept["given_on"] = last.given_on
        return kept
    free = Purpose.objects.in_use().filter(fund__stations=station, restricted=False).first()
    return {"purpose": free.pk} if free else {}


class VoidForm(ReasonForm):
    """Why a gift is voided; begins with what the station wrote who asked for it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: the amount was mistyped, recorded again as JZ-2026-000123."),
    )

    def __init__(self, *args: Any, row: Gift, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        asked = row.void_requests.waiting().first()
        self.initial["reason"] = asked.reason if asked else ""


class AskToVoidForm(VoidForm):
    """Why the charity should void a gift."""

    cards: ClassVar[Sequence[CardSpec]] = [
        (
            _("Why it should be voided"),
            ["reason"],
            _(
                "Only the charity voids a gift of an earlier day, of another clerk, whose acknowledgement was"
                " printed or whose cash was deposited. One of its officers decides."
            ),
        )
    ]
    submit_label = _("Ask the charity")


class DeclineForm(ReasonForm):
    """Why a gift stays."""

    reason = forms.CharField(
        label=_("Answer"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever asked reads it."),
    )


class AmendForm(HubForm):
    """What of a recorded gift may change."""

    cards: ClassVar[Sequence[CardSpec]] = [
        (
            _("Publication"),
            ["publish_name", "publish_amount"],
            _("A donor may withdraw a consent at any time."),
        ),
        (_("Receipt"), ["official_receipt", "note"]),
    ]
    publish_name = forms.BooleanField(label=_("The donor agrees that the name is published"), required=False)
    publish_amount = forms.BooleanField(label=_("The amount may be published"), required=False)
    official_receipt = forms.CharField(label=_("Official receipt number"), max_length=40, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, gift: Gift, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({name: getattr(gift, name) for name in self.fields})
        if gift.donor_kind == DonorKind.ANONYMOUS:
            del self.fields["publish_name"]
