"""Going through a register without writing anything: what it comes to, and what of it is known already."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from donations.registers.sources import Source, batches, entries, keys_for
from donations.registers.tally import Tally
from donations.registers.twins import Known
from donations.stations.models import Station
from funds.profile.models import Fund

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Survey:
    """The counts and lists of a register, and its comparison with the fund's gifts."""

    tally: Tally
    known: Known

    def as_summary(self) -> dict[str, Any]:
        """As JSON, to be kept with the register and shown."""
        return self.tally.as_summary() | self.known.as_summary()


def survey(
    source: Source,
    station: Station,
    fund: Fund,
    *,
    most: int | None = 200,
    report: Callable[[int], None] = lambda _done: None,
) -> Survey:
    """Read a register to its end. Of each list at most ``most`` entries are kept (None: all).

    ``report`` hears now and then how many rows were read.
    """
    tally = Tally(source.terms.purposes, most=most)
    known = Known(fund)
    for batch in batches(entries(source, keys_for(source, station, fund), tally), BATCH):
        known.look(batch)
        report(tally.rows)
    return Survey(tally, known)
