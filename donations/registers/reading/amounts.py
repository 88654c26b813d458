"""Amounts as people write them, to the fen. No float is ever calculated with."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from unicodedata import decomposition

from donations.registers.reading.currencies import FOREIGN
from donations.registers.reading.numerals import NUMERALS, number
from donations.registers.reading.results import Cell, Unreadable
from donations.registers.reading.text import folded, half_width, says_nothing

LIMIT_FEN = 10_000_000_000  # ¥100,000,000, the largest gift the portal records
UNITS = {
    "元": 1,
    "圆": 1,
    "人民币": 1,
    "rmb": 1,
    "yuan": 1,
    "cny": 1,
    "百元": 100,
    "佰元": 100,
    "千元": 1000,
    "仟元": 1000,
    "千": 1000,
    "k": 1000,
    "thousand": 1000,
    "万元": 10_000,
    "万": 10_000,
    "w": 10_000,
    "十万元": 100_000,
    "百万元": 1_000_000,
    "百万": 1_000_000,
    "million": 1_000_000,
    "千万元": 10_000_000,
    "亿元": 100_000_000,
    "亿": 100_000_000,
}

_ERROR = re.compile(r"#(ref|value|n/a|name\?|div/0|num|null|getting_data|spill|calc)[!?]?", re.IGNORECASE)
_WRAPPING = re.compile(r"人民币|rmb|cny|cn¥|[¥￥]|\(大写\)|大写[::]?|\([^()\d]*\)|[“”\"'’]")
# A blank between figures is a thousands mark only before 000, which is no amount of its own. Else the cell
# holds two amounts, or one that nobody can be sure of.
_THOUSANDS_GAP = re.compile(r"(?<=\d) (?=000(?!\d))")
_APART = re.compile(r"\d[^ ]*(?: [^\d ]*)* (?!\d[角毛分])\d")
_NUMERAL = re.compile(rf"[\d{NUMERALS}]")
# ², ①, ½: signs that mean something else than the figures they fold to.
_RAISED = ("<super>", "<sub>", "<circle>", "<fraction>", "<square>")
_BARE_NOTE = re.compile(r"^[::=]+|[,.。;;、]$")
_MINUS = re.compile(r"^(-|−|–|负)|^\((?=.*\d.*\)$)")
_SHORT_UNIT = re.compile(r"(?<=\d)([wk])(?=$|元|块)")
_YUAN = re.compile(r"(.+?)(?:元|圆|块|園|园)(?:钱)?(.*)")
_SMALL = re.compile(
    r"(?:零)?(?:([\d一二两三四五六七八九壹贰叁肆伍陆柒捌玖])(?:角|毛))?(?:零)?(?:([\d一二两三四五六七八九壹贰叁肆伍陆柒捌玖])分)?(?:钱)?"
)


def amount_fen(cell: Cell, multiplier: int = 1) -> int:
    """The amount of a cell in fen.

    ``multiplier`` is what a bare number counts in (10,000 under a head that says 万元). Raises ``Unreadable``
    with a code that says why: missing, text, error, currency, decimals, not positive, too large.
    """
    if isinstance(cell, (bool, date, time, timedelta)):
        raise Unreadable("amount_is_no_number")
    if isinstance(cell, (int, float)):
        return _from_number(cell, multiplier)
    if isinstance(cell, str) and (_several_lines(cell) or _raised(cell)):
        raise Unreadable("amount_unclear")
    return _from_text(half_width(cell), multiplier)


def _several_lines(cell: str) -> bool:
    """Whether more than one line of a cell holds figures or numerals: that is more than one amount."""
    return "\n" in cell.strip() and sum(map(bool, map(_NUMERAL.search, cell.splitlines()))) > 1


def _raised(cell: str) -> bool:
    return not cell.isascii() and any(decomposition(sign).startswith(_RAISED) for sign in cell)


@lru_cache(maxsize=4096)
def _from_number(written: float, multiplier: int) -> int:
    # Excel keeps 15 significant digits; the text form of the cell is exact from here on.
    return _checked(Decimal(format(written, ".15g")) * multiplier)


@lru_cache(maxsize=4096)
def _from_text(written: str, multiplier: int) -> int:
    if says_nothing(written):
        raise Unreadable("amount_missing")
    if _ERROR.fullmatch(written):
        raise Unreadable("amount_error")
    written = _THOUSANDS_GAP.sub(",", written)
    text = folded(written)
    if written.startswith("="):
        raise Unreadable("amount_formula")
    if _APART.search(written):
        raise Unreadable("amount_unclear")
    if FOREIGN.search(text):
        raise Unreadable("amount_currency")
    text = _BARE_NOTE.sub("", _WRAPPING.sub("", text)).removeprefix("+")
    negative = _MINUS.match(text)
    if negative:
        text = text[negative.end() :].removesuffix(")")
    yuan = _yuan(text, multiplier)
    if yuan is None:
        raise Unreadable("amount_unclear")
    return _checked(-yuan if negative else yuan)


def _yuan(text: str, multiplier: int) -> Decimal | None:
    text = _SHORT_UNIT.sub(lambda found: {"w": "万", "k": "千"}[found[1]], text)
    text = re.sub(r"(?:整|正)$", "", text)
    parts = _YUAN.fullmatch(text)
    if parts:
        whole, rest = number(parts[1]), _small_change(parts[2])
        return None if whole is None or rest is None or (rest and whole % 1) else whole + rest
    if text.endswith(("角", "毛", "分")):
        return _small_change(text)
    plain = number(text)
    if plain is None or _three_decimals(text):
        return plain
    return plain * multiplier if re.fullmatch(r"[\d,. ]+", text) else plain


def _three_decimals(text: str) -> bool:
    """“1.000” may mean one or a thousand; as written it has three decimals, and is refused for that."""
    if re.fullmatch(r"[\d,]*\.\d{3,}", text):
        raise Unreadable("amount_decimals")
    return False


def _small_change(text: str) -> Decimal | None:
    """What follows the 元: 角 and 分, or one bare digit as in 100块5."""
    if text in {"", "整", "正", "零"}:
        return Decimal(0)
    if re.fullmatch(r"\d|[一二三四五六七八九]", text):
        text += "角"
    found = _SMALL.fullmatch(text)
    if not found or not (found[1] or found[2]):
        return None
    jiao, fen = (number(part) if part else Decimal(0) for part in found.groups())
    return (jiao or Decimal(0)) / 10 + (fen or Decimal(0)) / 100


def _checked(yuan: Decimal) -> int:
    if yuan <= 0:
        raise Unreadable("amount_not_positive")
    fen = yuan * 100
    if fen != fen.to_integral_value():
        raise Unreadable("amount_decimals")
    if fen > LIMIT_FEN:
        raise Unreadable("amount_too_large")
    return int(fen)
