"""Going through a register without writing anything: what it comes to, and what of it is known already."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from charity_hub.people.models import User
from donations.registers.duplicates import Known
from donations.registers.questions import open_count
from donations.registers.reading.lines import total_in
from donations.registers.source_file import Source, batches, entries, keys_for
from donations.registers.summary import RegisterSummary
from donations.stations.models import Station
from funds.profile.models import Fund

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class DryRun:
    """The counts and lists of a register, and its comparison with the fund's gifts."""

    tally: RegisterSummary
    known: Known

    def as_summary(self) -> dict[str, Any]:
        """As JSON, to be kept with the register and shown."""
        summary = self.tally.as_summary() | self.known.as_summary()
        left = summary["rejected_count"] or open_count(summary) or summary["acceptable"] > summary["there"]
        return summary | {"nothing_left": bool(summary["rows"]) and not left}


def states_total(source: Source) -> bool:
    """Whether a line of the register states a total with which its rows can be compared."""
    columns = source.choice.head.columns
    return any(total_in(line, columns) for line in source.choice.sheet.lines())


def dry_run(
    source: Source,
    station: Station,
    fund: Fund,
    *,
    most: int | None = 200,
    reader: User | None = None,
    noted: Collection[int] = (),
    read_before: bool = False,
    limited: bool = True,
    report: Callable[[int], None] = lambda _done: None,
) -> DryRun:
    """Read a register to its end. Of each list at most ``most`` entries are kept (None: all).

    ``reader`` is who reads what it finds, ``noted``, ``read_before`` and ``limited`` what they are told
    (``Known``). ``report`` hears now and then how many rows were read. Raises ``LookupsUsedUp``.
    """
    tally = RegisterSummary(source.terms.purposes, most=most)
    known = Known(source, station, fund, tally)
    known.reader, known.noted = reader, set(noted)
    known.read_before, known.limited = read_before, limited
    for batch in batches(entries(source, keys_for(source, station, fund), tally), BATCH):
        known.look(batch)
        report(tally.rows)
    known.finish()
    return DryRun(tally, known)
