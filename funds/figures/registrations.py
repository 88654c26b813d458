"""Registrations of this room: the funds' balance and the overview on the desk."""

from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charity_hub.ledger.models import Account, AccountKind
from charity_hub.money import yuan
from charity_hub.people.access import roles
from charity_hub.people.models import Role, User
from charity_hub.portal.registry import DeskFigure, register_desk_figures, register_desk_panel
from funds.figures.overview import streets_of, working_funds
from funds.profile.permissions import READERS

# With more funds than these, the overview shows only the streets.
MOST_FUNDS = 80
# Officers of a district or a city read the overview by street, even if there is only one.
OVERSEERS = roles(Role.CITY_OFFICER, Role.DISTRICT_OFFICER, Role.AUDITOR)


def register() -> None:
    register_desk_figures("funds", held_now, rule=READERS, order=10)
    register_desk_panel("funds/figures/desk.html", overview, rule=READERS, order=10)


def held_now(user: User) -> list[DeskFigure]:
    """The total balance of the funds in scope, committed money included."""
    funds = working_funds(user, timezone.localdate())
    kinds = [AccountKind.NET_ASSETS, AccountKind.COMMITTED]
    held = Account.objects.filter(book__fund__in=funds, kind__in=kinds).aggregate(
        fen=Sum("balance", default=0)
    )
    count = funds.count()
    words = ngettext("%(shown)s fund", "%(shown)s funds", count) % {"shown": f"{count:,}"}
    return [DeskFigure(_("Current balance"), yuan(-held["fen"]), words, reverse("fund_desk:funds"))]


def overview(user: User) -> dict[str, Any] | None:
    """Streets and their funds with balance, inflow and outflow of this year, and last year's report."""
    streets = streets_of(user)
    if not streets:
        return None
    this_year = timezone.localdate().year
    count = sum(len(street.funds) for street in streets)
    return {
        "streets": streets,
        "by_street": len(streets) > 1 or OVERSEERS.allows(user),
        "count": count,
        "with_funds": count <= MOST_FUNDS,
        "balance": sum(street.balance for street in streets),
        "inflow": sum(street.inflow for street in streets),
        "outflow": sum(street.outflow for street in streets),
        "year": this_year,
        "last_year": this_year - 1,
    }
