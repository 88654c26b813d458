"""Registering, and what people change about their own account: password and phone."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from charity_hub.people.adapter import AccountAdapter
from charity_hub.people.models import TextMessage, User
from tests import cast
from tests.builders import user
from tests.charity_hub.people.door import (
    PASSWORD,
    SIGN_UP,
    VERIFY,
    is_signed_in,
    sent_code,
    signed_in_by_code,
)

pytestmark = pytest.mark.django_db


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


def test_the_second_of_two_registrations_in_one_second_is_answered_like_a_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast.lan()
    monkeypatch.setattr(AccountAdapter, "get_user_by_phone", lambda *_args: None)

    answer = Client().post(SIGN_UP, {"name": "同时示例", "phone": "13900000009", "agreed": "on"})

    assert answer["Location"] == VERIFY
    assert User.objects.get(phone="+8613900000009").name == "兰示例"


def test_a_new_number_registered_twice_at_once_is_asked_to_wait() -> None:
    data = {"name": "陈示例", "phone": "13711114444", "agreed": "on"}
    Client().post(SIGN_UP, data)

    answer = Client(raise_request_exception=False).post(SIGN_UP, data)

    assert answer.status_code == 429
    assert "429.html" in [template.name for template in answer.templates]


def test_a_new_number_asked_for_twice_at_once_is_asked_to_wait() -> None:
    client = signed_in_by_code(cast.lan().phone)
    client.post("/accounts/phone/change/", {"phone": "13711114444"})

    answer = client.post("/accounts/phone/change/", {"phone": "13711114444"})

    assert answer.status_code == 429


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


@pytest.mark.parametrize("password", ["short-1", "1234567890", "password123", "8613900000009x"])
def test_a_weak_password_is_refused(password: str) -> None:
    client = signed_in_by_code(cast.lan().phone)

    answer = client.post("/accounts/password/set/", {"password1": password, "password2": password})

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


def test_registering_is_called_otherwise_than_a_register_of_gifts() -> None:
    page = Client().get(SIGN_UP).content.decode()
    assert "<h1" in page
    assert "Open an account" in page
    assert "Mobile number" in page
