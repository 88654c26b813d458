"""Money that is not in yuan, wherever a register says so: in a cell, a title, a column, a remark."""

import re
from functools import lru_cache

from donations.registers.reading.text import folded

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
_YUAN = re.compile(r"人民币|rmb|cny|[¥元圆]|yuan")
_YUAN_ALONE = re.compile(r"(?:人民币|rmb|cny|cnh|cn¥|[¥元圆块]|yuan|renminbi|chineseyuan|中国元|156|01)")


@lru_cache(maxsize=1024)
def is_foreign(text: str) -> bool:
    """Whether a text names another currency than the yuan."""
    return FOREIGN.search(folded(text)) is not None


def names_yuan(text: str) -> bool:
    """Whether a text says that amounts are in yuan: 金额(元), RMB."""
    return _YUAN.search(folded(text)) is not None


@lru_cache(maxsize=256)
def currency_of(text: str) -> bool | None:
    """Of a cell in a column of currencies: True for the yuan, False for another; None where it is neither."""
    plain = re.sub(r"[()\[\]/,;:·.-]", "", folded(text))
    if FOREIGN.search(plain):
        return False
    return True if re.fullmatch(f"(?:{_YUAN_ALONE.pattern})+", plain) else None
