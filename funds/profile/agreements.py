"""Which version of a fund's agreement is in force on a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone

from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.agreement_terms import AgreedTerms
from funds.profile.models import Fund


@dataclass(frozen=True)
class Version:
    """An agreed version: its terms and the days on which they are in force."""

    number: int
    holds_from: date
    # The day before the next version begins; None without a next version.
    holds_until: date | None
    terms: AgreedTerms
    reason: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on this day. The first version also counts before its first day."""
        begun = self.number == 1 or self.holds_from <= day
        return begun and (self.holds_until is None or day <= self.holds_until)

    @property
    def pk(self) -> int | None:
        """The id of its row; None for the first version."""
        return None if self.number == 1 else self.terms.pk


class Rate(NamedTuple):
    """A management fee, in basis points of the gifts, and its first day."""

    since: date
    basis_points: int


def versions_of(fund: Fund) -> list[Version]:
    """All versions that were ever agreed on, the first one first: one query besides the fund."""
    rows = list(AgreementVersion.objects.agreed().filter(fund=fund).prefetch_related("leftover_fund"))
    last_days = [row.valid_from - timedelta(days=1) for row in rows] + [None]
    first = Version(1, fund.starts_on, last_days[0], fund)
    later = [
        Version(row.number or 0, row.valid_from, until, row, row.reason)
        for row, until in zip(rows, last_days[1:], strict=True)
    ]
    return [first, *later]


def version_on(fund: Fund, day: date | None = None) -> Version:
    """The version in force on a day, today by default."""
    return holding(versions_of(fund), day or timezone.localdate())


def holding(versions: list[Version], day: date) -> Version:
    """The one of a fund's versions that is in force on this day."""
    return next(version for version in versions if version.holds_on(day))


def agreement_of(fund: Fund) -> dict[str, object]:
    """What a fund's page shows of its agreement: the version in force today, other versions, an open
    proposal.
    """
    versions = versions_of(fund)
    undecided = AgreementVersion.objects.filter(
        fund=fund, state__in=[VersionState.PROPOSED, VersionState.RETURNED]
    )
    return {
        "agreement": holding(versions, timezone.localdate()),
        "versions": versions[::-1],
        "undecided": undecided,  # lazy, because the public page never shows it
    }


def fee_rates(fund: Fund, until: date | None = None) -> list[Rate]:
    """The management fees up to a day, each with its first day; always includes the first one."""
    rates: list[Rate] = []
    for version in versions_of(fund):
        rate = version.terms.management_fee_bp
        begun = until is None or version.number == 1 or version.holds_from <= until
        if begun and (not rates or rates[-1].basis_points != rate):
            rates.append(Rate(version.holds_from, rate))
    return rates
