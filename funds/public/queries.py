"""What a fund's page is made of, beside its figures."""

from datetime import date
from itertools import dropwhile
from typing import Any, NamedTuple

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from charity_hub.ledger.queries import latest_seal
from charity_hub.money import yuan
from charity_hub.portal.month_charts import Month
from funds.profile.agreements import agreement_of
from funds.profile.models import CommitteeMember, Fund, Position
from funds.profile.publishing import public_papers_of
from funds.public import kind_labels
from funds.public.figures import MonthRow, figures_of
from funds.public.panels import panels_of
from funds.public.periods import Period
from funds.spending.models import PayeeKind, Use

LATEST = 10
PAID = ["title", "paid_on", "purpose__name", "use", "amount_fen", "payee_kind", "payee_name"]
SEATS = [Position.CHAIR, Position.MEMBER, Position.SUPERVISOR]


class Payment(NamedTuple):
    """A payment as everybody may read it: a person is not named, as in the annual report (Charity Law 82)."""

    title: str
    paid_on: date
    purpose: str
    use: str
    fen: int
    payee: str


def page_of(fund: Fund, period: Period, today: date) -> dict[str, Any]:
    """Everything the page shows, in a number of queries that does not depend on the fund's size."""
    figures = figures_of(fund, period)
    shown = list(dropwhile(lambda row: not (row.inflow or row.outflow), figures.months))
    return {
        "fund": fund,
        **agreement_of(fund),
        "figures": figures,
        "period": period,
        "years": years_of(fund, figures.first_month, today),
        "bars": [Month(f"{row.month:%Y-%m}", row.inflow, row.outflow) for row in shown],
        "chart_rows": _chart_rows(shown),
        "achieved": achieved_by(fund),
        "sources": [(kind_labels.source(kind), fen) for kind, fen in figures.sources],
        "uses": [(kind_labels.use(kind), fen) for kind, fen in figures.uses],
        "payments": latest_payments(fund),
        "committee": _committee(fund),
        "documents": public_papers_of(fund),
        "seal": latest_seal(),
        "panels": panels_of(fund),
    }


class Achieved(NamedTuple):
    """What a fund has paid for since it began; ``people`` as the requests say, None where none does."""

    payments: int
    people: int | None


def achieved_by(fund: Fund) -> Achieved:
    """How many payments were made, and how many people they helped: one query."""
    return Achieved(*fund.spending.paid().aggregate(Count("pk"), Sum("beneficiaries")).values())


def latest_payments(fund: Fund) -> list[Payment]:
    """The latest money that went out. Payees' bank accounts are not even read."""
    paid = fund.spending.paid().order_by("-paid_on", "-id").values_list(*PAID)[:LATEST]
    return [
        Payment(title, day, purpose, str(Use(use).label), fen, _payee(kind, name))
        for title, day, purpose, use, fen, kind, name in paid
    ]


def years_of(fund: Fund, first: date | None, today: date) -> list[int]:
    """The years that can be chosen, the latest first."""
    began = first or fund.activated_on or today
    return list(range(today.year, began.year - 1, -1))


def _payee(kind: str, name: str) -> str:
    return _("Individual") if kind == PayeeKind.PERSON else name


def _committee(fund: Fund) -> list[CommitteeMember]:
    return sorted(fund.committee.all(), key=lambda one: (SEATS.index(Position(one.position)), one.pk))


def _chart_rows(months: list[MonthRow]) -> list[tuple[str, ...]]:
    head = (_("Month"), _("Income"), _("Spending"), _("Month-end balance"))
    rows = [
        (f"{row.month:%Y-%m}", yuan(row.inflow), yuan(row.outflow), yuan(row.balance))
        for row in reversed(months)
    ]
    return [head, *rows]
