"""Signing in and registering by phone, and attacks on it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.people.models import SignIn, SignInEvent, TextMessage, User
from tests import cast
from tests.builders import user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_english")]

PASSWORD = "a-long-demo-password"
LOGIN = "/accounts/login/"
REQUEST = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"
SIGN_UP = "/accounts/signup/"
VERIFY = "/accounts/phone/verify/"


@pytest.fixture
def _english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def sent_code(phone: str) -> str:
    found = re.search(r"\b\d{6}\b", TextMessage.objects.filter(phone=phone).first().text)  # type: ignore[union-attr]
    assert found
    return found[0]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def signed_in_by_code(phone: str) -> Client:
    client = Client()
    client.post(REQUEST, {"phone": phone})
    client.post(CONFIRM, {"code": sent_code(phone)})
    return client


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


def test_three_wrong_codes_end_the_attempt_for_the_right_one_too() -> None:
    lan = cast.lan()
    client = Client()
    client.post(REQUEST, {"phone": lan.phone})
    code = sent_code(lan.phone)
    wrong = "000000" if code != "000000" else "111111"

    for _ in range(3):
        client.post(CONFIRM, {"code": wrong})
    client.post(CONFIRM, {"code": code})

    assert not is_signed_in(client)


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
    Client().post(REQUEST, {"phone": lan.phone})
    thief = Client()

    thief.post(CONFIRM, {"code": sent_code(lan.phone)})

    assert not is_signed_in(thief)


def test_a_number_gets_no_second_code_within_half_a_minute() -> None:
    lan = cast.lan()
    Client().post(REQUEST, {"phone": lan.phone})

    answer = Client().post(REQUEST, {"phone": lan.phone})

    assert "wait" in answer.content.decode()
    assert TextMessage.objects.filter(phone=lan.phone).count() == 1


def test_a_hundred_wrong_passwords_are_answered_in_sentences() -> None:
    lan = user("示例", "+8613711112222", PASSWORD)
    client = Client()

    answers = [client.post(LOGIN, {"login": lan.phone, "password": f"wrong-{i}"}) for i in range(100)]

    assert {answer.status_code for answer in answers} <= {200, 429}
    assert "Too many tries." in answers[5].content.decode()
    assert "wait five minutes" in answers[-1].content.decode().lower()


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
    plain = re.compile(
        r'139 0000 00\d\d|name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|"X-CSRFToken": "\w+"'
    )
    assert plain.sub("", first.content.decode()) == plain.sub("", second.content.decode())
    assert "no Charity Hub account" in TextMessage.objects.get(phone="+8613900000099").text


def test_asking_again_for_an_unknown_number_fails_no_worse() -> None:
    client = Client()
    client.post(REQUEST, {"phone": "13900000099"})

    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        answer = client.post(CONFIRM, {"action": "resend"})

    assert answer["Location"] == CONFIRM
    assert TextMessage.objects.count() == 1


def test_a_new_code_replaces_the_old_one() -> None:
    lan = cast.lan()
    client = Client()
    client.post(REQUEST, {"phone": lan.phone})
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        client.post(CONFIRM, {"action": "resend"})
        client.post(CONFIRM, {"code": sent_code(lan.phone)})

    assert TextMessage.objects.filter(phone=lan.phone).count() == 2
    assert is_signed_in(client)


def test_who_was_switched_off_comes_in_by_no_way() -> None:
    person = user("示例", "+8613711112222", PASSWORD, is_active=False)
    by_password, by_code = Client(), Client()

    by_password.post(LOGIN, {"login": person.phone, "password": PASSWORD})
    by_code.post(REQUEST, {"phone": person.phone})
    by_code.post(CONFIRM, {"code": sent_code(person.phone)})

    assert not is_signed_in(by_password)
    assert not is_signed_in(by_code)


def test_a_resident_registers_with_name_and_phone() -> None:
    client = Client()
    answer = client.post(SIGN_UP, {"name": " 陈 𠮷祥 ", "phone": "137 1111 4444", "agreed": "on"})
    assert answer["Location"] == VERIFY
    made = User.objects.get(phone="+8613711114444")
    assert not made.phone_verified

    client.post(VERIFY, {"code": sent_code(made.phone)})

    made.refresh_from_db()
    assert (made.name, made.phone_verified) == ("陈 𠮷祥", True)
    assert not made.has_usable_password()
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", "123"), ("phone", "0757-81234567"), ("agreed", "")]
)
def test_an_incomplete_registration_is_sent_back(field: str, value: str) -> None:
    data = {"name": "陈示例", "phone": "13711114444", "agreed": "on"} | {field: value}

    answer = Client().post(SIGN_UP, data)

    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.exists()


def test_registering_a_number_twice_tells_only_its_owner() -> None:
    cast.lan()
    answer = Client().post(SIGN_UP, {"name": "冒名示例", "phone": "13900000009", "agreed": "on"})

    assert answer["Location"] == VERIFY
    assert User.objects.get(phone="+8613900000009").name == "兰示例"
    assert "already has a Charity Hub account" in TextMessage.objects.get(phone="+8613900000009").text


def test_a_squatted_number_is_its_owners_once_the_code_comes_back() -> None:
    Client().post(SIGN_UP, {"name": "占号示例", "phone": "13711114444", "agreed": "on"})

    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        client = signed_in_by_code("+8613711114444")

    assert is_signed_in(client)
    assert User.objects.get(phone="+8613711114444").phone_verified


def test_a_forgotten_password_is_replaced_by_way_of_a_code() -> None:
    person = user("示例", "+8613711112222", PASSWORD)
    client = Client()
    answer = client.post("/accounts/password/reset/", {"phone": person.phone})
    answer = client.post(
        answer["Location"], {"code": sent_code(person.phone), "next": "/accounts/password/new/"}
    )
    assert answer["Location"] == "/accounts/password/new/"

    new = "another-long-password"
    client.post("/accounts/password/new/", {"password1": new, "password2": new})

    person.refresh_from_db()
    assert person.check_password(new)
    assert is_signed_in(client)


def test_an_old_sign_in_does_not_replace_the_password() -> None:
    person = user("示例", "+8613711112222", PASSWORD)
    client = signed_in_by_code(person.phone)

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answer = client.post("/accounts/password/new/", {"password1": "x" * 12, "password2": "x" * 12})

    assert answer["Location"] == "/accounts/password/change/"
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_weak_password_is_refused() -> None:
    client = signed_in_by_code(cast.lan().phone)

    answer = client.post("/accounts/password/set/", {"password1": "12345678", "password2": "12345678"})

    assert answer.status_code == 200
    assert answer.context["form"].errors["password1"]


def test_a_phone_is_changed_by_a_code_to_the_new_one() -> None:
    lan = cast.lan()
    client = signed_in_by_code(lan.phone)
    client.post("/accounts/phone/change/", {"phone": "137 1111 5555"})
    client.post(VERIFY, {"code": sent_code("+8613711115555")})

    lan.refresh_from_db()
    assert lan.phone == "+8613711115555"


def test_nobody_takes_over_anothers_number() -> None:
    bo = cast.bo()
    client = signed_in_by_code(cast.lan().phone)
    client.post("/accounts/phone/change/", {"phone": bo.phone})
    answer = client.post(VERIFY, {"code": sent_code(bo.phone)})

    assert "already belongs to another account" in answer.content.decode()
    assert User.objects.get(phone=bo.phone) == bo


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
