"""Forms of a fund: its proposal, reasons, documents."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from charity_hub.documents.file_types import Kind as Kinds
from charity_hub.organizations.models import Kind, Organization
from charity_hub.people.access import scope_of
from charity_hub.people.models import Role, User
from charity_hub.portal.fields import FindableSelect
from charity_hub.portal.forms import CardSpec, DayField, HubForm, HubModelForm, YuanField
from charity_hub.regions.forms import RegionField
from charity_hub.regions.models import Level, Region
from funds.profile.file_fields import PapersField
from funds.profile.models import Fund, Position
from funds.profile.row_fields import RowColumn, RowsField
from funds.profile.rules import MOST_FEE_BP
from funds.profile.terms import NewPurpose, Proposal, Seat

BASIS_POINTS = 100
FREE, BOUND = "free", "bound"
BINDING = [(BOUND, _("for this use only")), (FREE, _("unrestricted"))]
SEATS = [(Position.MEMBER.value, _("Member")), (Position.CHAIR.value, _("Chair"))]


def purposes_field() -> RowsField[NewPurpose]:
    return RowsField(
        label=_("Purposes"),
        columns=[
            RowColumn("name", _("What the money is for")),
            RowColumn("binding", _("Restriction"), choices=BINDING),
        ],
        make=lambda name, binding: NewPurpose(name, restricted=binding == BOUND),
        cells=lambda purpose: [purpose.name, BOUND if purpose.restricted else FREE],
        add_label=_("Add a purpose"),
        least=4,
        help_text=_("Exactly one is unrestricted: for gifts without a designated use."),
    )


def committee_field() -> RowsField[Seat]:
    return RowsField(
        label=_("Committee"),
        columns=[
            RowColumn("name", _("Name")),
            RowColumn("represents", _("Represents"), longest=80),
            RowColumn("position", _("Position"), choices=SEATS),
        ],
        make=lambda name, represents, position: Seat(name, position, represents),
        cells=lambda seat: [seat.name, seat.represents, seat.position],
        add_label=_("Add a member"),
        least=5,
        opening=[["", "", Position.CHAIR.value]],
        help_text=_("An odd number of at least 5, unpaid, one of them the chair."),
    )


def supervisors_field() -> RowsField[Seat]:
    return RowsField(
        label=_("Supervisors"),
        columns=[RowColumn("name", _("Name")), RowColumn("represents", _("Represents"), longest=80)],
        make=lambda name, represents: Seat(name, Position.SUPERVISOR, represents),
        cells=lambda seat: [seat.name, seat.represents],
        add_label=_("Add a supervisor"),
        help_text=_("At least one person who does not sit on the committee and whose opinions are recorded."),
    )


def seated(fund: Fund) -> dict[str, list[Seat]]:
    """The members and the supervisors of a fund's committee, as values of the form's two fields."""
    seats = [Seat(one.name, one.position, one.represents) for one in fund.committee.all()]
    return {
        "committee": [seat for seat in seats if seat.position != Position.SUPERVISOR],
        "supervisors": [seat for seat in seats if seat.position == Position.SUPERVISOR],
    }


def qualified_charities() -> QuerySet[Organization]:
    """Charities that may host a fund (Charity Law, article 26)."""
    return Organization.objects.filter(kind=Kind.CHARITY, active=True, may_fundraise_publicly=True)


class PercentField(forms.DecimalField):
    """A rate typed in percent; ``cleaned_data`` holds basis points (5.5 is 550)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=Decimal(0), decimal_places=2, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(Decimal(value) / BASIS_POINTS) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        percent = super().clean(value)
        return None if percent is None else int(percent * BASIS_POINTS)


