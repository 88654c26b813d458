"""A small register with good and bad rows, brought in by Wen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File

from donations.registers.actions import (
    import_file,
    upload_register,
)
from donations.registers.models import Register
from tests import cast
from tests.builders import active_fund, station
from tests.donations.registers.workbooks import HEAD, workbook

ROWS: list[list[Any]] = [
    ["2025-03-05", "陈示例", 100],
    ["2025-03-05", "匿名", 50],
    ["2025-03-05", "匿名", 50],
    ["2025-03-06", "示例公司", "若干"],
    ["去年", "王示例", 300],
]


def sent(folder: Path, rows: Sequence[Sequence[Any]] = ROWS, head: Sequence[str] = HEAD) -> File[bytes]:
    return ContentFile(workbook(folder, [head, *rows]).read_bytes(), name="register.xlsx")


def uploaded(folder: Path, *args: Any) -> Register:
    return upload_register(sent(folder, *args), station=station(), fund=active_fund(), actor=cast.wen())


def brought_in(file: File[bytes], **options: Any) -> Register:
    return import_file(file, station=station(), fund=active_fund(), actor=cast.wen(), **options)


def count_of(register: Register) -> tuple[int, int]:
    """Gifts added, rows that were there."""
    counted = register.summary["import"]
    return counted["added"], counted["there"]
