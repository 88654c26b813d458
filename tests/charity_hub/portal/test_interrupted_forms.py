"""A form that is sent after its writer was signed out: nothing typed is lost, and nobody else sees it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from charity_hub.people.models import User
from charity_hub.portal.models import Draft
from donations.stations.models import Station
from tests.builders import active_fund, station
from tests.cast import client_of, mei, station_operator, wen

pytestmark = pytest.mark.django_db

ADD = "/desk/stations/add/"


def typed(person: User, address: str = ADD, **answers: str) -> dict[str, str]:
    """What a browser sends that opened the form while this person was signed in."""
    note = re.search(r'name="opened_by" value="([^"]+)"', client_of(person).get(address).text)
    assert note
    return {"name": "新示例捐赠站", "address": "示例路9号", "opened_by": note[1]} | answers


def sent_signed_out(data: dict[str, str], address: str = ADD) -> str:
    """Where the answer to an anonymous visitor's form leads after the sign-in."""
    answer = Client().post(address, data)
    assert urlsplit(answer["Location"]).path == "/accounts/login/"
    return "".join(parse_qs(urlsplit(answer["Location"]).query).get("next", []))


def test_what_was_typed_is_back_after_signing_in_again() -> None:
    page = client_of(mei()).get(sent_signed_out(typed(mei())))
    assert page.context["form"]["name"].value() == "新示例捐赠站"
    assert page.context["interrupted"]


def test_who_was_idle_for_too_long_finds_it_too(settings: Settings) -> None:
    data, client = typed(mei()), client_of(mei())
    client.get("/desk/")
    settings.STAFF_IDLE_MINUTES = -1
    led_to = urlsplit(client.post(ADD, data)["Location"])
    settings.STAFF_IDLE_MINUTES = 30
    page = client_of(mei()).get(parse_qs(led_to.query)["next"][0])
    assert page.context["form"]["address"].value() == "示例路9号"


def test_a_gift_that_was_being_typed_is_back() -> None:
    where = f"/desk/gifts/add/?station={station().code}"
    back = sent_signed_out(typed(wen(), where, amount_fen="88.80"), where)
    page = client_of(wen()).get(back)
    assert page.context["form"]["amount_fen"].value() == "88.80"
    assert page.context["station"] == station()


def test_what_was_typed_by_htmx_is_back_in_the_page_it_was_typed_in() -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{ADD}"}
    answer = Client().post("/drafts/station:new/", typed(mei()), headers=headers)
    back = parse_qs(urlsplit(answer["HX-Redirect"]).query)["next"][0]
    assert client_of(mei()).get(back).context["form"]["name"].value() == "新示例捐赠站"


def test_another_person_who_signs_in_finds_an_empty_form() -> None:
    back = sent_signed_out(typed(mei()))
    other = client_of(mei()).get(ADD)
    assert not other.context["form"]["name"].value()
    stranger = client_of(wen()).get(back)
    assert stranger.status_code == 403


def test_without_a_sound_note_nothing_is_kept() -> None:
    assert sent_signed_out(typed(mei()) | {"opened_by": "1:forged"}) == ""
    assert not Draft.objects.exists()


def test_it_is_forgotten_once_it_was_sent() -> None:
    data = typed(mei(), operator=str(station_operator().pk), region="440605011", funds=str(active_fund().pk))
    back = sent_signed_out(data)
    rest = {"opening_hours": "周一", "contact": "文示例", "phone": "0757-86330000"}
    assert client_of(mei()).post(back, data | rest).status_code == 302
    assert Station.objects.get().name == "新示例捐赠站"
    assert not Draft.objects.exists()


def test_a_form_that_lost_its_token_is_back_for_who_signed_in_again() -> None:
    data = typed(mei())
    client = client_of(mei(), enforce_csrf_checks=True)
    page = client.post(ADD, data, follow=True)
    assert page.context["form"]["name"].value() == "新示例捐赠站"


def test_staff_who_sign_in_from_the_home_page_are_not_led_back_there() -> None:
    assert 'href="/accounts/login/code/"' in Client().get("/").text
    assert 'href="/accounts/login/code/?next=/funds/"' in Client().get("/funds/").text
