"""The questions of a register: by what each is known again, and what people answered."""

from collections.abc import Iterable, Mapping
from typing import Any

from donations.registers.models import Register, RegisterAnswer

type Answers = Mapping[str, bool]

# Questions that come of other rows and other gifts; the others are asked by the reader.
DOUBLE, TWIN, RECORDED_BEFORE, ID_OF_ANOTHER = "double", "twin", "recorded_before", "id_of_another"
ID_OF_SEVERAL = "id_of_several"  # asked by the reader


def about(key: str, codes: Iterable[str]) -> str:
    """By what a question is known again: the row's key, which says what would be recorded, and the codes."""
    return f"{key}|{','.join(sorted(set(codes)))}"


def about_id(asked: str) -> str:
    """The same for whether the row keeps an ID that stands beside several names in the register."""
    return f"{asked.partition('|')[0]}|keep_id"


def about_total(summary: Mapping[str, Any]) -> str:
    """The same for the question why the register's own total disagrees."""
    return f"total|{summary.get('declared_fen')}|{summary.get('fen')}"


def answers_of(register: Register) -> dict[str, bool]:
    """What people answered: to take the row, or to leave it out."""
    return dict(RegisterAnswer.objects.filter(register=register).values_list("about", "take"))


def listed(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every question of a summary that is listed, answered or not."""
    return [
        entry for name in ("questions", "answered", "doubles", "twins") for entry in summary.get(name, [])
    ]


def open_count(summary: Mapping[str, Any]) -> int:
    """How many questions nobody has answered yet."""
    return sum(int(summary.get(name, 0)) for name in ("question_count", "open_doubles", "open_twins"))
