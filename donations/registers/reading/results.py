"""What reading a register yields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from donations.registers.reading.headers import Head

type Cell = str | int | float | bool | date | datetime | time | timedelta | None


class Field(StrEnum):
    """What a column of a register may hold."""

    SERIAL = "serial"
    DATE = "date"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    DONOR = "donor"
    KIND = "kind"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    AMOUNT = "amount"
    CAPITALS = "capitals"
    UNIT = "unit"
    CURRENCY = "currency"
    PAID_OUT = "paid_out"
    DIRECTION = "direction"
    STATUS = "status"
    WAY = "way"
    PURPOSE = "purpose"
    PUBLISH_NAME = "publish_name"
    PUBLISH_AMOUNT = "publish_amount"
    STAY_ANONYMOUS = "stay_anonymous"
    RECEIPT = "receipt"
    HANDLER = "handler"
    NOTE = "note"


class BadFile(Exception):  # noqa: N818 - it is an answer to the person who sent the file
    """The file as a whole cannot be read. ``code`` names the sentence, ``facts`` fill it."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Unreadable(Exception):  # noqa: N818
    """One value cannot be taken. ``code`` names the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one cell: a reason to reject its row, a question about it, or a warning."""

    row: int
    column: str
    code: str
    value: str = ""


@dataclass(slots=True)
class Row:
    """One line that means to be a gift.

    With ``problems`` it cannot be taken. With ``questions`` it can, once somebody has answered them: it is
    recorded exactly as it stands here, or left out. Without either it is acceptable.
    """

    number: int
    cells: Sequence[Cell]  # what they mean without the rows above: dittos resolved
    given_on: date | None = None
    donor_kind: str = "person"
    name: str = ""
    phone: str = ""
    id_number: str = ""
    amount_fen: int = 0
    way: str = ""
    purpose: str = ""
    publish_name: bool = False
    publish_amount: bool = True
    receipt: str = ""
    handler: str = ""
    note: str = ""
    problems: list[Problem] = field(default_factory=list)
    questions: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    double_of: int | None = None

    @property
    def acceptable(self) -> bool:
        return not self.problems and not self.questions

    @property
    def in_question(self) -> bool:
        return bool(self.questions) and not self.problems


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is no gift: a total, a note, a head repeated at a page break. Blank lines are left out.

    ``amount_fen`` of a total is what the register says that it comes to so far: subtotals are added up.
    ``head`` is set where a second table begins: the lines below are read by it.
    """

    number: int
    why: str
    text: str
    amount_fen: int | None = None
    head: "Head | None" = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the register is read against.

    ``purposes`` are the names of the fund's purposes, ``unrestricted`` the one that a blank means (or None);
    ``default_way`` is taken where the register does not say how the money came.
    """

    purposes: tuple[str, ...]
    unrestricted: str | None
    today: date
    default_way: str = "cash"
    closed_through: date | None = None
    known_titles: Mapping[str, str] = field(default_factory=dict)
