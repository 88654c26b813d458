"""Signing in with WeChat, where the keys of an app are set: the account behind it still has a phone."""

from typing import Any, override

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.forms import SignupForm
from allauth.socialaccount.models import SocialLogin
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from charity_hub.people.models import User
from charity_hub.people.sign_in_forms import Registration

LONGEST_NAME = 40


class WeChatAdapter(DefaultSocialAccountAdapter):
    """The first time, WeChat gives a name to begin with; name and phone are asked for as of everybody."""

    @override
    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> AbstractBaseUser:
        user: AbstractBaseUser = sociallogin.user
        if isinstance(user, User):
            user.name = (data.get("name") or "")[:LONGEST_NAME]
        return user

    @override
    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, str]:
        return {"name": getattr(sociallogin.user, "name", "")}


class WeChatSignUpForm(Registration, SignupForm):
    """Name and phone of somebody whom WeChat knows and we do not."""

    @override
    def _get_signup_fields(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """allauth insists on an e-mail field here; there is no e-mail anywhere."""
        kwargs.pop("email_required", None)
        fields: dict[str, Any] = super()._get_signup_fields(kwargs)
        return fields
