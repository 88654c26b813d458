"""Opening a file in a process of its own, that ends when it takes too long or too much.

Whatever parses the file (a zip, XML, an old .xls) runs there: without the portal's settings or environment,
with limits of time and memory that the kernel enforces, and it can be killed. It leaves the cells as
plain lines in a folder, counted as they are written; here only these lines are read.

    python -m donations.registers.reading.sandbox   (started by ``open_in_sandbox`` alone)
"""

import json
import logging
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from donations.registers.reading.cell_styles import Marks
from donations.registers.reading.files import Book, Sheet, Span, open_book
from donations.registers.reading.limits import MOST_MEMORY, MOST_SECONDS, MOST_WRITTEN, Allowance
from donations.registers.reading.results import BadFile, Cell

logger = logging.getLogger(__name__)

LONGEST_CELL = 1_000  # characters; nothing that is kept of a register is longer
_ROOT = Path(__file__).parents[3]
_OVER = {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT}  # time, time, memory
_LONG_SPAN = 2_000  # rows; longer merged cells are not filled down


@contextmanager
def open_in_sandbox(path: Path, allowance: Allowance, *, sheet: str = "") -> Iterator[Book]:
    """Open a register file as ``open_book`` does, bounded by ``allowance``; with ``sheet`` that one alone.

    Raises ``BadFile`` for what is no readable table, and what the allowance says when it is used up.
    """
    with tempfile.TemporaryDirectory() as folder:
        _take_apart(path, Path(folder), allowance, sheet)
        found = json.loads((Path(folder) / "book.json").read_text())
        if found.get("bad") == "too_much":
            raise allowance.exceeded()
        if "bad" in found:
            raise BadFile(found["bad"], **found["facts"])
        sheets = {each["name"]: SandboxSheet(Path(folder), each, allowance) for each in found["sheets"]}
        yield Book(found["names"], set(found["hidden"]), sheets.__getitem__)


def _take_apart(path: Path, folder: Path, allowance: Allowance, sheet: str) -> None:
    allowance.check()
    seconds = allowance.at_most(MOST_SECONDS).seconds
    order = {
        "path": str(path.resolve()),
        "folder": str(folder),
        "sheet": sheet,
        "cells": allowance.cells,
        "characters": allowance.characters,
        "seconds": seconds,
        "memory": MOST_MEMORY,
    }
    with subprocess.Popen(  # noqa: S603 - nothing of the command comes from outside
        [sys.executable, "-m", __name__],
        cwd=_ROOT,
        env={"LC_ALL": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            _out, complaints = process.communicate(json.dumps(order).encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise allowance.exceeded() from None
        except BaseException:
            process.kill()
            raise
    if process.returncode in _OVER:
        raise allowance.exceeded()
    if process.returncode:
        logger.warning("a file broke its reader (%s): %s", process.returncode, complaints[-2000:])
        raise BadFile("damaged")


class SandboxSheet:
    """A sheet as the other process left it."""

    def __init__(self, folder: Path, kept: dict[str, Any], allowance: Allowance) -> None:
        self.name: str = kept["name"]
        self.hidden: bool = kept["hidden"]
        self.height: int = kept["height"]
        self.spans: list[Span] = [((a, b), (c, d)) for a, b, c, d in kept["spans"]]
        self.marks = Marks.from_json(kept["marks"])
        self._file = folder / kept["file"]
        self._allowance = allowance

    def lines(self) -> Iterator[list[Cell]]:
        with self._file.open(encoding="utf-8") as stream:
            for line in stream:
                self._allowance.check()
                yield _cells(line)


def _moment(kept: dict[str, Any]) -> Cell:
    """A day or time, which JSON does not know, as ``_as_json`` wrote it."""
    ((kind, value),) = kept.items()
    match kind:
        case "datetime":
            return datetime.fromisoformat(value)
        case "date":
            return date.fromisoformat(value)
        case "time":
            return time.fromisoformat(value)
    return timedelta(seconds=value)


def _as_json(cell: Cell) -> dict[str, Any]:
    match cell:
        case datetime() | date() | time():
            return {type(cell).__name__: cell.isoformat()}
        case timedelta():
            return {"timedelta": cell.total_seconds()}
    raise TypeError(f"no cell holds {type(cell)}")


_cells = json.JSONDecoder(object_hook=_moment).decode
_written = json.JSONEncoder(ensure_ascii=False, default=_as_json).encode


class _Full(Exception):  # noqa: N818 - a way out
    """More cells or characters than asked for."""


class _Writer:
    """Writes sheets line by line, counting."""

    def __init__(self, folder: Path, cells: int, characters: int) -> None:
        self.folder, self.cells, self.characters = folder, cells, characters

    def sheet(self, sheet: Sheet, number: int) -> dict[str, Any]:
        name = f"{number}.jsonl"
        spans = [[*first, *last] for first, last in sheet.spans]
        for top, _left, bottom, _right in spans:
            self._count(bottom - top + 1 if bottom - top < _LONG_SPAN else 1, 0)
        self._count(len(sheet.marks), 0)
        height = 0
        with (self.folder / name).open("w", encoding="utf-8") as stream:
            for line in sheet.lines():
                cells = [_shortened(cell) for cell in line]
                text = _written(cells)
                self._count(len(cells) + 1, len(text))
                stream.write(text + "\n")
                height += 1
        return {
            "name": sheet.name,
            "hidden": sheet.hidden,
            "height": height,
            "spans": spans,
            "marks": sheet.marks.as_json(),
            "file": name,
        }

    def _count(self, cells: int, characters: int) -> None:
        self.cells -= cells
        self.characters -= characters
        if self.cells < 0 or self.characters < 0:
            raise _Full


def _shortened(cell: Cell) -> Cell:
    """A cell of reasonable length. What was cut ends with a mark, so that its start is taken for no value."""
    if isinstance(cell, str) and len(cell) > LONGEST_CELL:
        return cell[:LONGEST_CELL] + "…"
    return cell


def _read(order: dict[str, Any]) -> dict[str, Any]:
    writer = _Writer(Path(order["folder"]), order["cells"], order["characters"])
    try:
        with open_book(Path(order["path"])) as book:
            wanted = [order["sheet"]] if order["sheet"] in book.names else book.names
            sheets = [writer.sheet(book.sheet(name), number) for number, name in enumerate(wanted)]
            return {"names": book.names, "hidden": sorted(book.hidden), "sheets": sheets}
    except BadFile as bad:
        return {"bad": bad.code, "facts": bad.facts}
    except (_Full, MemoryError):
        return {"bad": "too_much"}


def _limit(seconds: int, memory: int) -> None:
    """Limits that the kernel enforces. Nothing here needs more than a few files."""
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: MOST_WRITTEN,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        with suppress(ValueError, OSError):  # some systems know no limit of memory
            resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    order = json.load(sys.stdin)
    _limit(round(order["seconds"]) + 1, order["memory"])
    found = json.dumps(_read(order))
    (Path(order["folder"]) / "book.json").write_text(found)
