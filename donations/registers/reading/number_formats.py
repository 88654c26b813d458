"""Number formats of spreadsheets: what a cell shows of the number it holds.

A format may turn a stored 5 into “5万元”, or 1000 into “HK$1,000”. Whoever filled the sheet in saw what was
shown. Only formats of numbers are rendered; those of days and texts are not looked at.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

# Formats that files name by number alone and that show no decimals, or a share of hundred.
_WHOLE = "#,##0"
BUILT_IN = dict.fromkeys((3, 5, 6, 37, 38, 41, 42), _WHOLE) | {1: "0", 9: "0%", 10: "0.00%"}
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[\$(?P<symbol>[^\]-]*)[^\]]*\]'
    r"|\[(?P<condition>[<>=]+-?[\d.]+)\]|\[[^\]]*\]"
    r"|(?P<general>general|g/通用格式)|(?P<digit>[0#?])|(?P<comma>,)|(?P<point>\.)|(?P<percent>%)"
    r"|(?P<other>[ymdhsegb@]|e[+-])|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<>|<=|>=|<|>|=)(-?[\d.]+)")
_PLAIN = re.compile(r"(?:人民币|rmb|cny|[¥￥元圆块整\s+\-()/])*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Section:
    """One part of a format: tokens as (kind, text)."""

    tokens: tuple[tuple[str, str], ...]
    condition: str = ""

    def holds(self, number: Decimal) -> bool:
        found = _CONDITION.fullmatch(self.condition)
        if not found:
            return True
        limit = Decimal(found[2])
        return {
            "<": number < limit,
            "<=": number <= limit,
            ">": number > limit,
            ">=": number >= limit,
            "=": number == limit,
            "<>": number != limit,
        }[found[1]]


def shown_otherwise(code: str, stored: str) -> str:
    """What a cell with this format shows of a stored number, where that is more than the number itself.

    Empty where the cell shows the number as it is, grouped or with a yuan sign.
    """
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return ""
    section = _section(code, number)
    if section is None or any(kind in {"other", "general"} for kind, _text in section.tokens):
        return _with_words(section, stored) if section else ""
    digits = [text for kind, text in section.tokens if kind == "digit"]
    words = "".join(text for kind, text in section.tokens if kind in {"literal", "percent"})
    if not digits:
        return words.strip() or "（不显示）"
    scale, places = _scale(section), _places(section)
    shown = abs(number) * (100 if any(kind == "percent" for kind, _text in section.tokens) else 1)
    shown = (shown / 1000**scale).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    exact = shown == abs(number)
    if exact and _PLAIN.fullmatch(words):
        return ""
    return ("-" if number < 0 else "") + _rendered(section, shown, places)


def _with_words(section: _Section, stored: str) -> str:
    """A general number between words; days and texts are left alone."""
    kinds = {kind for kind, _text in section.tokens}
    words = "".join(text for kind, text in section.tokens if kind == "literal")
    if "other" in kinds or _PLAIN.fullmatch(words):
        return ""
    return "".join(stored if kind == "general" else text for kind, text in section.tokens)


def _section(code: str, number: Decimal) -> _Section | None:
    """The part of a format that a number is shown by."""
    sections = [_parsed(part) for part in _split(code)]
    if any(section.condition for section in sections):
        return next((section for section in sections if section.holds(number)), None)
    place = 1 if number < 0 else 2 if number == 0 else 0
    return sections[place] if place < len(sections) else sections[0]


def _split(code: str) -> list[str]:
    """The sections between semicolons that are not quoted."""
    return re.findall(r'(?:^|(?<=;))((?:"[^"]*"|[\\!].|[^;])*)(?:;|$)', code) or [code]


def _parsed(section: str) -> _Section:
    tokens, condition = [], ""
    for found in _TOKEN.finditer(section):
        kind = found.lastgroup or ""
        if kind == "condition":
            condition = found[0][1:-1]
        elif kind in {"quoted", "escaped", "symbol", "literal"}:
            tokens.append(("literal", found[kind]))
        elif kind:
            tokens.append((kind, found[0]))
    return _Section(tuple(tokens), condition)


def _scale(section: _Section) -> int:
    """How many thousands a number is divided by: commas after the last figure."""
    kinds = [kind for kind, _text in section.tokens]
    last = len(kinds) - 1 - kinds[::-1].index("digit")
    count = 0
    for kind in kinds[last + 1 :]:
        if kind != "comma":
            break
        count += 1
    return count


def _places(section: _Section) -> int:
    """Decimals that are shown."""
    kinds = [kind for kind, _text in section.tokens]
    return kinds[kinds.index("point") :].count("digit") if "point" in kinds else 0


def _rendered(section: _Section, number: Decimal, places: int) -> str:
    """The number in the places of its format, words where they stand."""
    whole, _point, part = f"{number:.{places}f}".partition(".")
    slots = sum(kind == "digit" for kind, _text in section.tokens) - places
    figures = list(whole.rjust(slots))
    text, seen, after = "", 0, False
    for kind, token in section.tokens:
        if kind == "digit" and after:
            text, part = text + part[:1], part[1:]
        elif kind == "digit":
            seen += 1
            most = len(figures) - (slots - seen)
            text, figures = text + "".join(figures[:most]).strip(), figures[most:]
        elif kind == "point":
            text, after = text + ".", True
        elif kind in {"literal", "percent"}:
            text += token
    return text.strip()
