"""Going through a register without writing anything: what it comes to, and what of it is known already."""

from dataclasses import dataclass
from typing import Any

from donations.registers.reading.results import Row
from donations.registers.sources import Entry, Source, keys_for
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


def survey(source: Source, station: Station, fund: Fund, *, most: int | None = 200) -> Survey:
    """Read a register to its end. Of each list at most ``most`` entries are kept (None: all)."""
    tally = Tally(source.terms.purposes, most=most)
    known = Known(fund)
    keys = keys_for(source, station, fund)
    waiting: list[Entry] = []
    for item in source.lines():
        tally.add(item)
        if isinstance(item, Row) and item.acceptable:
            waiting.append((item, keys.next(item)))
        if len(waiting) == BATCH:
            known.look(waiting)
            waiting = []
    known.look(waiting)
    return Survey(tally, known)
