"""The forms of signing up and in; allauth does the rest."""

import unicodedata
from typing import Any, Final

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from charity_hub.people.models import User
from charity_hub.people.try_limits import asked_too_often

RECOVERY_CODE_DIGITS: Final = 8
LONGEST_PASSKEY_NAME: Final = 60


class CodeField(forms.CharField):
    """A one-time code: digits in any width, spaces and dashes ignored."""

    def __init__(self, *, focused: bool = True, **kwargs: Any) -> None:
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric"}
        attributes |= {"autofocus": ""} if focused else {}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attributes), **kwargs)

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().to_python(value) or "")
        return "".join(letter for letter in text if letter.isalnum())


class NameField(forms.CharField):
    """A person's name: any script, rare characters and middle dots included; runs of spaces are one."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        name = " ".join(super().clean(value).split())
        if not any(letter.isalpha() for letter in name):
            raise forms.ValidationError(_("Write your name in letters or characters."))
        return name


class PasswordSignInForm(account.LoginForm):
    """Phone and password."""

    def _setup_password_field(self) -> None:
        """allauth drops the password because sign-up has none; here it stays."""
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


class RequestCodeForm(account.RequestLoginCodeForm):
    """Phone, to which a code is sent."""

    def clean_phone(self) -> str:
        try:
            return str(super().clean_phone())
        except forms.ValidationError as wrong:
            if wrong.code != "too_many_login_attempts":
                raise
            phone = str(self.cleaned_data["phone"])
            raise forms.ValidationError(asked_too_often(context.request, phone), code=wrong.code) from None


class SignInCodeForm(account.ConfirmLoginCodeForm):
    code = CodeField(label=_("Code from the text message"))


class VerifyPhoneForm(account.VerifyPhoneForm):
    code = CodeField(label=_("Code from the text message"))


class Registration(forms.Form):
    """What somebody who registers tells us besides the phone; there is no password to choose."""

    name = NameField(
        label=_("Name"), help_text=_("As on your ID card. Only the people who handle your requests see it.")
    )
    agreed = forms.BooleanField(
        label=_("I agree that my name and phone number are kept to run this account."),
        error_messages={"required": _("Without this consent no account can be kept.")},
    )
    field_order = ["name", "phone", "agreed"]

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Two registrations of one number in the same second end like the second of two in a row."""
        answer: tuple[User | None, HttpResponse | None]
        try:
            with transaction.atomic():
                answer = super().try_save(request)  # type: ignore[misc]
        except IntegrityError:
            self.account_already_exists = True
            answer = super().try_save(request)  # type: ignore[misc]
        return answer


class SignUpForm(Registration, account.SignupForm):
    """A resident registers by phone."""


class FactorCode(forms.Form):
    """The app's six digits, or a recovery code of eight; each kind that is wrong is called what it is."""

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"])
        try:
            return str(super().clean_code())  # type: ignore[misc]
        except forms.ValidationError as wrong:
            if wrong.code == "incorrect_code" and len(typed) == RECOVERY_CODE_DIGITS:
                raise forms.ValidationError(
                    _("This recovery code is not right, or it was used before. Each works once.")
                ) from None
            raise


class SecondFactorForm(FactorCode, factor.AuthenticateForm):
    code = CodeField(label=_("Code from your authenticator app"))


class ShowFactorAgainForm(FactorCode, factor.ReauthenticateForm):
    code = CodeField(label=_("Code from your authenticator app"))


class ActivateAppForm(totp.ActivateTOTPForm):
    code = CodeField(label=_("Code that the app shows"), focused=False)


class PasskeyName(forms.CharField):
    """What a passkey is called; one that is too long is cut, for the device keeps the key already."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=pgettext_lazy("of a thing", "Name"),
            help_text=_("For instance: the computer at the office."),
            **kwargs,
        )
        self.widget.attrs["maxlength"] = LONGEST_PASSKEY_NAME

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())[:LONGEST_PASSKEY_NAME]


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    name = PasskeyName(required=False)
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without phone and password"),
        required=False,
        help_text=_("The device then asks for a fingerprint, your face or its own PIN each time."),
    )


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    name = PasskeyName()


class ForgottenPasswordForm(account.RequestLoginCodeForm):
    """Phone, to which the code for a new password is sent."""


class NewPasswordForm(account.SetPasswordForm):
    """A new password after a code, without the old one."""


class ProfileForm(forms.Form):
    """What people change about themselves; phone, password and factors have their own pages."""

    name = NameField(label=_("Name"))
