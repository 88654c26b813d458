"""What allauth asks of us: the phone is the identity, and there is no e-mail anywhere."""

import time
from typing import Any, override

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.people.access import is_staff_member
from charity_hub.people.alerts import notify_of_phone_change
from charity_hub.people.audit import note_lock_out
from charity_hub.people.encryption import decrypt, encrypt
from charity_hub.people.models import User
from charity_hub.people.phones import PhoneField, format_phone
from charity_hub.people.sms import MessageNotSent, send_text
from charity_hub.people.user_agents import browser_name

CODE_LIFETIME_MINUTES = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
# What allauth says after a code was sent.
SENT_MESSAGES = {"account/messages/login_code_sent.txt", "account/messages/phone_verification_sent.txt"}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by phone number."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This account is switched off. Ask your administrator."),
        "incorrect_code": gettext_lazy(
            "This code is not right. Compare it with the text message, or ask for a new one."
        ),
        "incorrect_password": gettext_lazy("This password is not right. Try again."),
        "phone_password_mismatch": gettext_lazy(
            "The phone number or the password is not right. Try again, or sign in by text message."
        ),
        "phone_taken": gettext_lazy("This number already belongs to another account."),
        "rate_limited": gettext_lazy("That was too often in a short time. Wait a minute, then try again."),
        "too_many_login_attempts": gettext_lazy(
            "Too many tries. For safety, wait five minutes, then ask for a new code or try again."
        ),
        "same_as_current": gettext_lazy("This is the number you already have."),
    }

    # --- the phone -----------------------------------------------------------------------------

    @override
    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        """allauth calls it "Phone"; a landline receives no code."""
        return PhoneField(**kwargs | {"label": gettext_lazy("Mobile number")})

    @override
    def get_phone(self, user: AbstractBaseUser) -> tuple[str, bool] | None:
        if not isinstance(user, User):
            return None
        return user.phone, user.phone_verified

    @override
    def set_phone(self, user: AbstractBaseUser, phone: str, verified: bool) -> None:
        if isinstance(user, User):
            replaced = user.phone != phone
            user.phone, user.phone_verified = phone, verified
            user.save(update_fields=["phone", "phone_verified"])
            if replaced:
                notify_of_phone_change(user)

    @override
    def set_phone_verified(self, user: AbstractBaseUser, phone: str) -> None:
        """A code proves the number it was sent to; only who is signed in makes it the account's by that."""
        if isinstance(user, User) and (user.phone == phone or context.request.user == user):
            self.set_phone(user, phone, verified=True)

    @override
    def get_user_by_phone(self, phone: str) -> AbstractBaseUser | None:
        return User.objects.filter(phone=phone).first()

    # --- text messages -------------------------------------------------------------------------

    @override
    def send_verification_code_sms(
        self, user: AbstractBaseUser, phone: str, code: str, **_kwargs: Any
    ) -> None:
        self._text(
            phone,
            _("%(code)s is your Charity Hub code, valid for %(minutes)s minutes. Do not share it.")
            % {"code": code, "minutes": CODE_LIFETIME_MINUTES},
        )

    @override
    def send_unknown_account_sms(self, phone: str, **_kwargs: Any) -> None:
        address = f"{settings.SITE_URL}{reverse('account_signup')}"
        self._text(
            phone,
            _("This number has no Charity Hub account yet. Register at %(address)s") % {"address": address},
        )

    @override
    def send_account_already_exists_sms(self, phone: str) -> None:
        address = f"{settings.SITE_URL}{reverse('account_login')}"
        self._text(
            phone,
            _("This number already has a Charity Hub account. Sign in at %(address)s") % {"address": address},
        )

    def _text(self, phone: str, text: str) -> None:
        """When the carrier fails, the person is told on the page where a new code can be asked for."""
        try:
            send_text(phone, text)
        except MessageNotSent as failed:
            self.request.text_not_sent = True
            messages.error(self.request, str(failed))

    @override
    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Nothing is "on its way" that was not sent."""
        if message_template in SENT_MESSAGES and getattr(request, "text_not_sent", False):
            return
        super().add_message(request, level, message_template, *args, **kwargs)

    # --- signing up and in ---------------------------------------------------------------------

    @override
    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: forms.BaseForm, commit: bool = True
    ) -> AbstractBaseUser:
        """A resident who just registered: the number is not verified until the code comes back."""
        if isinstance(user, User):
            user.phone, user.name = form.cleaned_data["phone"], form.cleaned_data["name"]
        user.set_unusable_password()
        if commit:
            user.save()
        return user

    @override
    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("portal:desk" if is_staff_member(request.user) else "portal:me")

    @override
    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    @override
    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people:profile")

    @override
    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago is not asked again."""
        if signed_in_just_now(context.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    @override
    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except forms.ValidationError:
            note_lock_out(request, phone=str(credentials.get("phone", "")))
            raise

    @override
    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed tries are counted for each number: allauth's own key knows only e-mail and user name."""
        return f"phone:{credentials.get('phone', '')}"


def signed_in_just_now(request: HttpRequest, *, method: str = "") -> bool:
    """Whether this session gave a proof (of this method, if one is named) in the last few minutes."""
    if not isinstance(request.user, User):
        return False
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(record["at"] > since and method in {"", record["method"]} for record in records)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: secrets are encrypted at rest, staff keep at least one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy(
            "Staff need a second factor. Add another one before you remove this one."
        ),
        "incorrect_code": gettext_lazy(
            "This code is not right. Wait for the next one in your app and try again."
        ),
    }

    @override
    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """A new passkey is first called after the device on which it is added."""
        return browser_name(context.request.headers.get("User-Agent", ""))

    @override
    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return format_phone(user.get_username())

    @override
    def get_totp_issuer(self) -> str:
        return _("Charity Hub")

    @override
    def encrypt(self, text: str) -> str:
        return encrypt(text)

    @override
    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    @override
    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
        if authenticator.type == Authenticator.Type.RECOVERY_CODES or not is_staff_member(user):
            return True
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    @override
    def _get_site_name(self) -> str:
        return _("Charity Hub")
