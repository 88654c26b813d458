"""Amounts in Chinese capitals, as written beside the figures on financial documents.

The rules are those of 支付结算办法, appendix 1 (正确填写票据和结算凭证的基本规定): 壹拾 keeps its 壹,
a run of zeros inside is one 零, an amount that ends in 元 or 角 is followed by 整, one with 分 is not.
Where the rule allows a choice, this follows the first of its own examples.
"""

import re

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
GROUPS = ("亿", "万", "")
LARGEST = 99_999_999_999_999  # 999,999,999,999.99 yuan, 玖仟玖佰玖拾玖亿…

_VARIANTS = {
    "零": "〇○0",
    "壹": "一",
    "贰": "二两貳貮弍",
    "叁": "三參叄参",
    "肆": "四",
    "伍": "五",
    "陆": "六陸",
    "柒": "七",
    "捌": "八",
    "玖": "九",
    "拾": "十",
    "佰": "百",
    "仟": "千",
    "万": "萬",
    "亿": "億",
    "元": "圆圓块塊",
    "角": "毛",
    "整": "正",
}
_NORMAL = str.maketrans({variant: sign for sign, variants in _VARIANTS.items() for variant in variants})
_D = "[壹贰叁肆伍陆柒捌玖]"
_SECTION = rf"(?:(?:{_D}仟)?零?(?:{_D}佰)?零?(?:{_D}?拾)?零?{_D}?)"
_AMOUNT = re.compile(
    rf"(?:人民币)?(?:(?:(?P<yi>{_SECTION})亿)?(?P<lead_wan>零?)(?:(?P<wan>{_SECTION})万)?(?P<ones>{_SECTION})(?P<yuan>元))?"
    rf"零?(?:(?P<jiao>[零壹贰叁肆伍陆柒捌玖])角)?零?(?:(?P<fen>{_D})分)?整?"
)
_LOOSE_END = re.compile(rf"[仟佰万亿]{_D}(?=[万亿元])")


def _four_digits(number: int) -> str:
    """A number below 10,000 in capitals: zeros inside are written once, zeros at the end not at all."""
    written = ""
    for digit, place in zip(f"{number:04d}", PLACES, strict=True):
        written += DIGITS[int(digit)] + place if digit != "0" else "零"
    return re.sub("零+", "零", written).strip("零")


def _yuan(yuan: int) -> str:
    written = ""
    for power, unit in zip((10**8, 10**4, 1), GROUPS, strict=True):
        group = yuan // power % 10_000
        gap = written and group and (group < 1_000 or written.endswith("零"))
        if group:
            written = written.rstrip("零") + ("零" if gap else "") + _four_digits(group) + unit
        elif written:
            written += "零"
    return written.rstrip("零")


def amount_in_capitals(fen: int) -> str:
    """``100_500`` → ``人民币壹仟零伍元整``. ``fen`` from 0 to 999,999,999,999.99 yuan.

    Raises ``ValueError`` outside of that range.
    """
    if not 0 <= fen <= LARGEST:
        raise ValueError(f"{fen} fen cannot be written in capitals")
    yuan, rest = divmod(fen, 100)
    jiao, odd = divmod(rest, 10)
    written = f"{_yuan(yuan)}元" if yuan else ""
    if rest and yuan and (not jiao or not yuan % 10):
        written += "零"
    written += f"{DIGITS[jiao]}角" if jiao else ""
    written += f"{DIGITS[odd]}分" if odd else "整"
    return f"人民币{written if fen else '零元整'}"


def _section(text: str) -> int:
    """The value of up to four places: a bare 拾 counts as 壹拾, as people write it."""
    value, digit = 0, 0
    for sign in text:
        if sign in "仟佰拾":
            value += (digit or 1) * {"仟": 1_000, "佰": 100, "拾": 10}[sign]
            digit = 0
        else:
            digit = DIGITS.index(sign)
    return value + digit


def fen_from_capitals(text: str) -> int | None:
    """The amount in fen of Chinese numerals: ``壹仟元整``, ``人民币伍佰零叁元伍角``, ``三千五百元``.

    Capitals, everyday and traditional numerals are accepted. ``None`` for text that is not clearly one
    amount, also for ``三万五元``, which can mean 35,000 or 30,005.
    """
    normal = re.sub(r"[\s:：]", "", text).translate(_NORMAL)
    found = _AMOUNT.fullmatch(normal)
    if not found or not any(found[part] for part in ("yuan", "jiao", "fen")) or _LOOSE_END.search(normal):
        return None
    if found["yuan"] and not (found["yi"] or found["wan"] or found["ones"]):
        return 0 if normal.removeprefix("人民币") in {"零元", "零元整"} else None
    yuan = (
        _section(found["yi"] or "") * 10**8
        + _section(found["wan"] or "") * 10**4
        + _section(found["ones"] or "")
    )
    jiao = DIGITS.index(found["jiao"]) if found["jiao"] else 0
    return yuan * 100 + jiao * 10 + (DIGITS.index(found["fen"]) if found["fen"] else 0)
