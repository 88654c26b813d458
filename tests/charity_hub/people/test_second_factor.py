"""Staff need a second factor, proven in the session; attempts to get round it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from charity_hub.people.demo_people import code_now
from charity_hub.people.models import Role, SignIn, SignInEvent, TextMessage, User
from charity_hub.people.second_factor import PROVEN
from tests import cast
from tests.builders import membership, user

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-demo-password"
SET_UP = "/accounts/2fa/totp/activate/"
SHOW = "/accounts/2fa/reauthenticate/"
SECOND_STEP = "/accounts/2fa/authenticate/"


def clerk() -> User:
    """Street staff with a password and no factor yet."""
    person = user("职员示例", "+8613711112222", PASSWORD)
    membership(person, Role.STREET_STAFF)
    return person


def signed_in(person: User) -> Client:
    """By password alone: as far as somebody gets who knows only that."""
    client = Client()
    client.post("/accounts/login/", {"login": person.phone, "password": PASSWORD})
    return client


@pytest.mark.parametrize("path", ["/desk/", "/me/", "/me/profile/", "/", "/accounts/phone/change/"])
def test_staff_without_a_factor_are_led_to_set_one_up(path: str) -> None:
    answer = signed_in(clerk()).get(path)

    assert answer["Location"].startswith(f"{SET_UP}?next=")


def test_a_post_gets_no_further() -> None:
    client = signed_in(clerk())

    answer = client.post("/me/profile/", {"name": "改名示例"})

    assert answer["Location"] == SET_UP
    assert User.objects.get(phone="+8613711112222").name == "职员示例"


def test_an_htmx_request_gets_no_further() -> None:
    answer = signed_in(clerk()).get("/desk/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (200, SET_UP)
    assert answer.content == b""


def test_an_administrator_gets_no_further_in_the_admin() -> None:
    User.objects.create_superuser("+8613711112222", "管理示例", PASSWORD)
    client = Client()
    client.post("/accounts/login/", {"login": "13711112222", "password": PASSWORD})

    for path in ["/admin/", "/admin/charity_hub/user/", "/admin/charity_hub/user/add/", "/admin/logout/"]:
        assert client.get(path)["Location"].startswith(SET_UP)


def test_the_admin_has_no_door_of_its_own() -> None:
    User.objects.create_superuser("+8613711112222", "管理示例", PASSWORD)
    client = Client()

    answer = client.post("/admin/login/", {"username": "+8613711112222", "password": PASSWORD})

    assert answer["Location"].startswith("/accounts/login/?next=")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/healthz", SET_UP, "/accounts/2fa/"])
def test_the_way_to_a_factor_stays_open(path: str) -> None:
    assert signed_in(clerk()).get(path).status_code in {200, 503}


def test_residents_need_none() -> None:
    client = Client()
    user("居民示例", "+8613711113333", PASSWORD)
    client.post("/accounts/login/", {"login": "13711113333", "password": PASSWORD})

    assert client.get("/me/profile/").status_code == 200


@pytest.mark.django_db(transaction=True)  # allauth says that a factor was added once that is committed
def test_setting_up_the_app_opens_the_house() -> None:
    client = signed_in(clerk())
    page = client.get(SET_UP)
    secret = page.context["form"].secret
    assert "".join(f"<span>{four}</span>" for four in re.findall("....", secret)) in page.content.decode()

    answer = client.post(SET_UP, {"code": code_now(secret)})

    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    assert client.get("/me/profile/").status_code == 200
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored


def test_sign_in_asks_for_the_factor_that_is_set_up() -> None:
    person = cast.has_factor(clerk())
    client = signed_in(person)
    assert "_auth_user_id" not in client.session

    answer = client.post(SECOND_STEP, {"code": code_now(cast.TOTP_SECRET)})

    assert answer["Location"] == "/desk/"
    assert client.session[PROVEN] == person.pk
    assert SignIn.objects.get(event=SignInEvent.SIGNED_IN).method == "password, totp"


def test_a_code_by_text_message_does_not_replace_the_factor() -> None:
    person = cast.has_factor(clerk())
    client = Client()
    client.post("/accounts/login/code/", {"phone": person.phone})
    code = TextMessage.objects.get(phone=person.phone).text[:6]

    answer = client.post("/accounts/login/code/confirm/", {"code": code})

    assert answer["Location"] == SECOND_STEP
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_does_not_get_round_the_factor() -> None:
    person = cast.has_factor(clerk())
    client = Client()
    client.post("/accounts/password/reset/", {"phone": person.phone})
    code = TextMessage.objects.get(phone=person.phone).text[:6]
    client.post("/accounts/login/code/confirm/", {"code": code, "next": "/accounts/password/new/"})

    answer = client.post(
        "/accounts/password/new/", {"password1": "x-long-enough-1", "password2": "x-long-enough-1"}
    )

    assert answer["Location"].startswith("/accounts/login/")
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_code_of_the_app_works_once() -> None:
    person = cast.has_factor(clerk())
    code = code_now(cast.TOTP_SECRET)
    first, second = signed_in(person), signed_in(person)

    first.post(SECOND_STEP, {"code": code})
    second.post(SECOND_STEP, {"code": code})

    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_guessing_the_factor_is_locked_out() -> None:
    person = cast.has_factor(clerk())
    client = signed_in(person)
    right = code_now(cast.TOTP_SECRET)
    wrong = "000000" if right != "000000" else "111111"

    answers = [client.post(SECOND_STEP, {"code": wrong}) for _ in range(8)]
    client.post(SECOND_STEP, {"code": right})

    assert {answer.status_code for answer in answers} <= {200, 429}
    assert "_auth_user_id" not in client.session
    assert SignIn.objects.filter(event=SignInEvent.WRONG_FACTOR, user=person).count() >= 5


def test_a_recovery_code_stands_in_once() -> None:
    person = cast.has_factor(clerk())
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    client = signed_in(person)
    client.post(SECOND_STEP, {"code": code})
    assert "_auth_user_id" in client.session

    second = signed_in(person)
    answer = second.post(SECOND_STEP, {"code": code})
    assert "_auth_user_id" not in second.session
    assert "This recovery code is not right, or it was used before." in answer.content.decode()


def test_a_session_from_before_the_role_must_show_the_factor() -> None:
    person = user("新人示例", "+8613711112222", PASSWORD)
    client = signed_in(person)
    assert client.get("/me/profile/").status_code == 200
    cast.has_factor(person)
    membership(person, Role.AUDITOR)

    assert client.get("/desk/")["Location"] == f"{SHOW}?next=%2Fdesk%2F"
    answer = client.post(f"{SHOW}?next=%2Fdesk%2F", {"code": code_now(cast.TOTP_SECRET), "next": "/desk/"})

    assert answer["Location"] == "/desk/"
    assert client.session[PROVEN] == person.pk


def test_a_removed_factor_proves_nothing_to_who_becomes_staff_in_the_same_session() -> None:
    person = cast.has_factor(user("居民示例", "+8613711113333", PASSWORD))
    client = signed_in(person)
    client.post(SECOND_STEP, {"code": code_now(cast.TOTP_SECRET)})
    assert client.session[PROVEN] == person.pk
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=person).exists()
    membership(person, Role.STREET_STAFF)

    assert client.get("/desk/")["Location"].startswith(SET_UP)


def test_another_persons_proof_is_none() -> None:
    person, other = cast.has_factor(clerk()), cast.mei()
    client = Client()
    client.force_login(person)
    session = client.session
    session[PROVEN] = other.pk
    session.save()

    assert client.get("/desk/")["Location"].startswith(SHOW)


def test_staff_keep_their_last_factor() -> None:
    mei = cast.mei()
    client = cast.client_of(mei)
    client.post("/accounts/2fa/reauthenticate/", {"code": code_now(cast.TOTP_SECRET)})

    client.post("/accounts/2fa/totp/deactivate/")

    assert Authenticator.objects.filter(user=mei, type="totp").exists()


def test_residents_may_remove_theirs() -> None:
    lan = cast.has_factor(cast.lan())
    client = cast.client_of(lan)
    client.post("/accounts/2fa/reauthenticate/", {"code": code_now(cast.TOTP_SECRET)})

    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(user=lan).exists()
    assert SignIn.objects.filter(event=SignInEvent.FACTOR_REMOVED, user=lan).count() == 1


def test_staff_who_step_away_are_signed_out() -> None:
    client = cast.client_of(cast.mei())
    assert client.get("/me/profile/").status_code == 200
    session = client.session
    session["seen_at"] = time.time() - 31 * 60
    session.save()

    answer = client.get("/me/profile/")

    assert answer["Location"] == "/accounts/login/code/?next=/me/profile/"
    assert "_auth_user_id" not in client.session


def test_staff_who_are_at_work_stay_signed_in() -> None:
    client = cast.client_of(cast.mei())
    session = client.session
    session["seen_at"] = time.time() - 29 * 60
    session.save()

    assert client.get("/me/profile/").status_code == 200
    assert client.session["seen_at"] > time.time() - 60


def test_a_page_that_watches_long_work_keeps_nobody_signed_in() -> None:
    client = cast.client_of(cast.mei())
    session = client.session
    session["seen_at"] = seen = time.time() - 29 * 60
    session.save()

    assert client.get("/me/profile/", headers={"X-Unattended": "1"}).status_code == 200
    assert client.session["seen_at"] == seen


def test_residents_are_not_timed_out_so_soon() -> None:
    client = cast.client_of(cast.lan())
    session = client.session
    session["seen_at"] = time.time() - 31 * 60
    session.save()

    assert client.get("/me/profile/").status_code == 200
