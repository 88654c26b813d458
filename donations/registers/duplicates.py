"""Which rows of a register the portal knows already: the very same row, or a gift that looks like it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.people.disclosures import note_match
from charity_hub.people.encryption import blind_index
from charity_hub.people.models import User
from charity_hub.plain_text import name_key
from donations.money import bulk_insert
from donations.money.donor_lookup import Counted, count_matches
from donations.money.models import Donor, DonorKind, Gift, GiftState
from donations.registers.questions import DOUBLE, ID_OF_ANOTHER, RECORDED_BEFORE, TWIN, about
from donations.registers.reading.results import Problem
from donations.registers.source_file import Entry, Source
from donations.registers.summary import RegisterSummary, undecided_first
from donations.stations.models import Station
from funds.profile.models import Fund

_FEW_NAMES = 3
_SAME_REGISTER = 0.8  # of what was recorded together, how much must stand in the file again


class LookupsUsedUp(Refused):
    """The register's IDs match more people beyond the reader's reach than may be told within the hour.

    ``matched`` are the donors that were told so far: going on, they do not count again.
    """

    def __init__(self, again_at: datetime, matched: Iterable[int]) -> None:
        self.matched = sorted(matched)
        super().__init__(
            _(
                "More IDs of this register are on file than may be looked up within an hour. Check it again "
                "from %(time)s; what was compared until now stays. Or leave out its column of IDs."
            )
            % {"time": f"{timezone.localtime(again_at):%H:%M}"}
        )


@dataclass(slots=True)
class Known:
    """Compares rows with the fund's gifts, a batch at a time (four queries each).

    ``reader`` is who will read what it finds: of gifts and donors beyond their reach they learn no more than
    that an ID is known; each such match is noted, and counts towards the limit of the hour. None is the
    command line, which reads everything. ``noted`` are the donors whom an earlier reading of the register
    told to be known. ``read_before``: its other IDs, too, were compared by one. Not ``limited`` is what the
    command line reads in somebody's name.
    """

    source: Source
    station: Station
    fund: Fund
    tally: RegisterSummary
    there: int = 0
    there_fen: int = 0
    twin_count: int = 0
    open_twins: int = 0
    twins: list[dict[str, Any]] = field(default_factory=list)
    overlap: "Overlap" = field(default_factory=lambda: Overlap())
    first_with: dict[str, str] = field(default_factory=dict)
    reader: User | None = None
    noted: set[int] = field(default_factory=set)
    read_before: bool = False
    limited: bool = True

    def look(self, batch: Sequence[Entry]) -> None:
        """Count the rows that are recorded already, and ask about those that look like another gift."""
        there = existing_keys(batch)
        self.overlap.note(batch, there)
        for row, key in batch:
            if (
                key in there
                and row.double_of
                and not row.questions
                and self.source.answers.get(about(key, [DOUBLE])) is None
            ):
                self.tally.settle(about(key, [DOUBLE]))
        self.there += len(there)
        self.there_fen += sum(row.amount_fen for row, key in batch if key in there)
        new = [(row, key) for row, key in batch if key not in there]
        keys = {id(row): key for row, key in new}  # a line of tables side by side holds several rows
        for row, number in duplicates_of(new, self.fund, self.reader):
            self._twin(row, keys[id(row)], number)
        others = IdsOnFile.of(new, self.fund, self.reader)
        self._note(others)
        for row, key in others.asked(new, self.first_with):
            self._ask(row, key, Problem(row.number, "id_number", ID_OF_ANOTHER, row.id_number))

    def _note(self, found: "IdsOnFile") -> None:
        """Count and note the matches that are new. Raises ``LookupsUsedUp``."""
        new = [donor for donor in found.beyond_reach if donor.pk not in self.noted]
        unknown = set() if self.read_before else set(found.indexes.values()) - found.names.keys()
        if self.reader is None or not (new or unknown):
            return
        matched = {donor.id_index for donor in new}
        counted = count_matches(self.reader, matched, unknown) if self.limited else Counted(matched, None)
        for donor in new:
            if counted.again_at is None or donor.id_index in counted.counted:
                self.noted.add(donor.pk)
                note_match(self.reader, donor, None)
        if counted.again_at:
            raise LookupsUsedUp(counted.again_at, self.noted)

    def finish(self) -> None:
        """Ask about rows that equal what another register brought in."""
        if self.source.reference is not None:
            return
        for row, key in self.overlap.doubtful(self.station, self.fund, self.source.own):
            if self._ask(row, key, Problem(row.number, "", RECORDED_BEFORE)) is not False:
                self.there -= 1
                self.there_fen -= row.amount_fen

    def as_summary(self) -> dict[str, Any]:
        names = ("there", "there_fen", "twin_count", "open_twins", "twins")
        summary = {name: getattr(self, name) for name in names}
        return summary | {"twins": undecided_first(self.twins, self.tally.most)}

    def _twin(self, row: Any, key: str, number: str) -> None:
        asked = about(key, [TWIN])
        answer = self.source.answers.get(asked)
        self.twin_count += 1
        self.open_twins += answer is None
        if answer is False:
            self.tally.withdraw(row)
        seen = {"row": row.number, "day": f"{row.given_on}", "name": row.name, "fen": row.amount_fen}
        found = {"gift": number, "problems": [[TWIN, number]], "about": asked, "answer": answer}
        self.twins.append(seen | {"purpose": row.purpose} | found)

    def _ask(self, row: Any, key: str, problem: Problem) -> bool | None:
        asked = about(key, [problem.code])
        answer = self.source.answers.get(asked)
        self.tally.ask(row, [problem], asked, answer=answer)
        recorded = problem.code == RECORDED_BEFORE and answer is False
        if not answer and not recorded:
            self.tally.withdraw(row)
        return answer


@dataclass(slots=True)
class Overlap:
    """How the rows of a file lie over what registers brought in before.

    The same register again, grown or rearranged, holds nearly everything that was recorded together, and
    names to know it by. Another box of the same day only happens to have some rows alike: those are asked
    about.
    """

    keys: set[str] = field(default_factory=set)
    there: list[Entry] = field(default_factory=list)
    new_days: set[date | None] = field(default_factory=set)

    def note(self, batch: Sequence[Entry], there: Collection[str]) -> None:
        self.keys.update(key for _row, key in batch)
        self.there += [(row, key) for row, key in batch if key in there]
        self.new_days.update(row.given_on for row, key in batch if key not in there)

    def doubtful(self, station: Station, fund: Fund, own: Collection[datetime] = ()) -> list[Entry]:
        """Rows of which it is not clear whether they are the recorded ones or more gifts like them.

        What was recorded at one of the times ``own`` came out of this very register.
        """
        if not self.there:
            return []
        gifts = Gift.objects.filter(station=station, fund=fund)
        recorded = gifts.filter(key__in=[key for _row, key in self.there])
        together: dict[datetime, set[str]] = {}
        for at, key in gifts.filter(
            recorded_at__in=recorded.values("recorded_at"), key__startswith="register:"
        ).values_list("recorded_at", "key"):
            together.setdefault(at, set()).add(key)
        return [entry for at, keys in together.items() if at not in own for entry in self._doubtful_of(keys)]

    def _doubtful_of(self, keys: set[str]) -> Iterable[Entry]:
        entries = [(row, key) for row, key in self.there if key in keys]
        if len(keys & self.keys) < _SAME_REGISTER * len(keys):
            return entries
        if len({name_key(row.name) for row, _key in entries if row.name}) >= _FEW_NAMES:
            return []
        return [(row, key) for row, key in entries if row.given_on in self.new_days]


def existing_keys(batch: Sequence[Entry]) -> set[str]:
    """The keys of a batch that belong to recorded (or voided) gifts."""
    return bulk_insert.existing_keys([key for _row, key in batch])


def duplicates_of(batch: Sequence[Entry], fund: Fund, reader: User | None = None) -> list[tuple[Any, str]]:
    """Rows for which the fund has another gift of the same donor, day and amount: (row, its number).

    Of the gifts that ``reader`` may read; None reads all.
    """
    rows = [row for row, _key in batch if row.donor_kind != DonorKind.ANONYMOUS and row.double_of is None]
    if not rows:
        return []
    keys = {key for _row, key in batch}
    readable = Gift.objects.in_scope_of(reader) if reader else Gift.objects.all()
    gifts = (
        readable.filter(fund=fund, state=GiftState.RECORDED)
        .filter(given_on__in={row.given_on for row in rows}, amount_fen__in={row.amount_fen for row in rows})
        .exclude(donor=None)
        .values_list("given_on", "amount_fen", "donor__name_key", "number", "key")
    )
    found: dict[tuple[date, int, str], str] = {
        (day, fen, name): number for day, fen, name, number, key in gifts if key not in keys
    }
    return [(row, number) for row in rows if (number := found.get(_likeness(row)))]


@dataclass(slots=True)
class IdsOnFile:
    """What the charity knows of the IDs in a batch.

    ``indexes``: the blind index of each row's ID. ``names``: the names on file beside each. ``secret``: the
    IDs that stand for somebody beyond the reader's reach, ``beyond_reach`` these people.
    """

    indexes: dict[int, str]
    names: dict[str, set[str]] = field(default_factory=dict)
    secret: set[str] = field(default_factory=set)
    beyond_reach: list[Donor] = field(default_factory=list)

    @classmethod
    def of(cls, batch: Sequence[Entry], fund: Fund, reader: User | None) -> "IdsOnFile":
        """Two queries; ``reader`` None reads everything."""
        found = cls({id(row): blind_index(row.id_number) for row, _key in batch if row.id_number})
        if not found.indexes:
            return found
        donors = Donor.objects.filter(charity=fund.host, id_index__in=set(found.indexes.values()))
        told = (
            set(Donor.objects.told_to(reader).filter(pk__in=donors).values_list("pk", flat=True))
            if reader
            else None
        )
        for donor in donors.select_related("merged_into"):
            names = found.names.setdefault(donor.id_index, set())
            names.update(
                filter(None, [donor.name_key, donor.merged_into.name_key if donor.merged_into else None])
            )
            if told is not None and donor.pk not in told:
                found.secret.add(donor.id_index)
                found.beyond_reach.append(donor)
        return found

    def asked(self, batch: Sequence[Entry], first_with: dict[str, str]) -> list[Entry]:
        """Rows whose ID is on file under other names alone: recorded, they would bear those names.

        Where the person is beyond reach the row is asked about whatever its name, so that the question does
        not tell which name is right. ``first_with`` is the name beside which each ID stood first in the
        register; it is added to.
        """
        others = []
        for row, key in batch:
            known_by = self.indexes.get(id(row), "")
            if not known_by:
                continue
            name = name_key(row.name)
            right = self.names.get(known_by) or {first_with.setdefault(known_by, name)}
            if known_by in self.secret or name not in right:
                others.append((row, key))
        return others


def _likeness(row: Any) -> tuple[date, int, str]:
    return row.given_on, row.amount_fen, name_key(row.name)
