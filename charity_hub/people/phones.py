"""Mobile numbers as people write them, and as they are stored (E.164)."""

import re
from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from charity_hub.plain_text import half_width, visible

HOME = "CN"
MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
LONGEST = 40
# A letter, or what Unicode counts among the digits but no telephone has.
_NO_NUMBER = re.compile(r"[^\W0-9_]")


def parse_phone(text: str) -> str | None:
    """The mobile number in ``text`` as E.164 (``+8613800001234``), or None when there is none.

    A number without a country code is a Chinese one. Full-width digits, spaces, dashes, brackets and a
    leading ``+86``, ``86`` or ``0086`` are understood, digits of other scripts or shapes are not. Landlines
    are refused: they receive no code.
    """
    plain = "".join(letter for letter in half_width(visible(text)) if letter.isprintable()).strip()
    if not plain or len(plain) > LONGEST or _NO_NUMBER.search(plain):
        return None
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    try:
        number = phonenumbers.parse(plain, HOME)
    except NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    if phonenumbers.number_type(number) not in MOBILE:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def format_phone(phone: str) -> str:
    """A stored number as people write it: ``138 0000 1234``, foreign ones with their country code."""
    try:
        number = phonenumbers.parse(phone, HOME)
    except NumberParseException:
        return phone
    if number.country_code == phonenumbers.country_code_for_region(HOME):
        national = str(number.national_number)
        return f"{national[:3]} {national[3:7]} {national[7:]}"
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


class PhoneField(forms.CharField):
    """A mobile number in any way of writing; cleans to E.164, shows 138 0000 1234."""

    default_error_messages = {
        "invalid_phone": _(
            "This is not a mobile number. A Chinese one has 11 digits, such as 138 0000 1234."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Mobile number"))
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("widget", forms.TelInput(attrs={"autocomplete": "tel", "inputmode": "tel"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return format_phone(value) if isinstance(value, str) and value.startswith("+") else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it is another number; another way of writing it is none."""
        before, now = (parse_phone(str(text)) or text for text in (initial or "", data or ""))
        return super().has_changed(before, now)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        phone = parse_phone(text)
        if phone is None:
            raise forms.ValidationError(self.error_messages["invalid_phone"], code="invalid_phone")
        return phone
