"""Amounts as people write them, to the fen, and money other than yuan. No float is ever calculated with."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from unicodedata import decomposition

from donations.registers.reading.numerals import NUMERALS, number
from donations.registers.reading.results import Cell, Unreadable
from donations.registers.reading.text import folded, half_width, says_nothing

_WORDS = (
    r"美[元金圆]|港[币纸圆]|港元(?!朗)|欧元|英镑|日[币圆]|日元(?![旦宵])|韩[元币圆]|台币|澳[元币圆]|澳门[元币圆]"
    r"|葡币|加[币圆]|加元(?![旦宵])|加拿大元|新加坡[元币]|坡币|新币|瑞郎|瑞士法郎|泰铢|泰币|马币|令吉|林吉特"
    r"|卢布|卢比|越南盾|比索|外币|比特币|泰达币"
)
_CODES = (
    r"(?<![a-z])(?:usd|hkd|eur|gbp|jpy|krw|twd|ntd|mop|aud|cad|nzd|sgd|chf|thb|myr|php|inr|idr|vnd|rub|aed|sek"
    r"|nok|dkk|usdt|hk|us|nt|mop|s|a|c|au|ca|sg|nz)?\$|(?<![a-z])(?:usd|hkd|eur|gbp|jpy|krw|twd|ntd|mop|aud|cad"
    r"|nzd|sgd|chf|thb|myr|php|inr|idr|vnd|rub|aed|sek|nok|dkk|usdt)(?![a-z])|[€£₩฿₽₹₫₱]|jp¥|円"
)
FOREIGN = re.compile(f"{_WORDS}|{_CODES}")
_NAMES_YUAN = re.compile(r"人民币|rmb|cny|[¥元圆]|yuan")
_YUAN_ALONE = re.compile(r"(?:人民币|rmb|cny|cnh|cn¥|[¥元圆块]|yuan|renminbi|chineseyuan|中国元|156|01)")


@lru_cache(maxsize=1024)
def is_foreign(text: str) -> bool:
    """Whether a text names another currency than the yuan."""
    return FOREIGN.search(folded(text)) is not None


def names_yuan(text: str) -> bool:
    """Whether a text says that amounts are in yuan: 金额(元), RMB."""
    return _NAMES_YUAN.search(folded(text)) is not None


@lru_cache(maxsize=256)
def currency_of(text: str) -> bool | None:
    """Of a cell in a column of currencies: True for the yuan, False for another; None where it is neither."""
    plain = re.sub(r"[()\[\]/,;:·.-]", "", folded(text))
    if FOREIGN.search(plain):
        return False
    return True if re.fullmatch(f"(?:{_YUAN_ALONE.pattern})+", plain) else None


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
