"""What is kept of a register's layout, to be confirmed: its sheet, its titles, and what each column holds."""

import re
from collections.abc import Mapping
from typing import Any

from charity_hub.people.masks import mask_account, mask_id, mask_phone
from donations.registers.reading.cell_patterns import PHONES_WITHIN, looks_like_id, looks_like_phone
from donations.registers.reading.columns import Columns
from donations.registers.reading.results import Field
from donations.registers.source_file import Source

PERSONAL = {Field.PHONE, Field.ID_NUMBER}
LONG_NUMBER = re.compile(r"\d{7,}")


def proposed_columns(source: Source, default_way: str) -> dict[str, Any]:
    """What is kept of a register's layout: the sheet, and what each column holds, with examples."""
    head = source.choice.head
    columns = head.columns
    meanings = [columns.meaning_of(place) for place in range(len(columns.titles))]
    return {
        "sheet": source.choice.sheet.name,
        "others": source.choice.others,
        "default_way": default_way,
        "titles": columns.titles,
        "fields": dict(zip(columns.titles, meanings, strict=True)),
        "samples": [
            [masked(text, meaning) for text in cells.samples]
            for cells, meaning in zip(head.cells, meanings, strict=False)
        ],
        "head_row": head.last + 1,
        "unit": columns.unit,
    }


def kept_columns(proposal: Mapping[str, Any]) -> Columns:
    """The columns as they were proposed or confirmed."""
    fields = proposal["fields"]
    columns = Columns(proposal.get("titles", list(fields)))
    for place, title in enumerate(columns.titles):
        columns.give(place, fields.get(title, ""))
    return columns


def masked(text: str, meaning: str = "") -> str:
    """A sample cell; phones and IDs are told by their shape, whatever the column is called, and masked.

    In a column that is taken to hold either (``meaning``), any long number is.
    """
    if looks_like_phone(text):
        return mask_phone(text.replace(" ", ""))
    if looks_like_id(text):
        return mask_id(text)
    text = PHONES_WITHIN.sub(lambda found: mask_phone(found[0]), text)
    return LONG_NUMBER.sub(lambda found: mask_account(found[0]), text) if meaning in PERSONAL else text
