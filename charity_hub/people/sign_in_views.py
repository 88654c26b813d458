"""allauth's views where we say more, or do otherwise, than allauth does."""

from typing import Any, override

from allauth.account import views as account
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.password_change import finalize_password_set
from allauth.account.internal.flows.phone_verification import PhoneVerificationStageProcess
from allauth.account.mixins import RedirectAuthenticatedUserMixin
from allauth.account.stages import (
    LoginByCodeStage,
    LoginStage,
    LoginStageController,
    PhoneVerificationStage,
)
from allauth.core import ratelimit
from allauth.core.exceptions import RateLimited
from allauth.mfa.base import views as factor
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn import views as passkeys
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from charity_hub.people.access import SIGNED_IN, access, person
from charity_hub.people.adapter import signed_in_just_now
from charity_hub.people.sign_in_forms import ForgottenPasswordForm, NewPasswordForm
from charity_hub.people.try_limits import asked_too_often


def _code_is_over(request: HttpRequest) -> None:
    messages.error(request, _("This code has been used or has expired. Ask for a new one."))


class _BesideACode(RedirectAuthenticatedUserMixin):
    """A way in that stays open while a code is awaited, and leads back to it: allauth would show the code's
    page alone. A registration is not left like this, so that nobody learns whose number is registered.
    """

    code_awaited_by = ""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponse | None:
        if stage.key != LoginByCodeStage.key or stage.login.signup:
            answer: HttpResponse | None = super()._redirect_to_pending_stage(request, stage)
            return answer
        if process := LoginCodeVerificationProcess.resume(stage):
            self.code_awaited_by = process.state["phone"]
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"code_awaited_by": self.code_awaited_by}


class PasswordView(_BesideACode, account.LoginView):
    """Signing in by phone and password."""


class AskForCodeView(_BesideACode, account.RequestLoginCodeView):
    """Signing in by a code: asking for it."""


class PasskeyView(_BesideACode, passkeys.LoginWebAuthnView):
    """Signing in by a passkey."""


sign_in = PasswordView.as_view()
ask_for_code = AskForCodeView.as_view()
sign_in_by_passkey = PasskeyView.as_view()


class ConfirmSignInCodeView(account.ConfirmLoginCodeView):
    """The code of a sign-in; one that is used up or too old is said to be so."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = LoginStageController.enter(request, LoginByCodeStage.key)
        process = LoginCodeVerificationProcess.resume(stage) if stage else None
        # A number that was replaced since opens nothing any more.
        replaced = process and process.user and process.user.phone != process.state["phone"]
        if request.user.is_anonymous and (process is None or replaced):
            _code_is_over(request)
            return redirect("account_request_login_code")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    @override
    def _resend_form_valid(self, form: BaseForm) -> HttpResponse:
        """A number without an account is texted and answered like any other: as quickly, as well or badly."""
        phone = self._process.state["phone"]
        if ratelimit.consume(self.request, action="request_login_code", key=phone):
            self._process.send()
            self._process.record_resend()
            self._process.persist()
        else:
            messages.error(self.request, asked_too_often(self.request, phone))
        return HttpResponseRedirect(self.passthrough_next_url(reverse("account_confirm_login_code")))


confirm_sign_in_code = ConfirmSignInCodeView.as_view()


def verify_phone(request: HttpRequest) -> HttpResponseBase:
    """The code of a registration or of a new number; one that is used up or too old is said to be so."""
    if request.user.is_anonymous:
        stage = LoginStageController.enter(request, PhoneVerificationStage.key)
        process = PhoneVerificationStageProcess.resume(stage) if stage else None
        if process is None:
            _code_is_over(request)
            return redirect("account_login")
        if request.POST.get("action") == "resend" and process.can_resend:
            return _registration_code_again(request, process)
    answer: HttpResponseBase = account.verify_phone(request)
    return answer


def _registration_code_again(request: HttpRequest, process: PhoneVerificationStageProcess) -> HttpResponse:
    """A number that has an account already is texted and answered like any other."""
    process.record_resend()
    try:
        process.send()
    except RateLimited:
        messages.error(request, asked_too_often(request, process.phone, "verify_phone"))
    return redirect("account_verify_phone")


def authenticate_factor(request: HttpRequest) -> HttpResponseBase:
    """The second factor of a sign-in; when the first step is too long ago, the person is told."""
    if request.user.is_anonymous and not LoginStageController.enter(request, AuthenticateStage.key):
        messages.error(request, _("That took too long. Please sign in again."))
        return redirect("account_login")
    answer: HttpResponseBase = factor.authenticate(request)
    return answer


class ForgottenPasswordView(_BesideACode, account.RequestLoginCodeView):
    """A forgotten password: sign in by code, then choose a new one."""

    form_class = ForgottenPasswordForm
    template_name = "account/password_reset.html"

    def get_form_class(self) -> type[BaseForm]:
        return ForgottenPasswordForm

    def get_success_url(self) -> str:
        return (
            f"{reverse('account_confirm_login_code')}?{urlencode({'next': reverse('people:new_password')})}"
        )


forgotten_password = ForgottenPasswordView.as_view()


@access(SIGNED_IN)
def new_password(request: HttpRequest) -> HttpResponse:
    """Choose a new password without the old one: only a moment after signing in by code."""
    user = person(request)
    if not signed_in_just_now(request, method="code"):
        return redirect("account_change_password")
    form = NewPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        finalize_password_set(request, user)
        return redirect("people:profile")
    return render(request, "account/password_new.html", {"form": form})
