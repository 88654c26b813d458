"""Whose task is what: who records, voids, reads, hands in and receives."""

from collections.abc import Callable
from typing import Final

from django.db.models import Q

from charity_hub.people.access import AnyUser, roles
from charity_hub.people.models import Role
from donations.money.deposit_models import CashDeposit, DepositState
from donations.money.models import Donor, Gift
from donations.money.scopes import gifts_within
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
CASHIERS: Final = roles(*KNOWING, Role.DISTRICT_OFFICER, Role.CITY_OFFICER)
HANDS_IN: Final = roles(Role.STATION_WORKER)
RECEIVES: Final = roles(Role.CHARITY_OFFICER)
DECIDES: Final = roles(Role.CHARITY_OFFICER)
WITHDRAWS: Final = roles(Role.STATION_WORKER, Role.CHARITY_OFFICER)


def may_record(user: AnyUser, station: Station) -> bool:
    """Whether this person records gifts at this station."""
    return Station.objects.in_scope_of(user, *RECORDING).filter(pk=station.pk).exists()


def may_handle(user: AnyUser, gift: Gift) -> bool:
    """Whether this person may amend the gift, print its acknowledgement, and have it voided."""
    return Gift.objects.in_scope_of(user, *HANDLING).filter(pk=gift.pk).exists()


def may_hand_in(user: AnyUser, station: Station) -> bool:
    """Whether this person brings the station's cash to the bank."""
    return Station.objects.in_scope_of(user, Role.STATION_WORKER).filter(pk=station.pk).exists()


def may_receive(user: AnyUser, deposit: CashDeposit) -> bool:
    """Whether this person confirms the deposit's arrival: an officer of the host charity who did not
    hand it in.
    """
    return is_bank_officer(user, deposit) and deposit.handed_in_by_id != user.pk


def is_bank_officer(user: AnyUser, deposit: CashDeposit) -> bool:
    """Whether this person is an officer of the charity at whose bank the deposit arrives."""
    return CashDeposit.objects.in_scope_of(user, Role.CHARITY_OFFICER).filter(pk=deposit.pk).exists()


def may_withdraw(user: AnyUser, deposit: CashDeposit) -> bool:
    """Whether this person takes the deposit back: the station while it is on its way, the host always."""
    if is_bank_officer(user, deposit):
        return True
    underway = deposit.state == DepositState.HANDED_IN
    return (
        underway
        and Station.objects.in_scope_of(user, Role.STATION_WORKER).filter(pk=deposit.station_id).exists()
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
