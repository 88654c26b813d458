"""Donors by phone, for those who may know it; and in the order of pinyin, of sums, of days."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.people.models import Look, User
from donations.money.donor_actions import Correction, correct_donor, merge_donors
from donations.money.models import Donor
from donations.money.registrations import find_donors
from tests.builders import gift
from tests.cast import client_of, jun, ping, rui, wen, yan
from tests.donations.money.test_whose_donors import donor_of, of_others

pytestmark = pytest.mark.django_db
WRITTEN = [
    "13800001234",
    "138 0000 1234",
    "138-0000-1234",
    "+86 138 0000 1234",
    "１３８００００１２３４",
    "1234",
]


def listed(user: User, **query: str) -> list[str]:
    answer = client_of(user).get("/desk/donors/", query)
    return [row.record.name for row in answer.context["table"].page.object_list]


def found(user: User, text: str) -> list[str]:
    return [str(item.title) for item in find_donors(user, text)]


@pytest.mark.parametrize("typed", WRITTEN)
def test_a_phone_finds_its_donor_however_it_is_written(typed: str) -> None:
    gift()
    gift(name="李示例", phone="13900005678")
    assert listed(wen(), q=typed) == ["陈示例"]
    assert found(wen(), typed) == ["陈示例"]


@pytest.mark.parametrize("typed", ["13800001234", "1234"])
@pytest.mark.parametrize("person", [yan, jun, rui], ids=lambda person: person.__name__)
def test_who_may_not_see_the_phone_finds_nobody_by_it(person: Any, typed: str) -> None:
    gift()
    assert listed(wen(), q=typed) == found(wen(), typed) == ["陈示例"]
    assert listed(person(), q=typed) == []
    assert found(person(), typed) == []


def test_donors_of_other_stations_are_not_found() -> None:
    of_others()
    gift(amount_fen=1)
    assert found(ping(), "13800001234") == found(ping(), "1234") == ["陈示例"]
    assert found(wen(), "13800001234") == found(wen(), "1234") == []


def test_a_whole_phone_is_looked_up_within_limits(settings: Settings) -> None:
    settings.DONOR_LOOKUPS_PER_HOUR = 2
    gift()
    client = client_of(wen())
    for number in range(3):
        answer = client.get("/desk/donors/", {"q": f"1390000000{number}"})
    assert answer.status_code == 409
    assert listed(wen(), q="13800001234") == ["陈示例"]
    assert Look.objects.get().field == "match"


def test_the_desks_search_notes_whence_and_at_its_limit_refuses_donors_alone(settings: Settings) -> None:
    settings.DONOR_LOOKUPS_PER_HOUR = 1
    gift(official_receipt="13900000002")
    client = client_of(wen())
    client.get("/desk/search/", {"q": "13800001234"})
    assert Look.objects.get().address == "127.0.0.1"
    client.get("/desk/search/", {"q": "13900000001"})
    answer = client.get("/desk/search/", {"q": "13900000002"})
    assert [(one.search.name, bool(one.items[0].url)) for one in answer.context["found"]] == [
        ("gifts", True),
        ("donors", False),
    ]


def test_the_phone_of_a_merged_row_finds_who_was_kept() -> None:
    kept, gone = donor_of(gift()), donor_of(gift(name="陈是例", phone="13900005678"))
    merge_donors(gone, kept, reason="本人说明", actor=wen())
    assert listed(wen(), q="5678") == ["陈示例"]


def test_a_corrected_phone_is_found_by_its_new_end() -> None:
    correct_donor(donor_of(gift()), Correction("陈示例", "13900005678"), reason="改号", actor=wen())
    assert (listed(wen(), q="5678"), listed(wen(), q="1234")) == (["陈示例"], [])


def three_donors() -> None:
    today = timezone.localdate()
    for name, fen, days in (("赵示例", 300, 2), ("安示例", 200, 1), ("李示例", 100, 3)):
        gift(name=name, phone="", amount_fen=fen, given_on=today - timedelta(days=days))


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["安示例", "李示例", "赵示例"]),
        ("-name", ["赵示例", "李示例", "安示例"]),
        ("given_fen", ["李示例", "安示例", "赵示例"]),
        ("-given_fen", ["赵示例", "安示例", "李示例"]),
        ("-last_on", ["安示例", "赵示例", "李示例"]),
        ("gift_count", ["赵示例", "安示例", "李示例"]),
    ],
)
def test_donors_are_sorted(sort: str, names: list[str]) -> None:
    three_donors()
    assert listed(wen(), **({"sort": sort} if sort else {})) == names


@pytest.mark.parametrize("sort", ["last_on", "-last_on"])
def test_who_gave_nothing_that_counts_comes_last(sort: str) -> None:
    gift()
    Donor.objects.create(charity=donor_of(gift()).charity, kind="person", name="无", name_key="无")
    assert listed(ping(), sort=sort) == ["陈示例", "无"]


@pytest.mark.parametrize("count", [1, 50])
def test_a_search_by_phone_takes_the_same_number_of_queries(
    count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        gift(name=f"示例{number}", phone="13800001234")
    client = client_of(wen())
    client.get("/desk/donors/", {"q": "13800001234"})
    with django_assert_max_num_queries(22):
        assert client.get("/desk/donors/", {"q": "13800001234", "sort": "-given_fen"}).status_code == 200
