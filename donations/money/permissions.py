"""Whose task is what: who records, voids and reads."""

from collections.abc import Callable
from typing import Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from charity_hub.documents.models import Certificate
from charity_hub.ledger.models import Transfer
from charity_hub.people.access import STAFF, AnyUser, roles
from charity_hub.people.models import Role
from charity_hub.workflow.rules import Who, holders, named, not_named
from donations.deposits.models import CashDeposit, DepositState
from donations.money.acknowledgement import KIND
from donations.money.models import KEPT_AT_STATION, Donor, Gift
from donations.money.scopes import gifts_within
from donations.money.void_models import VoidRequest
from donations.stations.models import Station
from donations.stations.scopes import reach_of

RECORDING: Final = (Role.STATION_WORKER, Role.STREET_STAFF)
HANDLING: Final = (Role.STATION_WORKER, Role.STREET_STAFF, Role.CHARITY_OFFICER)
# Names are seen by those who deal with the donors, and by the auditor who checks them.
KNOWING: Final = (*HANDLING, Role.AUDITOR)

READERS: Final = roles(
    *KNOWING, Role.DISTRICT_OFFICER, Role.CITY_OFFICER, Role.COMMITTEE_MEMBER, Role.FUND_SUPERVISOR
)
RECORDERS: Final = roles(*RECORDING)
HANDLERS: Final = roles(*HANDLING)
KNOWERS: Final = roles(*KNOWING)


def may_record(user: AnyUser, station: Station) -> bool:
    """Whether this person records gifts at this station."""
    return Station.objects.in_scope_of(user, *RECORDING).filter(pk=station.pk).exists()


def may_handle(user: AnyUser, gift: Gift) -> bool:
    """Whether this person may amend the gift, print its acknowledgement, and have it voided."""
    return Gift.objects.in_scope_of(user, *HANDLING).filter(pk=gift.pk).exists()


def fresh() -> Q:
    """Gifts that nobody but their clerk has seen: recorded today, not printed, not deposited since."""
    kinds = ContentType.objects.get_for_models(Gift, CashDeposit)
    printed = Certificate.objects.filter(kind=KIND, source_type=kinds[Gift], source_id=OuterRef("pk"))
    deposits = CashDeposit.objects.exclude(state=DepositState.WITHDRAWN).filter(
        station=OuterRef(OuterRef("station")), fund=OuterRef(OuterRef("fund"))
    )
    deposited = Transfer.objects.filter(
        kind="deposit",
        pk__gt=OuterRef("transfer"),
        source_type=kinds[CashDeposit],
        source_id__in=deposits.values("pk"),
    )
    unseen = Q(recorded_at__date=timezone.localdate()) & ~Q(Exists(printed))
    return unseen & ~(Q(way__in=KEPT_AT_STATION) & Q(Exists(deposited)))


OFFICERS: Final = holders(Role.CHARITY_OFFICER, organization="fund__host")
HANDLE: Final = (
    OFFICERS
    | holders(Role.STATION_WORKER, organization="station__operator")
    | holders(Role.STREET_STAFF, region="station__region")
    | holders(Role.STREET_STAFF, region="fund__region")
)
DID_NOT_ASK: Final = Who(
    STAFF,
    lambda user: (
        ~Q(
            Exists(VoidRequest.objects.waiting().filter(gift=OuterRef("pk"), asked_by=user.pk)),
        )
    ),
)
# Its clerk while it is fresh, else an officer of the charity; nobody who asked for it. PostgreSQL holds to it
# too (``gift_voided_by_another``, ``void_request_not_decided_by_who_asked``).
VOID: Final = DID_NOT_ASK & (
    (HANDLE & named("recorded_by") & Who(STAFF, lambda _user: fresh()))
    | (OFFICERS & not_named("recorded_by"))
)


def donor_visible_to(user: AnyUser) -> Callable[[Gift], bool]:
    """Tells of a gift whether this person knows its donor: to others the name is masked unless agreed on.

    What counts is the role that reaches the gift: who records at one station and watches over a fund besides
    knows the station's donors alone. No query is made where the gift comes with its station and fund.
    """
    reach = reach_of(user, KNOWING)

    def knows(gift: Gift) -> bool:
        return (
            reach.everything
            or reach.regional.covers_region(gift.station.region_id)
            or reach.regional.covers_region(gift.fund.region_id)
            or gift.station.operator_id in reach.operating.organizations
            or gift.fund.host_id in reach.hosting.organizations
        )

    return knows


def donor_name_visible_to(user: AnyUser) -> Q:
    """The gifts, of those in this person's scope, that are found by the donor's name."""
    reach = reach_of(user, KNOWING)
    return Q() if reach == reach_of(user) else Q(publish_name=True) | gifts_within(reach)


def may_handle_donor(user: AnyUser, donor: Donor) -> bool:
    """Whether this person deals with the donor: sees phone and ID whole, corrects them, merges doubles."""
    return Donor.objects.in_scope_of(user, *HANDLING).filter(pk=donor.pk).exists()
