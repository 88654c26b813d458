"""What is typed into the gift form survives leaving the page, until it is sent."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import station
from tests.cast import client_of, wen
from tests.donations.money.test_gift_form import address, send, typed

pytestmark = pytest.mark.django_db


def keep_draft(client: Client, **changed: Any) -> None:
    client.post(reverse("portal:draft", args=[f"gift:{station().code}"]), typed(**changed))


def test_what_was_typed_comes_back_when_it_is_asked_for() -> None:
    client = client_of(wen())
    keep_draft(client, amount_fen="1,2", name="李示例", answered="0" * 32)
    form = client.get(address(), {"draft": "restore"}).context["form"]
    shown = [form[name].value() for name in ("amount_fen", "name", "answered")]
    assert shown == ["1,2", "李示例", None]


def test_the_draft_is_gone_once_the_gift_is_recorded() -> None:
    client = client_of(wen())
    keep_draft(client)
    assert client.get(address()).context["draft"]
    send(client)
    assert not client.get(address()).context["draft"]


def test_a_draft_of_another_station_stays_there() -> None:
    client = client_of(wen())
    keep_draft(client)
    assert client.get(address()).context["draft"]
    other = station("ZD-440605011-02", name="东二示例捐赠站点")
    assert not client.get(f"{reverse('gifts:add')}?station={other.code}").context["draft"]
