"""Amounts as people write them, to the fen. No float is ever calculated with."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache

from donations.registers.reading.numerals import number
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
    "千元": 1000,
    "万元": 10_000,
    "万": 10_000,
}

_ERROR = re.compile(r"#(ref|value|n/a|name\?|div/0|num|null|getting_data|spill|calc)[!?]?", re.IGNORECASE)
_FOREIGN = re.compile(
    r"美[元金]|us\$|usd|\$|港[币元]|hkd?\$|hkd|欧元|eur|€|英镑|gbp|£|日[元币]|jpy|韩[元币]|台币|ntd?|twd|澳[元币门]|葡币|mop|加[元币]|新[元币]"
)
_WRAPPING = re.compile(r"人民币|rmb|cny|cn¥|[¥￥]|\(大写\)|大写[::]?|\([^()\d]*\)|[“”\"'’]")
_SPLIT = re.compile(r"\d \d(?!\d\d(?!\d))")  # 1 00: no thousands mark, no one number
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
    return _from_text(half_width(cell), multiplier)


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
    text = folded(re.sub(r"(?<=\d) (?=\d{3}(?!\d))", ",", written))
    if written.startswith("="):
        raise Unreadable("amount_formula")
    if _SPLIT.search(written):
        raise Unreadable("amount_unclear")
    if _FOREIGN.search(text):
        raise Unreadable("amount_currency")
    text = _BARE_NOTE.sub("", _WRAPPING.sub("", text))
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
