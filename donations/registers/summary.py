"""What a register comes to: the counts, the rows that cannot be taken, doubles, warnings, totals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from charity_hub.people.masks import mask_id, mask_phone
from donations.registers.questions import ID_OF_SEVERAL, about_id
from donations.registers.reading.cell_patterns import PHONES_WITHIN
from donations.registers.reading.results import Problem, Row, Skipped

_MASKS = {"phone": mask_phone, "id_number": mask_id}


@dataclass(slots=True)
class RegisterSummary:
    """Adds up a register row by row. Of each list at most ``most`` entries are told; the counts are whole.

    ``purposes`` are those that a row could have named.
    """

    purposes: tuple[str, ...]
    most: int | None = 200
    rows: int = 0
    acceptable: int = 0
    fen: int = 0
    rejected_count: int = 0
    question_count: int = 0
    question_fen: int = 0
    whole_fen: int = 0
    double_count: int = 0
    open_doubles: int = 0
    double_fen: int = 0
    warn_id: int = 0
    warn_phone: int = 0
    warning_count: int = 0
    readable_fen: int = 0
    last_total: Skipped | None = None
    rejected: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    answered: list[dict[str, Any]] = field(default_factory=list)
    doubles: dict[str, dict[str, Any]] = field(default_factory=dict)  # all of them, by their question
    warnings: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[dict[str, Any]] = field(default_factory=list)
    preview: list[dict[str, Any]] = field(default_factory=list)

    def add(self, item: Row | Skipped, asked: str = "", *, answer: bool | None = None) -> None:
        """``asked`` names the question about the row, if there is one, and ``answer`` what was decided."""
        if isinstance(item, Skipped):
            self._skip(item)
            return
        self.rows += 1
        self.readable_fen += item.amount_fen
        self._warn(item.warnings)
        if item.problems:
            self.rejected_count += 1
            self._keep(self.rejected, _entry(item.problems) | {"name": item.name})
            return
        self.whole_fen += item.amount_fen
        double = [] if item.double_of is None else [Problem(item.number, "", "double", str(item.double_of))]
        if item.questions:
            self.ask(item, [*item.questions, *double], asked, answer=answer)
        elif double:
            self.double_count += 1
            self.double_fen += item.amount_fen
            self.open_doubles += answer is None
            entry = _seen(item) | _entry(double) | {"about": asked, "answer": answer}
            self.doubles[asked] = entry | {"of": item.double_of}
        if answer is False or (answer is None and item.questions):
            return
        self.acceptable += 1
        self.fen += item.amount_fen
        if len(self.preview) < 10:
            self.preview.append(_seen(item))

    def ask(self, row: Row, questions: Sequence[Problem], asked: str, *, answer: bool | None) -> None:
        """Keep a question about a row, and what was decided."""
        entry = _seen(row) | _entry(list(map(_masked, questions))) | {"about": asked, "answer": answer}
        entry["about_id"] = about_id(asked) if any(one.code == ID_OF_SEVERAL for one in questions) else ""
        if answer is not None:
            self._keep(self.answered, entry)
            return
        self.question_count += 1
        self.question_fen += row.amount_fen
        self._keep(self.questions, entry)

    def settle(self, asked: str) -> None:
        """Take a likely double off the open ones: it was recorded earlier."""
        self.open_doubles -= 1
        self.doubles[asked]["answer"] = True

    def withdraw(self, row: Row) -> None:
        """Take back a row that was counted as acceptable: it is in question, or left out."""
        self.acceptable -= 1
        self.fen -= row.amount_fen
        gone = _seen(row)
        self.preview = [entry for entry in self.preview if entry != gone]

    def as_summary(self) -> dict[str, Any]:
        """As JSON, to be kept with the register and shown."""
        names = [slot for slot in self.__slots__ if slot not in {"most", "last_total"}]
        declared = self.last_total.amount_fen if self.last_total else None
        sums = {self.fen, self.whole_fen, self.readable_fen}  # without and with the rows to fix or decide
        return {name: getattr(self, name) for name in names} | {
            "doubles": undecided_first(self.doubles.values(), self.most),
            "declared_fen": declared,
            "total_differs": declared is not None and declared not in sums,
        }

    def _keep(self, kept: list[dict[str, Any]], entry: dict[str, Any]) -> None:
        if self.most is None or len(kept) < self.most:
            kept.append(entry)

    def _skip(self, line: Skipped) -> None:
        if line.why == "total" and line.amount_fen is not None:
            self.last_total = line
        self._keep(self.skipped, {"row": line.number, "why": line.why, "text": line.text})

    def _warn(self, warnings: Iterable[Problem]) -> None:
        for warning in warnings:
            self.warning_count += 1
            self.warn_id += warning.column == "id_number"
            self.warn_phone += warning.column == "phone"
            self._keep(self.warnings, _entry([_masked(warning)]))


def undecided_first(entries: Iterable[dict[str, Any]], most: int | None) -> list[dict[str, Any]]:
    """As many of the questions; where that is not all, first those that nobody has decided."""
    every = list(entries)
    if most is None or len(every) <= most:
        return every
    return sorted(every, key=lambda entry: entry["answer"] is not None)[:most]


def _entry(problems: Sequence[Problem]) -> dict[str, Any]:
    """What was found in a row, as codes: whoever reads it later reads it in their own language."""
    return {
        "row": problems[0].row,
        "column": problems[0].column,
        "problems": [[problem.code, problem.value] for problem in problems],
    }


def _masked(problem: Problem) -> Problem:
    """Phones and IDs are personal data: what is kept and shown of them is masked."""
    mask = _MASKS.get(problem.column, _without_phones)
    return Problem(problem.row, problem.column, problem.code, mask(problem.value))


def _without_phones(text: str) -> str:
    return PHONES_WITHIN.sub(lambda found: mask_phone(found[0]), text)


def _seen(row: Row) -> dict[str, Any]:
    """What a person needs to know a row again."""
    return {
        "row": row.number,
        "day": row.given_on.isoformat() if row.given_on else "",
        "kind": row.donor_kind,
        "name": row.name,
        "fen": row.amount_fen,
        "way": row.way,
        "purpose": row.purpose,
        "phone": mask_phone(row.phone),
        "id_number": mask_id(row.id_number),
        "publish_name": row.publish_name,
    }
