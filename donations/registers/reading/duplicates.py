"""Likely doubles: the same donor, the same day, the same amount, again."""

from dataclasses import dataclass

from charity_hub.plain_text import name_key
from donations.registers.reading.choices import ANONYMOUS
from donations.registers.reading.results import Row


@dataclass(slots=True)
class _Seen:
    row: int
    phone: str
    id_number: str


class Doubles:
    """Remembers the gifts of one register. Anonymous gifts are never doubles."""

    def __init__(self) -> None:
        self._seen: dict[int, list[_Seen]] = {}

    def mark(self, row: Row) -> None:
        """Set ``double_of`` when a row without problems repeats an earlier one.

        Two people of the same name are told apart by ID numbers, or by phones, that differ.
        """
        if row.donor_kind == ANONYMOUS or row.problems:
            return
        # By its hash, so that a register of any length takes little memory.
        earlier = self._seen.setdefault(hash((row.given_on, row.amount_fen, name_key(row.name))), [])
        for seen in earlier:
            if _may_be_same(seen, row):
                row.double_of = seen.row
                return
        earlier.append(_Seen(row.number, row.phone, row.id_number))


def _may_be_same(seen: _Seen, row: Row) -> bool:
    if seen.id_number and row.id_number:
        return seen.id_number == row.id_number
    return not (seen.phone and row.phone) or seen.phone == row.phone
