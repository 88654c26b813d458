"""A register's file, opened and read against its station and fund."""

import hashlib
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.plain_text import name_key
from donations.registers.messages import about_file
from donations.registers.models import Register, RegisterState, RememberedColumn
from donations.registers.questions import DOUBLE, ID_OF_SEVERAL, Answers, about, about_id, answers_of
from donations.registers.reading.columns import Hints
from donations.registers.reading.duplicates import Doubles
from donations.registers.reading.files import MOST_BYTES
from donations.registers.reading.headers import Choice, choose_sheet
from donations.registers.reading.limits import MOST_SECONDS, Allowance, TooSlowForPage, at_once, whole
from donations.registers.reading.results import BadFile, Row, Skipped, Terms
from donations.registers.reading.rows import read_rows
from donations.registers.reading.sandbox import open_in_sandbox
from donations.registers.summary import RegisterSummary
from donations.stations.models import Station
from funds.profile.models import Fund


class Keys:
    """Hands out the keys of one register's rows without problems, in order.

    A row's key is a fingerprint of station, fund, day, donor, amount, way and purpose, and its number among
    rows with the same fingerprint. So the same register twice adds nothing. Place in the file, phone, ID,
    receipt and note do not count: they are corrected later.

    ``before`` holds how often fingerprints occur in registers that came before (for a workbook of mended
    rows, which continues the register it came from).
    """

    def __init__(self, station: str, fund: str, before: Mapping[int, int] | None = None) -> None:
        self.place = f"{station}|{fund}"
        self.counts: dict[int, int] = dict(before or {})

    def next(self, row: Row) -> str:
        """The key of the next such row."""
        print_ = self._fingerprint(row)
        number = self.counts.get(print_, 0) + 1
        self.counts[print_] = number
        return f"register:{print_:032x}:{number}"

    def _fingerprint(self, row: Row) -> int:
        content = (
            f"{self.place}|{row.given_on}|{row.donor_kind}|{name_key(row.name)}"
            f"|{row.amount_fen}|{row.way}|{row.purpose}"
        )
        return int.from_bytes(hashlib.blake2b(content.encode(), digest_size=16).digest())


# Written into the workbook of rows to mend, so that it is known what it continues.
REFERENCE = re.compile(r"DJ-(\d{6,})")


# Pages read one file at a time: whoever comes meanwhile is served by the other threads.
_AT_ONCE = threading.RLock()


@dataclass(slots=True)
class Source:
    """An opened register: the sheet and head that were found, and the terms it is read on."""

    choice: Choice
    terms: Terms
    station: str
    fund: str
    allowance: Allowance
    answers: Answers = field(default_factory=dict)
    own: frozenset[datetime] = frozenset()  # when gifts of this very register were recorded

    def lines(self) -> Iterator[Row | Skipped]:
        """Every line, doubles within the register marked."""
        doubles = Doubles()
        for item in read_rows(self.choice, self.terms):
            if isinstance(item, Row):
                doubles.mark(item)
            yield item

    @property
    def reference(self) -> int | None:
        """The register whose mended rows these are, if the title says so."""
        found = REFERENCE.search(self.choice.head.above)
        return int(found[1]) if found else None


def terms_of(fund: Fund, *, known: Mapping[str, str], default_way: str) -> Terms:
    """What a register of this fund is read against, today."""
    purposes = [purpose for purpose in fund.purposes.all() if not purpose.retired_on]
    return Terms(
        purposes=tuple(purpose.name for purpose in purposes),
        unrestricted=next((purpose.name for purpose in purposes if not purpose.restricted), None),
        today=timezone.localdate(),
        default_way=default_way,
        closed_through=fund.book.closed_through if fund.book else None,
        known_titles=known,
    )


def remembered(station: Station) -> dict[str, str]:
    """What this station's column titles were confirmed to mean."""
    return dict(RememberedColumn.objects.filter(station=station).values_list("title", "field"))


@contextmanager
def refusing_bad_files(field: str = "file") -> Iterator[None]:
    """Turn the reader's ``BadFile`` into the sentence that people are meant to read."""
    try:
        yield
    except BadFile as bad:
        raise Refused(about_file(bad), field) from bad


@contextmanager
def page_allowance() -> Iterator[Allowance]:
    """What a page may spend on reading files. Raises ``TooSlowForPage`` when others are being read now."""
    seconds = settings.REGISTER_SECONDS_AT_ONCE
    if not _AT_ONCE.acquire(timeout=seconds / 3):
        raise TooSlowForPage
    try:
        yield at_once(seconds)
    finally:
        _AT_ONCE.release()


