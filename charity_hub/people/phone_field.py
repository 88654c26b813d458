"""The form field for a mobile number."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charity_hub.people.phones import parse_phone, spoken_phone


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
        return spoken_phone(value) if isinstance(value, str) and value.startswith("+") else value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        phone = parse_phone(text)
        if phone is None:
            raise forms.ValidationError(self.error_messages["invalid_phone"], code="invalid_phone")
        return phone
