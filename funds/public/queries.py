"""The content of a fund's page besides its figures."""

from datetime import date
from itertools import dropwhile
from typing import Any, NamedTuple

from django.db.models import Count, Sum, Window
from django.utils.translation import gettext as _

from charity_hub.ledger.kinds import in_words
from charity_hub.ledger.queries import latest_seal
from charity_hub.money import yuan
from charity_hub.portal.month_charts import Month
from funds.profile.agreements import holding, versions_of
from funds.profile.models import Fund, Position
from funds.profile.publishing import public_papers_of
from funds.public.figures import Figures, MonthRow, figures_of
from funds.public.panels import panels_of
from funds.public.periods import Period
from funds.spending.models import PayeeKind, Use

LATEST = 10
PAID = ["title", "paid_on", "purpose__name", "use", "amount_fen", "payee_kind", "payee_name"]
SEATS = [Position.CHAIR, Position.MEMBER, Position.SUPERVISOR]


class Payment(NamedTuple):
    """A payment as shown to the public: a person is not named, as in the annual report (Charity Law 82)."""

    title: str
    paid_on: date
    purpose: str
    use: str
    fen: int
    payee: str


def page_of(fund: Fund, period: Period, today: date) -> dict[str, Any]:
    """The whole context of the page, in a number of queries that does not depend on the fund's size."""
    figures = figures_of(fund, period)
    versions = versions_of(fund)
    later = [version.pk for version in versions if version.pk]
    achieved, payments = paid_by(fund)
    return {
        "fund": fund,
        "agreement": holding(versions, today),
        "versions": versions[::-1],
        "figures": figures,
        "period": period,
        "years": years_of(fund, figures.first_month, today),
        "bars": [Month(f"{row.month:%Y-%m}", row.inflow, row.outflow) for row in _from_the_first(figures)],
        "achieved": achieved,
        "sources": [(in_words(kind), fen) for kind, fen in figures.sources],
        "uses": [(in_words(kind, paid=True), fen) for kind, fen in figures.uses],
        "payments": payments,
        "committee": _committee(fund),
        "documents": public_papers_of(fund, later).values("pk", "name", "size", "created_at"),
        "seal": latest_seal(),
        "panels": panels_of(fund),
    }


class Seat(NamedTuple):
    """A member of the committee, or the supervisor."""

    name: str
    position: str
    represents: str


class Achieved(NamedTuple):
    """What a fund has paid for since it began; ``people`` as stated in the requests, None if not stated."""

    payments: int
    people: int | None


def paid_by(fund: Fund) -> tuple[Achieved, list[Payment]]:
    """What a fund achieved and its latest payments: one query, which does not read payees' bank accounts."""
    paid = fund.spending.paid().order_by("-paid_on", "-id")
    rows = list(paid.values_list(Window(Count("pk")), Window(Sum("beneficiaries")), *PAID)[:LATEST])
    return Achieved(*rows[0][:2]) if rows else Achieved(0, None), [
        Payment(title, day, purpose, str(Use(use).label), fen, _payee(kind, name))
        for _count, _people, title, day, purpose, use, fen, kind, name in rows
    ]


def table_of(fund: Fund, period: Period) -> list[tuple[str, ...]]:
    """The months of the bars as a table: the header first, then the latest month."""
    head = (_("Month"), _("Income"), _("Spending"), _("Month-end balance"))
    rows = [
        (f"{row.month:%Y-%m}", yuan(row.inflow), yuan(row.outflow), yuan(row.balance))
        for row in reversed(_from_the_first(figures_of(fund, period)))
    ]
    return [head, *rows]


def _from_the_first(figures: Figures) -> list[MonthRow]:
    """The months from the first one with a movement on."""
    return list(dropwhile(lambda row: not (row.inflow or row.outflow), figures.months))


def years_of(fund: Fund, first: date | None, today: date) -> list[int]:
    """The years that can be chosen, the latest first."""
    began = first or fund.activated_on or today
    return list(range(today.year, began.year - 1, -1))


def _payee(kind: str, name: str) -> str:
    return _("Individual") if kind == PayeeKind.PERSON else name


def _committee(fund: Fund) -> list[Seat]:
    members = fund.committee.order_by("pk").values_list("name", "position", "represents")
    ordered = sorted(members, key=lambda member: SEATS.index(Position(member[1])))
    return [Seat(name, str(Position(position).label), represents) for name, position, represents in ordered]
