"""Donors on the desk: masked, shown whole only on a click that is recorded."""

from typing import Any

import pytest
from django.urls import reverse

from charity_hub.people.models import Look
from donations.money.models import Donor
from tests.builders import gift
from tests.cast import client_of, hua, jun, ping, rui, wen, yan

pytestmark = pytest.mark.django_db
ID = "11010519491231002X"


def donor() -> Donor:
    found = gift(id_number=ID).donor
    assert found
    return found


@pytest.mark.parametrize("path", ["/desk/donors/", "/desk/donors/?q=csl"])
def test_the_list_masks_phone_and_id(path: str) -> None:
    donor()
    page = client_of(wen()).get(path).content.decode()
    assert "138****1234" in page
    assert "13800001234" not in page
    assert ID not in page


def test_the_page_masks_phone_and_id() -> None:
    page = client_of(wen()).get(donor().get_absolute_url()).content.decode()
    assert "138****1234" in page
    assert "13800001234" not in page
    assert ID not in page


@pytest.mark.parametrize(("field", "whole"), [("phone", "+8613800001234"), ("id_number", ID)])
def test_a_click_shows_it_whole_and_leaves_a_row(field: str, whole: str) -> None:
    one = donor()
    answer = client_of(wen()).post(reverse("gifts:donor_show", args=[one.pk, field]))
    assert whole in answer.content.decode()
    look = Look.objects.get()
    assert (look.user, look.field, look.subject) == (wen(), field, f"donations.donor:{one.pk}")


def test_looking_is_no_get() -> None:
    one = donor()
    assert client_of(wen()).get(reverse("gifts:donor_show", args=[one.pk, "phone"])).status_code == 405
    assert not Look.objects.exists()


@pytest.mark.parametrize(("person", "status"), [(yan, 403), (hua, 403), (jun, 404)])
def test_who_does_not_handle_gifts_sees_nothing_whole(person: Any, status: int) -> None:
    one = donor()
    answer = client_of(person()).post(reverse("gifts:donor_show", args=[one.pk, "phone"]))
    assert answer.status_code == status
    assert not Look.objects.exists()


def test_other_fields_are_not_shown() -> None:
    one = donor()
    assert (
        client_of(ping()).post(reverse("gifts:donor_show", args=[one.pk, "phone_index"])).status_code == 403
    )


def test_a_supervisor_does_not_see_donors() -> None:
    one = donor()
    assert client_of(hua()).get("/desk/donors/").status_code == 403
    assert client_of(hua()).get(one.get_absolute_url()).status_code == 403


def test_a_charitys_officer_finds_its_donors_without_a_look_at_the_gifts() -> None:
    mine = gift().donor
    donors = Donor.objects.in_scope_of(ping())
    assert list(donors) == [mine]
    assert "donations_gift" not in str(donors.query)
    assert not Donor.objects.in_scope_of(rui()).exists()
