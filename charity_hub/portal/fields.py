"""Form fields for money, days and ID numbers, with precise error messages."""

import re
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.money import LEAST_FEN, MOST_FEN, yuan
from charity_hub.people.id_numbers import id_problem, normal_id
from charity_hub.pinyin import spell
from charity_hub.plain_text import half_width, visible

_AMOUNT: Final = re.compile(r"^(?P<sign>-?)(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]*))?$")
_GROUPED: Final = re.compile(r"^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$")
_WHITE: Final = re.compile(r"\s+")


def parse_yuan(text: str) -> int:
    """Yuan as typed (``1,000.00``, ``１０００元``, ``¥5``) to fen.

    Raises ``ValidationError`` with the sentence to show, for text that is not an amount or has more than two
    decimals.
    """
    plain = _WHITE.sub("", half_width(visible(text)))
    plain = plain.replace("−", "-").removeprefix("RMB").removeprefix("CNY").removeprefix("人民币")
    plain = plain.lstrip("¥￥").removesuffix("元整").removesuffix("元")
    if "," in plain:
        if not _GROUPED.match(plain):
            raise ValidationError(
                _("The commas are in the wrong places. Write the amount like 1,234.50."), "commas"
            )
        plain = plain.replace(",", "")
    found = _AMOUNT.match(plain)
    if found is None or not (found["whole"] or found["part"]):
        raise ValidationError(
            _("“%(text)s” is not an amount. Write figures, like 1,234.50.") % {"text": text[:40]}, "text"
        )
    part = found["part"] or ""
    if len(part) > 2:
        raise ValidationError(_("An amount has at most two decimals (fen), like 1,234.50."), "decimals")
    if len(found["whole"]) > 15:
        raise ValidationError(_("This amount is too large."), "large")
    fen = int(found["whole"] or 0) * 100 + int((part + "00")[:2])
    return -fen if found["sign"] else fen


class YuanInput(forms.TextInput):
    """A text input with ¥ before it and the numeric keyboard on phones."""

    template_name = "portal/widgets/yuan.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})


class YuanField(forms.Field):
    """An amount in yuan; ``cleaned_data`` is integer fen.

    ``least`` and ``most`` are in fen (default: 1 fen to ¥100,000,000; ``least=0`` allows zero).
    """

    widget = YuanInput

    def __init__(self, *, least: int = LEAST_FEN, most: int = MOST_FEN, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least = least
        self.most = most

    def prepare_value(self, value: object) -> object:
        if isinstance(value, int):
            return yuan(value).replace("¥", "")
        return value

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values:
            return None
        return value if isinstance(value, int) else parse_yuan(str(value))

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value <= 0 < self.least:
            raise ValidationError(_("The amount must be more than zero."), "positive")
        if value < self.least:
            raise ValidationError(
                _("The amount must be at least %(least)s.") % {"least": yuan(self.least)}, "least"
            )
        if value > self.most:
            raise ValidationError(
                _("The amount must be at most %(most)s.") % {"most": yuan(self.most)}, "most"
            )

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class DayField(forms.DateField):
    """A day, with the browser's date picker. ``past=True`` refuses days after today (Asia/Shanghai)."""

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"])
        super().__init__(**kwargs)
        self.past = past
        self.error_messages["invalid"] = gettext_lazy("This is not a valid date. Write it like 2026-03-05.")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"min": "1900-01-01"}

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value.year < 1900:
            raise ValidationError(_("This year is too long ago. Check the date."), "early")
        if self.past and value > timezone.localdate():
            raise ValidationError(_("This date is in the future. Enter today or an earlier date."), "future")


class PersonIdField(forms.CharField):
    """A national ID number (GB 11643); ``cleaned_data`` is its 18 characters."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        number = normal_id(text)
        if problem := id_problem(number):
            raise ValidationError(problem, "id")
        return number


class FindableSelect(forms.Select):
    """A select with a search box for Chinese or pinyin (``static/js/findable.js``).

    Without JavaScript, or with few choices, it is the browser's own list. All choices are in the
    page, so it is for some hundreds at most. Regions (tens of thousands) have their own field.
    """

    template_name = "portal/widgets/findable.html"

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if option["value"]:
            option["attrs"]["data-sounds"] = spell(str(option["label"]))
        return option
