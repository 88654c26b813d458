"""A fund's figures for a year: read once and frozen as JSON of strings and integers."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.actions import hold_book
from charity_hub.ledger.models import Book
from charity_hub.ledger.queries import entries_in, latest_seal
from charity_hub.reports.frozen_figures import Figures
from charity_hub.reports.models import AnnualReport, deadline_of
from charity_hub.reports.registry import Subject
from funds.annual_report.books import GIFT_SOURCES, Books
from funds.annual_report.payments import payments_of
from funds.annual_report.sections import computed_sections
from funds.profile.agreement_models import AgreementVersion
from funds.profile.agreements import fee_rates, version_on
from funds.profile.models import Fund

KIND = "fund"
SCHEMA = 1
LAST_YEAR = 9999


def fund_subject(code: str) -> Subject:
    """The fund with this code. Raises ``LookupError`` without one, ``Refused`` if it was never activated."""
    fund = Fund.objects.filter(code=code).first()
    if fund is None:
        raise LookupError(code)
    if fund.activated_on is None:
        raise Refused(
            _(
                "%(fund)s was never active, so there is nothing to report. Its host charity must "
                "activate it first."
            )
            % {"fund": fund.name}
        )
    last = fund.closed_on.year if fund.closed_on else LAST_YEAR
    return Subject(fund.code, fund.name, fund.region_id, fund.activated_on.year, last)


def compute(code: str, year: int) -> Figures:
    """All figures of a fund's report; amounts in fen, ratios in basis points.

    Raises ``Refused`` if the books contradict themselves.
    """
    fund = Fund.objects.select_related("region", "host").get(code=code)
    read = Books(fund, year)
    books = read.figures()
    books["ratios"] = _ratios(books, read.income_of_last_year())
    books["payments"] = payments_of(fund, year, books["totals"]["out"])
    last_day = date(year, 12, 31)
    return {
        "kind": KIND,
        "schema": SCHEMA,
        "year": year,
        "first_day": date(year, 1, 1).isoformat(),
        "last_day": last_day.isoformat(),
        "through": min(last_day, timezone.localdate()).isoformat(),
        "fund": _agreement(fund, min(last_day, timezone.localdate())),
        "committee": _committee(fund),
        "books": books,
        "sections": computed_sections(fund, year),
        "disclosures": _disclosures(fund, year),
        "made": _made(),
    }


def hold(code: str) -> None:
    """Block postings into the fund's book and changes of its agreement until the transaction ends."""
    hold_book(Book.objects.get(fund__code=code))


def mark(code: str) -> str:
    """A value that changes with every posting into the fund's book and every new version of the agreement."""
    versions = AgreementVersion.objects.agreed().filter(fund__code=code).count()
    return f"{entries_in(Book.objects.get(fund__code=code))}:{versions}"


def basis_points(part: int, whole: int) -> int:
    """``part`` of ``whole`` in hundredths of a percent, halves rounded up. ``whole`` must be positive."""
    return (part * 20_000 + whole) // (whole * 2)


def _ratios(books: dict[str, Any], last_income: int) -> dict[str, int]:
    """Fee and spending ratios, without those whose base is zero or negative."""
    fee = next(row["fen"] for row in books["out"] if row["use"] == "management_fee")
    gifts = sum(row["fen"] for row in books["in"] if row["source"] in GIFT_SOURCES)
    ratios = {"fee_fen": fee, "gifts_fen": gifts, "last_in_fen": last_income}
    spent = books["totals"]["out"]
    for name, part, whole in (
        ("fee_of_gifts_bp", fee, gifts),
        ("fee_of_out_bp", fee, spent),
        ("spent_of_last_in_bp", spent, last_income),
    ):
        if whole > 0:
            ratios[name] = basis_points(part, whole)
    return ratios


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _agreement(fund: Fund, day: date) -> dict[str, Any]:
    """The terms in force on the report's last day, and their version."""
    host, version = fund.host, version_on(fund, day)
    terms = version.terms
    return {
        "code": fund.code,
        "name": fund.name,
        "state": fund.state,
        "region": fund.region.full_name,
        "street": fund.region.name,
        "host": host.name,
        "host_code": host.uscc or "",
        "host_may_fundraise": int(host.may_fundraise_publicly),
        "aim": terms.aim,
        "purposes": [purpose.name for purpose in fund.purposes.all()],
        "agreement_number": terms.agreement_number,
        "version": version.number,
        "holds_from": _day(version.holds_from),
        "signed_on": _day(terms.signed_on),
        "starts_on": _day(fund.starts_on),
        "ends_on": _day(terms.ends_on),
        "activated_on": _day(fund.activated_on),
        "closed_on": _day(fund.closed_on),
        "use_terms": terms.use_terms,
        "rights_terms": terms.rights_terms,
        "termination_terms": terms.termination_terms,
        "leftover_terms": terms.leftover_terms,
        "seed_fen": fund.seed_money_fen,
        "seed_from": fund.seed_money_from,
        "fee_bp": terms.management_fee_bp,
        "fee_rates": [{"since": _day(rate.since), "bp": rate.basis_points} for rate in fee_rates(fund, day)],
    }


def _committee(fund: Fund) -> list[dict[str, str]]:
    return [
        {"name": seat.name, "position": seat.position, "represents": seat.represents}
        for seat in fund.committee.order_by("pk")
    ]


def _disclosures(fund: Fund, year: int) -> list[dict[str, Any]]:
    """What the fund had to publish during the year and when it did: the report of the year before."""
    due_for = year - 1
    if fund.activated_on is None or fund.activated_on.year > due_for:
        return []
    issued = list(AnnualReport.objects.of(KIND, fund.code, due_for).issued().order_by("version"))
    first_on = timezone.localdate(issued[0].issued_at) if issued else None
    deadline = deadline_of(due_for)
    return [
        {
            "what": "annual_report",
            "year": due_for,
            "due": deadline.isoformat(),
            "issued_on": _day(first_on),
            "version": issued[-1].version if issued else 0,
            "late": int((first_on or timezone.localdate()) > deadline),
        }
    ]


def _made() -> dict[str, str]:
    seal = latest_seal()
    return {
        "on": timezone.localdate().isoformat(),
        "seal_day": seal.day.isoformat() if seal else "",
        "seal_hash": seal.hash if seal else "",
    }
