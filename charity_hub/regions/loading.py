"""Load divisions from a ``code,name`` CSV: check everything first, then one bulk upsert."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from charity_hub.pinyin import spell
from charity_hub.regions.models import Level, Region

BUNDLED = Path(__file__).parent / "data" / "regions.csv"
LENGTHS = tuple(Level)
LONGEST_NAME = 80
MOST_PROBLEMS = 50
# Statistical rows between a city and its districts that are not part of an address.
NO_PART_OF_AN_ADDRESS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


class BadRegions(Exception):  # noqa: N818 - it is a report
    """The file has invalid rows; ``problems`` are sentences with line numbers."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Row:
    """One division as in the file."""

    line: int
    code: str
    name: str


@dataclass(frozen=True)
class Division:
    """One division with the values derived from others."""

    code: str
    name: str
    parent: str | None
    full_name: str
    pinyin: str


@dataclass(frozen=True)
class Loaded:
    """The result of a load."""

    added: int
    changed: int
    unchanged: int


def read_rows(text: Iterable[str]) -> list[Row]:
    """The rows of a ``code,name`` CSV. Raises ``BadRegions`` with all problems."""
    reader = csv.reader(text)
    head = next(reader, [])
    if [cell.strip().lower() for cell in head[:2]] != ["code", "name"]:
        raise BadRegions([_("Line 1: the header must be “code,name”.")])
    rows: list[Row] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        row = Row(reader.line_num, *(cell.strip() for cell in [*cells, "", ""][:2]))
        if problem := _problem(row, seen):
            problems.append(_("Line %(line)s: %(problem)s") % {"line": row.line, "problem": problem})
        else:
            seen[row.code] = row.line
            rows.append(row)
    problems += [
        _("Line %(line)s: %(code)s has no parent region.") % {"line": row.line, "code": row.code}
        for row in rows
        if len(row.code) > Level.PROVINCE and _parent_code(row.code, seen) is None
    ]
    if problems or not rows:
        raise BadRegions(problems[:MOST_PROBLEMS] or [_("The file contains no regions.")])
    return rows


def _problem(row: Row, seen: dict[str, int]) -> str:
    if not (row.code.isascii() and row.code.isdigit() and len(row.code) in LENGTHS):
        return _("“%(code)s” is not a code of 2, 4, 6, 9 or 12 digits.") % {"code": row.code[:LONGEST_NAME]}
    if not row.name or len(row.name) > LONGEST_NAME:
        return _("the name of %(code)s is empty or longer than 80 characters.") % {"code": row.code}
    if row.code in seen:
        return _("%(code)s is already in line %(line)s.") % {"code": row.code, "line": seen[row.code]}
    return ""


def _parent_code(code: str, known: Iterable[str]) -> str | None:
    """The longest shorter code that exists: some cities have streets directly below them."""
    shorter = (code[:length] for length in reversed(LENGTHS) if length < len(code))
    return next((prefix for prefix in shorter if prefix in known), None)


def divisions(rows: list[Row]) -> list[Division]:
    """The rows with parents, full names and pinyin, parents first."""
    done: dict[str, Division] = {}
    address: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: len(row.code)):
        parent = _parent_code(row.code, done)
        above = address[parent] if parent else ""
        # 441900 东莞市 lies in 4419 东莞市: do not repeat the name.
        full_name = above if above.endswith(row.name) else f"{above}{row.name}"
        address[row.code] = above if row.name in NO_PART_OF_AN_ADDRESS else full_name
        sounds = f"{spell(row.name)} {done[parent].pinyin}" if parent else spell(row.name)
        done[row.code] = Division(row.code, row.name, parent, full_name, sounds)
    return list(done.values())


UPSERT = """
INSERT INTO regions_region (code, name, level, parent_id, full_name, pinyin)
SELECT code, name, level, parent_id, full_name, pinyin FROM incoming_region ORDER BY code
ON CONFLICT (code) DO UPDATE SET
    name = excluded.name, parent_id = excluded.parent_id,
    full_name = excluded.full_name, pinyin = excluded.pinyin
WHERE (regions_region.name, regions_region.parent_id, regions_region.full_name, regions_region.pinyin)
    IS DISTINCT FROM (excluded.name, excluded.parent_id, excluded.full_name, excluded.pinyin)
"""


@transaction.atomic
def load_regions(path: Path = BUNDLED) -> Loaded:
    """Read, check and write all divisions of the file; the same file twice changes nothing.

    Divisions that are not in the file stay as they are, because other rows may refer to them.
    Raises ``BadRegions`` and writes nothing if any row is invalid.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = divisions(read_rows(file))
    before = Region.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE incoming_region ON COMMIT DROP AS "
            "SELECT code, name, level, parent_id, full_name, pinyin FROM regions_region WITH NO DATA"
        )
        cursor.copy_expert("COPY incoming_region FROM STDIN WITH (FORMAT csv)", _as_csv(found))
        cursor.execute(UPSERT)
        written = cursor.rowcount
        cursor.execute("DROP TABLE incoming_region")
    added = Region.objects.count() - before
    return Loaded(added=added, changed=written - added, unchanged=len(found) - written)


def _as_csv(found: list[Division]) -> io.StringIO:
    file = io.StringIO()
    writer = csv.writer(file)
    for one in found:
        writer.writerow([one.code, one.name, len(one.code), one.parent or "", one.full_name, one.pinyin])
    file.seek(0)
    return file
