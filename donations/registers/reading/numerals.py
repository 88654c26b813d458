"""Numbers as people write them: 5百, 1.5万, 三千五, 壹仟贰佰, 二〇二五."""

import re
from decimal import Decimal

_DIGITS = {digit: value for value, row in enumerate(
    ["〇零○◯", "一壹弌幺", "二贰两弍貮弐", "三叁参弎", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"]
) for digit in row}  # fmt: skip
NUMERALS = "".join(_DIGITS) + "十拾百佰千仟万亿"
_FORMAL = set("壹贰叁肆伍陆柒捌玖拾佰仟")
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GREAT = {"万": 10_000, "亿": 100_000_000}
_ARABIC = r"\d+(?:\.\d+)?"
_PLAIN = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)")
_GROUPED = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d*)?|\d{1,4}(?:,\d{4})+(?:\.\d*)?")
_TOKEN = re.compile(rf"{_ARABIC}|[{''.join(_DIGITS)}]|[{''.join(_UNITS)}{''.join(_GREAT)}]")
_POINT = re.compile(rf"([{''.join(_DIGITS)}]+)点([{''.join(_DIGITS)}]+)")


def digits_of(text: str) -> str:
    """Chinese digits one by one: 二〇二五 → 2025. Other characters stay."""
    return "".join(str(_DIGITS.get(character, character)) for character in text)


def arabic(text: str) -> Decimal | None:
    """A number in figures, with thousands marked or not; None when it is none."""
    if _PLAIN.fullmatch(text):
        return Decimal(text if text[-1] != "." else text[:-1])
    if _GROUPED.fullmatch(text):
        return Decimal(re.sub(r"[, ]", "", text).rstrip("."))
    return None


def number(text: str) -> Decimal | None:
    """A number in figures, characters, or both mixed (half width, simplified); None when it is none."""
    plain = arabic(text)
    if plain is not None:
        return plain
    text = text.replace("廿", "二十").replace("卅", "三十")
    text = _POINT.sub(lambda found: f"{digits_of(found[1])}.{digits_of(found[2])}", text)
    tokens = _TOKEN.findall(text)
    if not tokens or "".join(tokens) != text:
        return None
    if all(token in _DIGITS for token in tokens):
        return Decimal(digits_of(text))
    return _Sum(informal=_FORMAL.isdisjoint(text)).read(tokens)


class _Sum:
    """Adds up digits and units from left to right."""

    def __init__(self, *, informal: bool) -> None:
        self.informal = informal
        self.total = Decimal(0)
        self.section = Decimal(0)
        self.digit: Decimal | None = None
        self.unit = 0  # the unit just read; 0 at the start and after 零
        self.below = 10**12  # every next unit must be smaller

    def read(self, tokens: list[str]) -> Decimal | None:
        for token in tokens:
            if not self._take(token):
                return None
        if self.digit is not None and not self._last_digit():
            return None
        return self.total + self.section

    def _take(self, token: str) -> bool:
        if token in _UNITS:
            return self._small_unit(_UNITS[token])
        if token in _GREAT:
            return self._great_unit(_GREAT[token])
        if _DIGITS.get(token) == 0:
            self.unit = 0
            return self.digit is None
        if self.digit is not None:
            return False
        self.digit = Decimal(_DIGITS[token]) if token in _DIGITS else Decimal(token)
        return True

    def _small_unit(self, unit: int) -> bool:
        if self.digit is None and unit == 10 and self.section == 0:
            self.digit = Decimal(1)
        if self.digit is None or unit >= self.below:
            return False
        self.section += self.digit * unit
        self.digit, self.unit, self.below = None, unit, unit
        return True

    def _great_unit(self, unit: int) -> bool:
        whole = self.section + (self.digit or 0)
        if unit == 100_000_000:
            whole += self.total
            self.total = Decimal(0)
        if whole == 0:
            return False
        self.total += whole * unit
        self.section, self.digit, self.unit, self.below = Decimal(0), None, unit, unit
        return True

    def _last_digit(self) -> bool:
        """The digit after the last unit: 三千五 is 3500, 三千零五 is 3005, 3千500 is 3500."""
        digit = self.digit or Decimal(0)
        if self.unit >= 100 and digit < 10:
            if not self.informal or digit % 1:
                return False
            self.section += digit * (self.unit // 10)
        elif self.unit == 0 or digit < self.unit:
            self.section += digit
        else:
            return False
        return True
