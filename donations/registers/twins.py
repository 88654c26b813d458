"""Which rows of a register the portal knows already: the very same row, or a gift that looks like it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from donations.money import batches
from donations.money.models import DonorKind, Gift, GiftState
from donations.money.names import name_key
from donations.registers.sources import Entry
from funds.profile.models import Fund

_MOST_LISTED = 200


@dataclass(slots=True)
class Known:
    """Compares rows with the fund's gifts, a batch at a time (two queries each)."""

    fund: Fund
    there: int = 0
    there_fen: int = 0
    twin_count: int = 0
    twins: list[dict[str, Any]] = field(default_factory=list)

    def look(self, batch: Sequence[Entry]) -> None:
        """Count the rows that are recorded already, and list those that look like another gift."""
        there = keys_there(batch)
        self.there += len(there)
        self.there_fen += sum(row.amount_fen for row, key in batch if key in there)
        new = [(row, key) for row, key in batch if key not in there]
        for row, number in twins_of(new, self.fund):
            self.twin_count += 1
            if len(self.twins) < _MOST_LISTED:
                self.twins.append(
                    {"row": row.number, "name": row.name, "fen": row.amount_fen, "gift": number}
                )

    def as_summary(self) -> dict[str, Any]:
        return {
            "there": self.there,
            "there_fen": self.there_fen,
            "twin_count": self.twin_count,
            "twins": self.twins,
        }


def keys_there(batch: Sequence[Entry]) -> set[str]:
    """The keys of a batch that belong to recorded (or voided) gifts."""
    return batches.keys_there([key for _row, key in batch])


def twins_of(batch: Sequence[Entry], fund: Fund) -> list[tuple[Any, str]]:
    """Rows for which the fund has another gift of the same donor, day and amount: (row, its number)."""
    rows = [row for row, _key in batch if row.donor_kind != DonorKind.ANONYMOUS and row.double_of is None]
    if not rows:
        return []
    keys = {key for _row, key in batch}
    gifts = (
        Gift.objects.filter(fund=fund, state=GiftState.RECORDED)
        .filter(given_on__in={row.given_on for row in rows}, amount_fen__in={row.amount_fen for row in rows})
        .exclude(donor=None)
        .values_list("given_on", "amount_fen", "donor__name_key", "number", "key")
    )
    found: dict[tuple[date, int, str], str] = {
        (day, fen, name): number for day, fen, name, number, key in gifts if key not in keys
    }
    return [(row, number) for row in rows if (number := found.get(_likeness(row)))]


def _likeness(row: Any) -> tuple[date, int, str]:
    return row.given_on, row.amount_fen, name_key(row.name)
