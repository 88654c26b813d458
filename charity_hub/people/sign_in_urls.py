"""The pages of signing up and in, under allauth's own names. Those about e-mail are left out."""

from allauth.account import views as account
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from charity_hub.people import sign_in_views as ours

urlpatterns: list[URLPattern | URLResolver] = [
    # signing in and out
    path("login/", ours.sign_in, name="account_login"),
    path("login/code/", ours.ask_for_code, name="account_request_login_code"),
    path("login/code/confirm/", ours.confirm_sign_in_code, name="account_confirm_login_code"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    # registering, and the phone
    path("signup/", account.signup, name="account_signup"),
    path("phone/verify/", ours.verify_phone, name="account_verify_phone"),
    path("phone/change/", account.change_phone, name="account_change_phone"),
    # passwords
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", ours.forgotten_password, name="account_reset_password"),
    # second factors and sessions
    path("2fa/authenticate/", ours.authenticate_factor, name="mfa_authenticate"),
    path("2fa/webauthn/login/", ours.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]

if settings.WEIXIN_APP_ID:
    urlpatterns += [
        path("wechat/", include("allauth.socialaccount.providers.weixin.urls")),
        path("3rdparty/", include("allauth.socialaccount.urls")),
    ]
