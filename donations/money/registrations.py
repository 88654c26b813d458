"""What the ground floor and the fund's page show of gifts."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.documents.certificates import register_kind
from charity_hub.errors import Refused
from charity_hub.ledger.kinds import Direction, TransferKind, register_kinds
from charity_hub.ledger.verification import register_check
from charity_hub.money import yuan
from charity_hub.people.masks import mask_name, mask_phone
from charity_hub.people.models import User
from charity_hub.portal.registry import (
    WorkItem,
    register_desk_figures,
    register_desk_panel,
    register_home_panel,
    register_me_panel,
    register_menu,
    register_search,
    register_start,
)
from donations.deposits.permissions import HANDS_IN
from donations.money.acknowledgement import KIND
from donations.money.annual_report import gifts_of_year
from donations.money.desk import cash_by_station, gifts_and_cash, latest_at_stations
from donations.money.models import Donor, Gift
from donations.money.permissions import (
    KNOWERS,
    KNOWING,
    READERS,
    RECORDERS,
    donor_name_visible_to,
    donor_visible_to,
)
from donations.money.queries import totals_of
from donations.money.resident_views import gifts_of
from donations.money.search import donors_matching, gifts_matching, gifts_of_donors_matching
from donations.stations.models import Station
from funds.annual_report.sections import register_section
from funds.profile.models import PUBLIC_STATES, Fund
from funds.public.panels import register_panel

MOST_FOUND = 8
LATEST = 10
LATEST_OF_ALL = 5
# What is published of a gift; donors' phones are not even read.
PUBLISHED = ["given_on", "amount_fen", "publish_name", "publish_amount", "donor__name"]

RECORDERS_AND_ACTORS = """
SELECT gift.number FROM donations_gift gift
JOIN ledger_transfer posted ON posted.id = gift.transfer_id
LEFT JOIN ledger_transfer undone ON undone.reverses_id = posted.id
WHERE gift.recorded_by_id IS DISTINCT FROM posted.actor_id
   OR (gift.state = 'voided' AND gift.voided_by_id IS DISTINCT FROM undone.actor_id)
ORDER BY gift.id
"""


def false_recorders() -> Iterator[str]:
    """A sentence for each gift that names somebody else than who posted its transfer, or undid it."""
    with connection.cursor() as cursor:
        cursor.execute(RECORDERS_AND_ACTORS)
        for (number,) in cursor.fetchall():
            yield _("Gift %(number)s names somebody else than its transfers do.") % {"number": number}


def register() -> None:
    register_check(false_recorders)
    register_kind(
        KIND,
        gettext_lazy("Acknowledgement of a gift"),
        "donations/money/verify.html",
        source="donations.gift",
        view="donations_gift_certified",
    )
    register_kinds(
        *(
            TransferKind(f"gift:{kind}", label, Direction.INFLOW, "donations.gift", donated=True)
            for kind, label in (
                ("person", gettext_lazy("From individuals")),
                ("organization", gettext_lazy("From organizations")),
                ("anonymous", gettext_lazy("Anonymous gifts")),
            )
        ),
    )
    register_menu("desk", gettext_lazy("Gifts"), "gifts:list", "gift", rule=READERS, order=30)
    register_menu("desk", gettext_lazy("Donors"), "gifts:donors", "users", rule=KNOWERS, order=34)
    register_menu("me", gettext_lazy("My gifts"), "gifts:mine", "gift", order=20)
    register_start(gettext_lazy("Record a gift"), "gifts:add", "gift", rule=RECORDERS, order=10)
    register_desk_figures("gifts", gifts_and_cash, rule=READERS, order=20)
    register_desk_panel("donations/money/parts/desk_cash.html", cash_by_station, rule=READERS, order=30)
    register_desk_panel("donations/money/parts/desk_latest.html", latest_at_stations, rule=HANDS_IN, order=15)
    register_search("gifts", gettext_lazy("Gifts"), find_gifts)
    register_search("donors", gettext_lazy("Donors"), find_donors)
    register_home_panel("donations/money/parts/home_latest.html", recent_gifts, order=20)
    register_home_panel("donations/money/parts/home.html", open_stations, order=30)
    register_panel(
        "donations/money/parts/latest.html",
        latest_of,
        order=10,
        anchor="latest-gifts",
        label=gettext_lazy("Latest gifts"),
    )
    register_section("gifts", gifts_of_year)
    register_me_panel("donations/money/parts/me.html", my_totals, order=20)


def find_gifts(user: User, text: str, _address: str | None = None) -> list[WorkItem]:
    """Gifts in scope by number, official receipt or the donor's name or pinyin."""
    match = gifts_matching(text) | (gifts_of_donors_matching(text) & donor_name_visible_to(user))
    gifts = Gift.objects.in_scope_of(user).filter(match).select_related("donor", "fund", "station")
    knows = donor_visible_to(user)
    return [
        WorkItem(
            f"{gift.number} · {yuan(gift.amount_fen)}",
            gift.get_absolute_url(),
            _detail(gift, named=gift.publish_name or knows(gift)),
            gift.given_on,
        )
        for gift in gifts.order_by("-pk")[:MOST_FOUND]
    ]


def _detail(gift: Gift, *, named: bool) -> str:
    if gift.donor is None:
        return f"{gift.get_donor_kind_display()} · {gift.fund.name}"
    shown = gift.donor.name if named else mask_name(gift.donor.name)
    return f"{shown} · {gift.fund.name}"


def find_donors(user: User, text: str, address: str | None = None) -> list[WorkItem]:
    """Donors in scope by name, pinyin or phone, for those who deal with donors.

    Who has looked for too many phones is told so here: the other searches still answer.
    """
    if not KNOWERS.allows(user):
        return []
    near = Donor.objects.unmerged().in_scope_of(user, *KNOWING)
    try:
        donors = near.filter(donors_matching(user, text, address)).order_by("pinyin", "pk")
    except Refused as refused:
        return [WorkItem(str(refused), "")]
    return [
        WorkItem(donor.name, donor.get_absolute_url(), mask_phone(donor.phone))
        for donor in donors[:MOST_FOUND]
    ]


def open_stations(_request: HttpRequest) -> Mapping[str, Any]:
    """At how many stations one can give; what was given, the funds' own panel says."""
    return {"stations": Station.objects.open().count()}


def my_totals(request: HttpRequest) -> Mapping[str, Any]:
    """What the signed-in person gave, for their own page."""
    return {"totals": totals_of(gifts_of(request.user))}


def latest_of(fund: Fund) -> Mapping[str, Any]:
    """The latest gifts of a fund, for anyone: names and amounts only where their publication was agreed."""
    standing = Gift.objects.recorded().filter(fund=fund)
    gifts = standing.select_related("donor", "purpose").only(*PUBLISHED, "purpose__name")
    return {"gifts": [_published(gift) | {"purpose": gift.purpose.name} for gift in gifts[:LATEST]]}


def recent_gifts(_request: HttpRequest) -> Mapping[str, Any]:
    """The latest gifts of all public funds, told as each fund's page tells them."""
    public = Gift.objects.recorded().filter(fund__state__in=PUBLIC_STATES)
    gifts = public.select_related("donor", "fund").only(*PUBLISHED, "fund__code", "fund__name")
    return {"gifts": [_published(gift) | {"fund": gift.fund} for gift in gifts[:LATEST_OF_ALL]]}


def _published(gift: Gift) -> dict[str, Any]:
    amount = yuan(gift.amount_fen) if gift.publish_amount else _("amount not published")
    return {"day": gift.given_on, "name": gift.public_name, "amount": amount}
