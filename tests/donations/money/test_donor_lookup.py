"""Who types a phone or an ID learns of a stranger no more than that it is on file, so often an hour."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.people.disclosures import MATCHED
from charity_hub.people.models import Look
from donations.money.models import DonorLookup
from tests.builders import gift, station
from tests.cast import client_of, ping, wen
from tests.charity_hub.portal.test_sent_forms import note
from tests.donations.money.test_gift_form import page_of, send
from tests.donations.money.test_whose_donors import ID, donor_of, of_others

pytestmark = pytest.mark.django_db


def look_up(client: Client | None = None, **typed: str) -> str:
    address = reverse("gifts:donor_matches", args=[station().code])
    return page_of((client or client_of(wen())).post(address, typed))


def told(page: str) -> bool:
    return "data-donor=" in page


def on_file(page: str) -> bool:
    return not told(page) and "<p" in page


@pytest.mark.parametrize(
    "typed", [{"phone": "138 0000 1234"}, {"name": "13800001234"}, {"id_number": ID}], ids=str
)
def test_a_donor_of_another_station_is_known_and_not_named(typed: Any) -> None:
    of_others()
    page = look_up(**typed)
    assert on_file(page)
    assert "陈" not in page
    assert "****" not in page


@pytest.mark.parametrize("number", [{"phone": "13800001234"}, {"phone": "", "id_number": ID}], ids=str)
def test_the_form_asks_about_another_name_without_telling_it(number: Any) -> None:
    of_others()
    [asked] = send(name="试示例", **number).context["asked"]
    assert "陈" not in asked


def test_each_match_leaves_one_look_an_hour() -> None:
    donor = of_others()
    for _time in range(3):
        look_up(phone="13800001234")
    look_up(phone="13800001234", id_number=ID)
    looks = Look.objects.values_list("user", "subject", "field")
    assert list(looks) == [(wen().pk, f"donations.donor:{donor.pk}", MATCHED)] * 2


def test_a_number_that_is_nobodys_leaves_none() -> None:
    look_up(phone="13800001234")
    assert not Look.objects.exists()


def test_after_so_many_numbers_none_is_looked_up(settings: Settings) -> None:
    settings.DONOR_LOOKUPS_PER_HOUR = 3
    of_others()
    for number in range(3):
        look_up(phone=f"1390000000{number}")
    assert "data-limited" in look_up(phone="13800001234")
    assert not Look.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert on_file(look_up(phone="13800001234"))


def test_the_limit_is_each_persons_own(settings: Settings) -> None:
    settings.DONOR_LOOKUPS_PER_HOUR = 0
    donor = donor_of(gift())
    assert "data-limited" in look_up(phone="13900000000")
    assert told(look_up(phone="13800001234"))
    assert donor.name in look_up(phone="13800001234")


def test_a_known_number_beside_does_not_lift_the_limit(settings: Settings) -> None:
    settings.DONOR_LOOKUPS_PER_HOUR = 0
    gift()
    assert "data-limited" in look_up(phone="13800001234", id_number=ID)


def test_correcting_a_donor_tries_out_no_more_numbers(settings: Settings) -> None:
    settings.DONOR_LOOKUPS_PER_HOUR = 0
    donor = donor_of(gift())
    typed = {"name": "陈示例", "phone": "13900000000", "reason": "改号", "confirmed": "1"}
    answer = client_of(wen()).post(reverse("gifts:donor_correct", args=[donor.pk]), typed)
    assert answer.context["form"].errors
    donor.refresh_from_db()
    assert donor.phone == "+8613800001234"


def test_a_number_tried_in_a_correction_that_is_refused_counts_and_leaves_its_look() -> None:
    stranger, mine = of_others(), donor_of(gift(name="李示例", phone="13900001234"))
    client, address = client_of(wen()), reverse("gifts:donor_correct", args=[mine.pk])
    typed = {"name": "李示例", "id_number": ID, "reason": "核对", "confirmed": "1"}
    answer = client.post(address, typed | note(client, address))
    assert answer.context["form"].errors
    assert Look.objects.get(field=MATCHED).subject == f"donations.donor:{stranger.pk}"
    assert DonorLookup.objects.filter(person=wen(), counts=True).count() == 1


def test_the_charity_knows_all_its_donors(settings: Settings) -> None:
    settings.DONOR_LOOKUPS_PER_HOUR = 0
    donor = of_others()
    typed = {"name": "陈示例", "phone": "13800001234", "reason": "核对", "confirmed": "1"}
    assert client_of(ping()).post(reverse("gifts:donor_correct", args=[donor.pk]), typed).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_numbers_tried_out_at_once_are_counted_one_by_one(settings: Settings) -> None:
    settings.DONOR_LOOKUPS_PER_HOUR = 4
    station()
    clients = [client_of(wen()) for _number in range(12)]
    gate = threading.Barrier(12)
    pages: list[str] = []

    def ask(number: int) -> None:
        gate.wait()
        pages.append(look_up(clients[number], phone=f"139000000{number:02}"))
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("data-limited" not in page for page in pages) == 4
