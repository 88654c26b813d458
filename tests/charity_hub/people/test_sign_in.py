"""Signing in and registering by phone, and attacks on it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.people.models import SignIn, SignInEvent, TextMessage
from tests import cast
from tests.builders import user
from tests.charity_hub.people.door import (
    CONFIRM,
    LOGIN,
    PASSWORD,
    REQUEST,
    SIGN_UP,
    VERIFY,
    is_signed_in,
    plain,
    sent_code,
    signed_in_by_code,
)

pytestmark = pytest.mark.django_db


def test_a_resident_signs_in_by_code() -> None:
    lan = cast.lan()
    client = Client()

    answer = client.post(REQUEST, {"phone": "139 0000 0009"})
    assert answer["Location"] == CONFIRM
    answer = client.post(CONFIRM, {"code": sent_code(lan.phone)})

    assert answer["Location"] == "/me/"
    assert client.session["_auth_user_id"] == str(lan.pk)


def test_a_code_in_full_width_digits_is_taken() -> None:
    lan = cast.lan()
    client = Client()
    client.post(REQUEST, {"phone": lan.phone})
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in sent_code(lan.phone))

    client.post(CONFIRM, {"code": f" {wide[:3]} {wide[3:]} "})

    assert is_signed_in(client)


def test_the_way_leads_back_to_where_it_began() -> None:
    lan = cast.lan()
    client = Client()

    answer = client.post(f"{REQUEST}?next=/me/profile/", {"phone": lan.phone, "next": "/me/profile/"})
    answer = client.post(answer["Location"], {"code": sent_code(lan.phone), "next": "/me/profile/"})

    assert answer["Location"] == "/me/profile/"


def test_nobody_is_led_to_another_site() -> None:
    user("示例", "+8613711112222", PASSWORD)
    client = Client()

    answer = client.post(
        LOGIN, {"login": "13711112222", "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert answer["Location"] == "/me/"


@pytest.mark.parametrize("written", ["13711112222", "+86 137-1111-2222", "１３７１１１１２２２２"])
def test_phone_and_password(written: str) -> None:
    user("示例", "+8613711112222", PASSWORD)
    client = Client()

    client.post(LOGIN, {"login": written, "password": PASSWORD})

    assert is_signed_in(client)


@pytest.mark.parametrize("written", ["' OR 1=1 --", "13711112222\n13900000009", "admin", "1" * 4000, "\x00"])
def test_forged_phones_are_told_what_a_number_is(written: str) -> None:
    answer = Client().post(LOGIN, {"login": written, "password": PASSWORD})

    assert answer.status_code == 200
    assert "login" in answer.context["form"].errors


def test_a_wrong_code_is_refused_in_a_sentence() -> None:
    lan = cast.lan()
    client = Client()
    client.post(REQUEST, {"phone": lan.phone})
    wrong = "000000" if sent_code(lan.phone) != "000000" else "111111"

    answer = client.post(CONFIRM, {"code": wrong})

    assert "This code is not right." in answer.content.decode()
    assert not is_signed_in(client)
    assert SignIn.objects.get(event=SignInEvent.WRONG_CODE).user == lan


@pytest.mark.parametrize(("times", "signed_in"), [(2, True), (3, False)])
def test_three_wrong_codes_end_the_attempt_for_the_right_one_too(times: int, *, signed_in: bool) -> None:
    lan = cast.lan()
    client = Client()
    client.post(REQUEST, {"phone": lan.phone})
    code = sent_code(lan.phone)
    wrong = "000000" if code != "000000" else "111111"

    for _ in range(times):
        client.post(CONFIRM, {"code": wrong})
    client.post(CONFIRM, {"code": code})

    assert is_signed_in(client) == signed_in


def test_a_used_code_is_refused_in_a_sentence() -> None:
    lan = cast.lan()
    client = signed_in_by_code(lan.phone)
    client.post("/accounts/logout/")

    answer = client.post(CONFIRM, {"code": sent_code(lan.phone)}, follow=True)

    assert "This code has been used or has expired." in answer.content.decode()
    assert not is_signed_in(client)


def test_an_old_code_is_refused_in_a_sentence() -> None:
    lan = cast.lan()
    client = Client()
    client.post(REQUEST, {"phone": lan.phone})
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = client.post(CONFIRM, {"code": sent_code(lan.phone)}, follow=True)

    assert "This code has been used or has expired." in answer.content.decode()
    assert not is_signed_in(client)


def test_a_code_belongs_to_the_browser_that_asked_for_it() -> None:
    lan = cast.lan()
    owner, thief = Client(), Client()
    owner.post(REQUEST, {"phone": lan.phone})

    for client in (thief, owner):
        client.post(CONFIRM, {"code": sent_code(lan.phone)})

    assert not is_signed_in(thief)
    assert is_signed_in(owner)


def test_a_number_gets_no_second_code_within_half_a_minute() -> None:
    lan = cast.lan()
    Client().post(REQUEST, {"phone": lan.phone})

    answer = Client().post(REQUEST, {"phone": lan.phone})

    (error,) = answer.context["form"].errors["phone"]
    assert 20 <= int("".join(filter(str.isdecimal, error))) <= 30
    assert TextMessage.objects.filter(phone=lan.phone).count() == 1


def test_a_hundred_wrong_passwords_are_answered_in_sentences() -> None:
    lan = user("示例", "+8613711112222", PASSWORD)
    client = Client()

    answers = [client.post(LOGIN, {"login": lan.phone, "password": f"wrong-{i}"}) for i in range(100)]

    assert {answer.status_code for answer in answers} <= {200, 429}
    assert "Too many tries." in answers[5].content.decode()
    assert answers[-1].status_code == 429


def test_locked_out_means_the_right_password_too_until_the_time_is_over() -> None:
    person = user("示例", "+8613711112222", PASSWORD)
    for i in range(5):
        Client().post(LOGIN, {"login": person.phone, "password": f"wrong-{i}"})

    client = Client()
    client.post(LOGIN, {"login": person.phone, "password": PASSWORD})
    assert not is_signed_in(client)
    assert SignIn.objects.filter(event=SignInEvent.LOCKED_OUT, user=person).count() == 1

    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        client.post(LOGIN, {"login": person.phone, "password": PASSWORD})
        assert is_signed_in(client)


def test_one_locked_number_locks_nobody_else_out() -> None:
    user("示例", "+8613711112222", PASSWORD)
    user("别人示例", "+8613711113333", PASSWORD)
    for i in range(6):
        Client().post(LOGIN, {"login": "13711112222", "password": f"wrong-{i}"})

    client = Client()
    client.post(LOGIN, {"login": "13711113333", "password": PASSWORD})

    assert is_signed_in(client)


def test_an_unknown_number_looks_like_a_known_one() -> None:
    known, unknown = Client(), Client()
    cast.lan()
    first = known.post(REQUEST, {"phone": "13900000009"}, follow=True)
    second = unknown.post(REQUEST, {"phone": "13900000099"}, follow=True)

    assert first.redirect_chain == second.redirect_chain
    assert plain(first) == plain(second)
    assert "no Charity Hub account" in TextMessage.objects.get(phone="+8613900000099").text


def test_asking_again_for_an_unknown_number_fails_no_worse() -> None:
    client = Client()
    client.post(REQUEST, {"phone": "13900000099"})

    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        answer = client.post(CONFIRM, {"action": "resend"})

    assert answer["Location"] == CONFIRM
    assert TextMessage.objects.filter(text__contains="no Charity Hub account").count() == 2


def test_a_new_code_replaces_the_old_one() -> None:
    lan = cast.lan()
    client = Client()
    client.post(REQUEST, {"phone": lan.phone})
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        client.post(CONFIRM, {"action": "resend"})
        client.post(CONFIRM, {"code": sent_code(lan.phone)})

    assert TextMessage.objects.filter(phone=lan.phone).count() == 2
    assert is_signed_in(client)


@pytest.mark.parametrize("address", [LOGIN, REQUEST])
@pytest.mark.parametrize("phone", ["+8613900000009", "+8613900000077"])
def test_while_a_code_is_awaited_the_sign_in_page_opens_and_leads_back_to_it(
    address: str, phone: str
) -> None:
    cast.lan()
    client = Client()
    client.post(REQUEST, {"phone": phone})
    answer = client.get(address, {"next": "/me/profile/"})
    assert answer.status_code == 200
    assert f'href="{CONFIRM}?next=%2Fme%2Fprofile%2F"' in answer.content.decode()
    assert client.get(CONFIRM).status_code == 200


def test_who_waits_for_a_code_signs_in_by_password_instead() -> None:
    user("示例", "+8613711112222", PASSWORD)
    client = Client()
    client.post(REQUEST, {"phone": "+8613711112222"})
    client.post(LOGIN, {"login": "13711112222", "password": PASSWORD})
    assert is_signed_in(client)


def test_a_code_that_is_over_is_not_led_back_to() -> None:
    lan = cast.lan()
    client = Client()
    client.post(REQUEST, {"phone": lan.phone})
    assert CONFIRM in client.get(LOGIN).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert CONFIRM not in client.get(LOGIN).content.decode()


@pytest.mark.parametrize("phone", ["+8613900000009", "+8613900000077"])
def test_a_registration_under_way_is_led_back_to_its_code(phone: str) -> None:
    cast.lan()
    client = Client()
    client.post(SIGN_UP, {"name": "示例", "phone": phone, "agreed": "on"})
    assert client.get(LOGIN)["Location"] == VERIFY


@pytest.mark.parametrize("active", [True, False])
def test_who_was_switched_off_comes_in_by_no_way(*, active: bool) -> None:
    person = user("示例", "+8613711112222", PASSWORD, is_active=active)
    by_password, by_code = Client(), Client()

    by_password.post(LOGIN, {"login": person.phone, "password": PASSWORD})
    by_code.post(REQUEST, {"phone": person.phone})
    by_code.post(CONFIRM, {"code": sent_code(person.phone)})

    assert [is_signed_in(client) for client in (by_password, by_code)] == [active, active]


def test_there_is_no_page_about_e_mail() -> None:
    client = cast.client_of(cast.lan())

    assert client.get("/accounts/email/").status_code == 404
    assert client.get("/accounts/confirm-email/").status_code == 404


def test_the_messages_page_is_gone_without_debug(settings: Settings) -> None:
    client = Client()
    settings.DEBUG = True
    assert client.get("/dev/sms/").status_code == 200
    settings.DEBUG = False
    assert client.get("/dev/sms/").status_code == 404