@contextmanager
def open_source(
    path: Path,
    *,
    station: Station,
    fund: Fund,
    sheet: str = "",
    fields: Mapping[str, str] | None = None,
    default_way: str = "cash",
    file_name: str = "",
    allowance: Allowance | None = None,
) -> Iterator[Source]:
    """Open a register file. Raises ``Refused`` for what cannot be read.

    ``fields`` are column meanings confirmed for this register (title → meaning); those the station confirmed
    earlier stand behind them. ``allowance`` bounds what is read; without it, as much as a job may.
    """
    known = remembered(station) | dict(fields or {})
    terms = terms_of(fund, known=known, default_way=default_way)
    allowance = allowance or whole()
    with refusing_bad_files(), open_in_sandbox(path, allowance, sheet=sheet) as book:
        hints = Hints(terms.purposes, terms.known_titles)
        name = file_name or path.name
        search = allowance.at_most(MOST_SECONDS)
        choice = choose_sheet(book, hints, name=sheet, file_name=name, check=search.check)
        yield Source(choice, terms, station.code, fund.code, allowance)


def recorded_at(register: Register) -> frozenset[datetime]:
    """When gifts of this register were recorded, batch by batch."""
    return frozenset(map(datetime.fromisoformat, register.summary.get("import", {}).get("at", [])))


@contextmanager
def open_register(register: Register, allowance: Allowance | None = None) -> Iterator[Source]:
    """Open the stored file of a register, read as its columns say."""
    columns = register.columns
    with (
        local_copy(register.file.file) as path,
        open_source(
            path,
            station=register.station,
            fund=register.fund,
            sheet=columns.get("sheet", ""),
            fields=columns.get("fields", {}),
            default_way=columns.get("default_way", "cash"),
            file_name=register.file.name,
            allowance=allowance,
        ) as source,
    ):
        source.answers = answers_of(register)
        source.own = recorded_at(register)
        yield source


@contextmanager
def local_copy(file: File[bytes]) -> Iterator[Path]:
    """The file as a path: where it lies on disk, or a copy that is gone afterwards. Refuses one too large."""
    if file.size > MOST_BYTES:
        raise Refused(about_file(BadFile("too_large", limit=MOST_BYTES // 1024 // 1024)), "file")
    path = _path_of(file)
    if path is not None:
        yield path
        return
    with tempfile.NamedTemporaryFile(suffix=Path(file.name or "").suffix) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _path_of(file: File[bytes]) -> Path | None:
    """Where a stored or a large uploaded file lies on this machine; None when it does not."""
    if isinstance(file, TemporaryUploadedFile):
        return Path(file.temporary_file_path())
    try:
        return Path(file.path) if isinstance(file, FieldFile) else None
    except NotImplementedError:
        return None


def keys_for(source: Source, station: Station, fund: Fund) -> Keys:
    """The keys of a register's rows; those of mended rows go on where the register they came from ended."""
    return Keys(source.station, source.fund, _counts_before(source, station, fund))


def way_before(source: Source, station: Station, fund: Fund) -> str:
    """The usual way of the register whose mended rows these are; empty where there is none."""
    earlier = _continued(source, station, fund)
    return str(earlier.columns.get("default_way", "")) if earlier else ""


def _continued(source: Source, station: Station, fund: Fund) -> Register | None:
    if source.reference is None:
        return None
    return Register.objects.filter(pk=source.reference, station=station, fund=fund).first()


def _counts_before(source: Source, station: Station, fund: Fund, depth: int = 10) -> dict[int, int]:
    earlier = _continued(source, station, fund) if depth else None
    if earlier is None or earlier.state != RegisterState.IMPORTED:
        return {}
    with open_register(earlier, source.allowance) as before:
        keys = Keys(source.station, source.fund, _counts_before(before, station, fund, depth - 1))
        for item in before.lines():
            if isinstance(item, Row) and not item.problems:
                keys.next(item)
    return keys.counts


type Entry = tuple[Row, str]


def entries(source: Source, keys: Keys, tally: RegisterSummary) -> Iterator[Entry]:
    """The rows to record with their keys. Everything that is passed on the way is added up in ``tally``.

    Rows in question are among them once it was decided to take them; likely doubles unless they are left out.
    """
    for item in source.lines():
        if not isinstance(item, Row) or item.problems:
            tally.add(item)
            continue
        key = keys.next(item)  # rows in question have one too: what becomes of them renumbers nothing
        asked = about(key, [*(each.code for each in item.questions), *([DOUBLE] if item.double_of else [])])
        answer = source.answers.get(asked)
        tally.add(item, asked, answer=answer)
        if answer or (answer is None and item.acceptable):
            yield _without_disputed_id(item, asked, source.answers), key


def _without_disputed_id(row: Row, asked: str, answers: Answers) -> Row:
    """An ID that stands beside several names is recorded where somebody said that it is this person's."""
    disputed = any(question.code == ID_OF_SEVERAL for question in row.questions)
    return replace(row, id_number="") if disputed and not answers.get(about_id(asked)) else row


def batches(found: Iterator[Entry], size: int, *, first: int | None = None) -> Iterator[list[Entry]]:
    """The entries in lists of about ``size``; with ``first`` they begin so small and double.

    Rows of one line (of tables side by side) stay together: how far an import came is noted by line.
    """
    now = min(first or size, size)
    batch: list[Entry] = []
    for _line, entries_of_line in groupby(found, key=lambda entry: entry[0].number):
        batch.extend(entries_of_line)
        if len(batch) >= now:
            yield batch
            batch, now = [], min(2 * now, size)
    if batch:
        yield batch
