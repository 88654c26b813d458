"""Text as people type it into Excel, made comparable."""

import re
import unicodedata
from functools import cache, lru_cache

from opencc import OpenCC

from donations.registers.reading.results import Cell

_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]"
)
_CJK_GAP = re.compile(
    r"(?<=[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])\s+(?=[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
_NOTHING = {
    "",
    "-",
    "--",
    "---",
    "—",
    "——",
    "/",
    "\\",
    "//",
    "、",
    "无",
    "没有",
    "n/a",
    "na",
    "none",
    "null",
    "nil",
    "不详",
    "未知",
    "空",
    "*",
    ".",
    "。",
    "×",
}
DITTO = {
    "同上",
    "同前",
    "上同",
    "同",
    "〃",
    "″",
    '"',
    "''",
    "“",
    "”",
    "“”",
    '""',
    "''''",
    "ditto",
    "do",
    "do.",
    "↑",
    "々",
}
_DITTO_STARTS = {text[0] for text in DITTO} | set(" \u3000\tdD")


def shown(cell: Cell) -> str:
    """A cell as one line of text: whole numbers without a point, nothing invisible, no double spaces."""
    if isinstance(cell, str):
        if not cell:
            return cell
        if cell.isprintable() and "  " not in cell:  # nothing to tidy: most cells
            return cell.strip()
        return _SPACE.sub(" ", _INVISIBLE.sub("", cell)).strip()
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    return str(cell)


def kept(cell: Cell) -> str:
    """Text to be kept as written (rare characters, emoji), without the gaps that align short names."""
    text = shown(cell)
    return _CJK_GAP.sub("", text) if " " in text else text


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """For comparison only: half width, lower case, simplified, without any space."""
    return (
        _SPACE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))).lower().translate(_simpler())
    )


@cache
def _simpler() -> dict[int, str]:
    """Traditional characters and their simplified forms, one to one."""
    characters = [chr(point) for point in range(0x4E00, 0xA000)]
    simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(old): new for old, new in zip(characters, simplified, strict=True) if old != new}


def half_width(cell: Cell) -> str:
    """A cell as half-width text, outer spaces removed."""
    text = shown(cell)
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def is_blank(cell: Cell) -> bool:
    if isinstance(cell, str):
        return not cell or cell.isspace() or not (cell.isprintable() or shown(cell))
    return cell is None


def says_nothing(text: str) -> bool:
    """Whether a text stands for an empty cell: “/”, “无”, “—”. None of these ends with a figure."""
    return not text[-1:].isdigit() and folded(text) in _NOTHING


def is_ditto(cell: Cell) -> bool:
    """Whether a cell says “as above”. “Do” with a capital is a name."""
    if not isinstance(cell, str) or not cell or len(cell) > 12 or cell[0] not in _DITTO_STARTS:
        return False
    text = shown(cell)
    return text in DITTO or text.lower() == "ditto"
