"""Nobody learns from an answer of the door whether a number has an account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.people import sms
from tests import cast
from tests.charity_hub.people.door import CONFIRM, REQUEST, SIGN_UP, VERIFY, plain

pytestmark = pytest.mark.django_db

WITH_ACCOUNT, WITHOUT = "13900000009", "13900000099"
handed_over: list[str] = []


def carrier(phone: str, text: str) -> None:
    handed_over.append(phone)
    sms.keep(phone, text)


def broken_carrier(phone: str, text: str) -> None:
    handed_over.append(phone)
    raise ConnectionError(text)


@pytest.fixture(autouse=True)
def _nothing_handed_over() -> None:
    handed_over.clear()


def signing_in(phone: str) -> Any:
    """Ask for a code, and a minute later for another one."""
    return _asked_twice(REQUEST, CONFIRM, phone=phone)


def registering(phone: str) -> Any:
    return _asked_twice(SIGN_UP, VERIFY, name="某某示例", phone=phone, agreed="on")


def _asked_twice(first: str, again: str, **data: str) -> Any:
    client = Client()
    client.post(first, data, follow=True)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        return client.post(again, {"action": "resend"}, follow=True)


@pytest.mark.parametrize("door", [signing_in, registering])
@pytest.mark.parametrize("backend", ["carrier", "broken_carrier"])
def test_asking_again_is_answered_alike(settings: Settings, backend: str, door: Callable[[str], Any]) -> None:
    settings.SMS_BACKEND = f"{__name__}.{backend}"
    cast.lan()

    known, unknown = door(WITH_ACCOUNT), door(WITHOUT)

    assert known.redirect_chain == unknown.redirect_chain
    assert plain(known) == plain(unknown)


@pytest.mark.parametrize("door", [signing_in, registering])
@pytest.mark.parametrize("phone", [WITH_ACCOUNT, WITHOUT])
def test_asking_again_waits_for_the_carrier_alike(
    settings: Settings, phone: str, door: Callable[[str], Any]
) -> None:
    settings.SMS_BACKEND = f"{__name__}.carrier"
    cast.lan()

    door(phone)

    assert handed_over == [f"+86{phone}"] * 2


def test_asking_again_too_early_is_answered_alike() -> None:
    cast.lan()
    answers = []
    for phone in (WITH_ACCOUNT, WITHOUT):
        client = Client()
        client.post(REQUEST, {"phone": phone}, follow=True)
        answers.append(client.post(CONFIRM, {"action": "resend"}, follow=True))

    assert "asked for again in" in answers[0].content.decode()
    assert plain(answers[0]) == plain(answers[1])
