from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from charity_hub.documents.certificates import read_code
from charity_hub.portal.forms import HubForm


class CodeField(forms.CharField):
    """A certificate's code, typed from paper; ``cleaned_data`` is the stored form."""

    def clean(self, value: object) -> str:
        code = read_code(super().clean(value))
        if code is None:
            raise ValidationError(
                _("A code has 12 letters and digits, like 7K2M-9QXD-41RT. Compare it with the printed one.")
            )
        return code


class VerifyForm(HubForm):
    submit_label = _("Verify the document")
    code = CodeField(
        label=_("Verification code"),
        max_length=40,
        help_text=_("Printed beside the QR code. Spaces, hyphens and capitals do not matter."),
        widget=forms.TextInput(
            attrs={
                "class": "form-control form-control-lg hub-code",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )
