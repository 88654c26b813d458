"""By what a row is known again: so the same register twice adds nothing, and a mended one only what is new.

A row's key is a fingerprint of station, fund, day, donor, amount, way and purpose, and its number among rows
with the same fingerprint. Place in the file, phone, ID, receipt and note do not count: they get mended.
"""

import hashlib
from collections.abc import Mapping

from donations.money.names import name_key
from donations.registers.reading.results import Row


class Keys:
    """Hands out the keys of one register's rows without problems, in order.

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
