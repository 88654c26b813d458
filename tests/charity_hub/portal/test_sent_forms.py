"""A form makes one thing, however often and from wherever it is sent; the guarantee is PostgreSQL's."""

import re
import threading
from typing import Any

import pytest
from django.db import connection

from charity_hub.errors import Refused
from charity_hub.portal.models import SentForm
from donations.money.models import Gift
from donations.stations import views
from donations.stations.models import Station
from funds.profile.models import Purpose
from tests.builders import active_fund, purpose_of, station
from tests.cast import client_of, mei, ping, station_operator, wen

ADD = "/desk/stations/add/"


def note(client: Any, address: str) -> dict[str, str]:
    """What a browser sends along that has opened the form at this address."""
    found = re.search(r'name="opened_by" value="([^"]+)"', client.get(address).text)
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


@pytest.mark.django_db
def test_another_ones_form_is_no_key() -> None:
    data = station_form() | note(client_of(mei()), ADD)
    address = f"/desk/funds/{active_fund().code}/purposes/new/"
    client_of(ping()).post(address, {"name": "助残"} | {"opened_by": data["opened_by"]})
    assert not SentForm.objects.exists()
    assert client_of(mei()).post(ADD, data).status_code == 302


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
    given["token"] = "6d7c7b8e-0000-4000-8000-000000000001"
    assert officer.post(address, data)["Location"] == officer.post(address, data)["Location"]
    assert worker.post(where, given)["Location"] == worker.post(where, given)["Location"]
    assert (Purpose.objects.filter(name="助残").count(), Gift.objects.count()) == (1, 1)
    assert SentForm.objects.count() == 2