class FundForm(HubModelForm):
    """The proposal of a fund. A draft may be incomplete; ``rules.submission_errors`` checks it later."""

    cards: ClassVar[Sequence[CardSpec]] = [
        (_("The fund"), ["region", "host", "name", "aim"]),
        (
            _("The agreement"),
            ["agreement_number", ("signed_on", "starts_on", "ends_on"), "paper"],
            _("What the street office and the host charity agreed on in writing (Charity Law, article 26)."),
        ),
        (_("Terms"), ["use_terms", "rights_terms", "termination_terms", "leftover_terms", "leftover_fund"]),
        (
            _("Purposes"),
            ["purposes"],
            _("Money given for a purpose is spent on that purpose only."),
        ),
        (_("Committee and supervisor"), ["committee", "supervisors"]),
        (_("Money"), [("seed_money_fen", "seed_money_from"), "management_fee_bp"], ""),
    ]
    submit_label = _("Save the draft")

    region = RegionField(
        label=_("Region"),
        levels=[Level.STREET, Level.COMMUNITY],
        help_text=_("The street or community that the fund is for; it becomes part of the code."),
    )
    host = forms.ModelChoiceField(
        label=_("Host charity"),
        queryset=qualified_charities(),
        widget=FindableSelect,
        help_text=_("Charities with public-fundraising qualification."),
    )
    leftover_fund = forms.ModelChoiceField(
        label=_("Fund that takes the leftovers"),
        queryset=Fund.objects.active(),
        widget=FindableSelect,
        required=False,
        help_text=_("Leave empty: leftovers are transferred by bank as the terms above say."),
    )
    purposes = purposes_field()
    committee = committee_field()
    supervisors = supervisors_field()
    signed_on = DayField(label=_("Signed on"), past=True)
    starts_on = DayField(label=_("In force from"))
    ends_on = DayField(label=_("Until"), required=False, help_text=_("Leave empty: until it is ended."))
    seed_money_fen = YuanField(label=_("Seed money"), least=0, required=False)
    management_fee_bp = PercentField(
        label=_("Management fee in percent of the gifts"),
        max_value=Decimal(MOST_FEE_BP) / BASIS_POINTS,
        initial=0,
        help_text=_("0 to 10, as agreed with the host charity."),
    )
    paper = PapersField(label=_("Agreement as a file"), kinds=Kinds.PDF | Kinds.IMAGE, required=False)

    class Meta:
        model = Fund
        fields = [
            "host",
            "name",
            "aim",
            "agreement_number",
            "use_terms",
            "rights_terms",
            "termination_terms",
            "leftover_terms",
            "leftover_fund",
            "seed_money_from",
        ]
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("aim", "use_terms", "rights_terms", "termination_terms", "leftover_terms")
        }
        help_texts = {
            "name": _("Empty: the customary name, host charity + street + 慈善基金."),
        }
        labels = {"use_terms": _("How the money is used"), "aim": _("What the fund is for")}

    def __init__(self, *args: Any, user: User | AnonymousUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self._limit_regions(user)
        if self.instance.pk:
            self._fill_from(self.instance)
        else:
            self.initial["purposes"] = [NewPurpose(str(_("Unrestricted")), restricted=False)]
            self._name_the_only_host()

    def _limit_regions(self, user: User | AnonymousUser) -> None:
        """The region is part of the code, so only a new fund can choose one."""
        if self.instance.pk:
            del self.fields["region"]
            return
        scope = scope_of(user, Role.STREET_STAFF)
        field = self.fields["region"]
        if isinstance(field, RegionField):
            field.scope = scope
        if len(scope.regions) == 1:
            self.initial["region"] = Region.objects.filter(
                pk=scope.regions[0], level__gte=Level.STREET
            ).first()

    def _name_the_only_host(self) -> None:
        if len(only := qualified_charities()[:2]) == 1:
            self.initial["host"] = only[0]

    def _fill_from(self, fund: Fund) -> None:
        self.initial.update(
            {
                **seated(fund),
                "signed_on": fund.signed_on,
                "starts_on": fund.starts_on,
                "ends_on": fund.ends_on,
                "seed_money_fen": fund.seed_money_fen,
                "management_fee_bp": fund.management_fee_bp,
                "purposes": [NewPurpose(one.name, one.restricted) for one in fund.purposes.all()],
            }
        )

    def proposal(self) -> Proposal:
        """The values of the valid form, for the actions."""
        data = self.cleaned_data
        return Proposal(
            **{name: data[name] for name in self.Meta.fields},
            region=self.instance.region if self.instance.pk else data["region"],
            signed_on=data["signed_on"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            seed_money_fen=data["seed_money_fen"] or 0,
            management_fee_bp=data["management_fee_bp"],
            purposes=data["purposes"],
            committee=[*data["committee"], *data["supervisors"]],
        )


class CommitteeForm(HubForm):
    """A complete new list of committee members and supervisors."""

    cards = [
        (_("Committee and supervisor"), ["committee", "supervisors"]),
        (_("Why they change"), ["reason"], _("Changes stay in the fund's history.")),
    ]
    committee = committee_field()
    supervisors = supervisors_field()
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For instance the end of a term, with the day of the decision."),
    )

    def seats(self) -> list[Seat]:
        return [*self.cleaned_data["committee"], *self.cleaned_data["supervisors"]]


class PurposeForm(HubForm):
    """A new purpose of an active fund."""

    name = forms.CharField(
        label=_("What the money is for"),
        max_length=40,
        help_text=_("The name cannot be changed later: gifts are given for it."),
    )


class PapersForm(HubForm):
    """Files that belong to a fund or a request."""

    papers = PapersField(label=_("Files"))
    submit_label = _("Add the files")
