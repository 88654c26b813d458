"""A form makes one thing, however often and from wherever it is sent; the guarantee is PostgreSQL's."""

import re
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.portal.interrupted_forms import GOOD_FOR, sign_note
from charity_hub.portal.models import SentForm
from charity_hub.portal.sent_forms import delete_old_sent_forms
from donations.money.models import Gift
from donations.stations import views
from donations.stations.models import Station
from funds.profile.models import Purpose
from tests.builders import active_fund, purpose_of, station
from tests.cast import client_of, mei, ping, station_operator, wen

ADD = "/desk/stations/add/"


def note(client: Any, address: str) -> dict[str, str]:
    """What a browser sends along that has opened the form at this address."""
    return note_in(client.get(address))


def note_in(page: Any) -> dict[str, str]:
    found = re.search(r'name="opened_by" value="([^"]+)"', page.text)
    assert found
    return {"opened_by": found[1]}


def station_form(**answers: Any) -> dict[str, Any]:
    known = {"name": "新示例捐赠站", "region": "440605011", "operator": station_operator().pk}
    known |= {"address": "示例路9号", "opening_hours": "周一", "contact": "文示例", "phone": "0757-86330000"}
    return known | {"funds": active_fund().pk} | answers


@pytest.mark.django_db(transaction=True)
def test_five_sendings_at_once_open_one_station() -> None:
    client = client_of(mei())
    data = station_form() | note(client, ADD)
    gate, led = threading.Barrier(5), []

    def send() -> None:
        gate.wait()
        led.append(client_of(mei()).post(ADD, data)["Location"])
        connection.close()

    threads = [threading.Thread(target=send) for _time in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert led == [f"/desk/stations/{Station.objects.get().code}/"] * 5


@pytest.mark.django_db
def test_a_form_that_is_gone_back_to_and_changed_is_refused() -> None:
    client = client_of(mei())
    data = station_form() | note(client, ADD)
    client.post(ADD, data)
    again = client.post(ADD, data | {"name": "又一示例捐赠站"})
    assert again.context["form"].refused_as_a_whole
    assert client.post(ADD, data | note_in(again) | {"name": "又一示例捐赠站"}).status_code == 200
    assert Station.objects.get().name == "新示例捐赠站"


@pytest.mark.django_db
def test_two_forms_make_two() -> None:
    client = client_of(mei())
    for _time in range(2):
        client.post(ADD, station_form() | note(client, ADD))
    assert Station.objects.count() == 2


@pytest.mark.django_db
def test_a_form_that_was_refused_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_terms: object) -> None:
        raise Refused("No.", "funds")

    client = client_of(mei())
    data = station_form() | note(client, ADD)
    with monkeypatch.context() as patch:
        patch.setattr(views, "open_station", refuse)
        assert "funds" in client.post(ADD, data).context["form"].errors
    assert client.post(ADD, data).status_code == 302


def signed_long_ago(monkeypatch: pytest.MonkeyPatch) -> str:
    then = time.time() - (GOOD_FOR + timedelta(minutes=1)).total_seconds()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.signing.time.time", lambda: then)
        return sign_note(mei())


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["none", "forged", "another's", "old"])
def test_a_form_without_a_good_note_is_shown_again_with_one(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(mei())
    opened_by = {
        "none": "",
        "forged": "1:forged",
        "another's": sign_note(ping()),
        "old": signed_long_ago(monkeypatch),
    }[kind]
    again = client.post(ADD, station_form(opened_by=opened_by))
    assert again.context["form"].refused_as_a_whole
    assert not Station.objects.exists()
    assert client.post(ADD, station_form() | note_in(again)).status_code == 302


@pytest.mark.django_db
def test_a_key_is_kept_while_its_note_is_good() -> None:
    client = client_of(mei())
    data = station_form() | note(client, ADD)
    client.post(ADD, data)
    SentForm.objects.update(sent_at=timezone.now() - GOOD_FOR)
    delete_old_sent_forms()
    client.post(ADD, data)
    assert Station.objects.count() == 1


@pytest.mark.django_db
def test_a_purpose_and_a_gift_go_the_same_way() -> None:
    fund, officer, worker = active_fund(), client_of(ping()), client_of(wen())
    address = f"/desk/funds/{fund.code}/purposes/new/"
    data = {"name": "助残"} | note(officer, address)
    where = f"/desk/gifts/add/?station={station().code}"
    given = note(worker, where) | {
        "amount_fen": "100",
        "purpose": str(purpose_of(fund).pk),
        "way": "cash",
        "donor_kind": "anonymous",
        "handler": "文示例",
    }
    given["given_on"] = worker.get(where).context["day"].isoformat()
    assert officer.post(address, data)["Location"] == officer.post(address, data)["Location"]
    assert worker.post(where, given)["Location"] == worker.post(where, given)["Location"]
    assert (Purpose.objects.filter(name="助残").count(), Gift.objects.count()) == (1, 1)
    assert SentForm.objects.count() == 2
