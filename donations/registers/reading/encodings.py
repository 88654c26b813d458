"""Which Chinese coding a text without a mark is in: told by evidence, or refused."""

import re

from donations.registers.reading.results import BadFile

# Words of registers' heads, as the mainland and as Hong Kong, Macau and Taiwan write them.
_TITLES = re.compile(
    "姓名|名[称稱]|金[额額]|日期|捐[赠贈款]|[备備][注註]|[电電][话話]|手[机機]|方式|用途|[类類][别別]|[证證]件|[收票][据據]"
    "|序[号號]|[单單]位|[项項]目|[经經]手|[编編][号號]|[时時][间間]|善款|合[计計]"
)
_SAMPLED = 40_000  # characters
_ENOUGH, _CLEARLY = 0.85, 0.1


def chinese(data: bytes) -> str:
    """The text of bytes in GB 18030 or Big5. Raises ``BadFile`` when neither reads well, or both do."""
    read = {coding: text for coding in _common if (text := _decoded(data, coding))}
    titled = [coding for coding, text in read.items() if _TITLES.search(text[:4_000])]
    if len(titled) == 1:
        return read[titled[0]]
    scores = sorted((_share_of_common(text, coding), coding) for coding, text in read.items())
    second = scores[-2][0] if len(scores) > 1 else 0
    if not scores or scores[-1][0] < max(_ENOUGH, second + _CLEARLY):
        raise BadFile("coding_unclear")
    return read[scores[-1][1]]


def _decoded(data: bytes, coding: str) -> str:
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        return ""


def _share_of_common(text: str, coding: str) -> float:
    """How many of the characters beyond ASCII are everyday ones: of either standard's first level, or signs.

    A text read in the wrong coding is full of rare characters.
    """
    signs = [sign for sign in text[:_SAMPLED] if not sign.isascii()]
    return sum(map(_common[coding], signs)) / len(signs) if signs else 0.0


def _common_in_gb(sign: str) -> bool:
    """Signs, or one of the 3,755 characters of the first level of GB 2312."""
    code = _code(sign, "gb2312")
    return 0xB0 <= code[0] <= 0xD7 or code[0] in {0xA1, 0xA3}


def _common_in_big5(sign: str) -> bool:
    """Signs, or one of the 5,401 characters of the first level of Big5."""
    code = _code(sign, "big5")
    return 0xA4 <= code[0] <= 0xC6 or code[0] in {0xA1, 0xA2}


def _code(sign: str, coding: str) -> bytes:
    try:
        return sign.encode(coding)
    except UnicodeEncodeError:
        return b"\0"


_common = {"gb18030": _common_in_gb, "big5hkscs": _common_in_big5}
