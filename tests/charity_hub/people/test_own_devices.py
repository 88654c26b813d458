"""What people see of their own devices: the sessions list, and what a passkey is called."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from charity_hub.people.models import User
from charity_hub.people.sign_in_forms import RenamePasskeyForm
from charity_hub.people.user_agents import browser_name
from tests import cast
from tests.charity_hub.people.door import PASSWORD, signed_in_by_code

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.50"


@pytest.mark.parametrize(
    ("description", "spoken"),
    [
        (EDGE, "Edge · Windows"),
        (WECHAT, "WeChat · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) Chrome/114 HuaweiBrowser/5.1", "Huawei browser · HarmonyOS"),
        ("curl/8", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_browser_is_called_what_people_call_it(description: str, spoken: str) -> None:
    assert browser_name(description) == spoken


@pytest.mark.django_db
def test_the_sessions_list_speaks_of_devices() -> None:
    client = signed_in_by_code(cast.lan().phone)
    UserSession.objects.update(user_agent=WECHAT)

    page = client.get("/accounts/sessions/").content.decode()

    assert "WeChat · iPhone" in page
    assert "Mozilla" not in page


@pytest.mark.django_db
def test_another_session_is_ended_from_here() -> None:
    lan = cast.lan()
    lan.set_password(PASSWORD)
    lan.save()
    here, there = signed_in_by_password(lan), signed_in_by_password(lan)

    here.post("/accounts/sessions/")

    assert here.get("/me/profile/").status_code == 200
    assert there.get("/me/profile/").status_code == 302


def signed_in_by_password(person: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.phone, "password": PASSWORD})
    return client


@pytest.mark.django_db
def test_a_new_passkey_is_called_after_its_device() -> None:
    client = signed_in_by_code(cast.lan().phone)

    answer = client.get("/accounts/2fa/webauthn/add/", headers={"User-Agent": EDGE})

    assert answer.context["form"]["name"].value() == "Edge · Windows"


def test_a_passkeys_long_name_is_cut_not_refused() -> None:
    key = Authenticator(type=Authenticator.Type.WEBAUTHN, data={"name": "x"})
    form = RenamePasskeyForm({"name": "长" * 70}, instance=key)

    assert form.is_valid()
    assert form.cleaned_data["name"] == "长" * 60
