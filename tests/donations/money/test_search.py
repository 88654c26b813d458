"""Gifts found by what clerks type, each part by an index that PostgreSQL really uses."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from donations.money import search
from donations.money.models import Gift
from donations.money.search import gifts_matching, gifts_of_donors_matching
from tests.builders import gift
from tests.cast import client_of, hua, ping, yan

pytestmark = pytest.mark.django_db


def found(text: str) -> set[Gift]:
    return set(Gift.objects.filter(gifts_matching(text) | gifts_of_donors_matching(text)))


def test_by_the_whole_number_in_any_case_by_its_beginning_and_by_its_last_figures() -> None:
    one = gift()
    for text in (one.number, one.number.lower(), f" {one.number[:-1]}", str(int(one.number[-6:]))):
        assert one in found(text)


def test_by_how_the_official_receipt_begins() -> None:
    one = gift(official_receipt="粤87572805")
    gift()
    assert found("粤8757") == {one}


@pytest.mark.parametrize("text", ["陈示例", "陈", "陈 示例", "chenshi", "CSL"])
def test_by_the_donors_name_or_pinyin(text: str) -> None:
    one = gift()
    gift(name="王示例")
    assert found(text) == {one}


@pytest.mark.parametrize("text", ["", "  ", "zzzz", "不在此处"])
def test_nothing_that_is_called_so_is_nothing(text: str) -> None:
    gift(official_receipt="粤87572805")
    assert found(text) == set()


def test_a_name_that_very_many_donors_have_finds_all_their_gifts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_DONORS", 1)
    both = {gift(phone="13800001111"), gift(phone="13800002222")}
    assert found("陈示例") == both


@pytest.mark.parametrize(
    ("text", "index"), [("粤8757", "gift_by_receipt"), ("JZ-2026-000001", "gift_number_once")]
)
def test_number_and_receipt_come_from_their_index(text: str, index: str) -> None:
    gift(official_receipt="粤87572805")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in Gift.objects.order_by().filter(gifts_matching(text)).explain()


def test_the_latest_gifts_come_from_an_index_without_sorting() -> None:
    gift()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Gift.objects.order_by("-given_on", "-pk")[:20].explain()
    assert "gift_latest" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("count", [1, 50])
def test_a_search_costs_the_list_two_queries_more_however_many_gifts(count: int) -> None:
    for _number in range(count):
        gift()
    client = client_of(ping())
    client.get("/desk/gifts/")
    with CaptureQueriesContext(connection) as plain:
        client.get("/desk/gifts/")
    with CaptureQueriesContext(connection) as searched:
        client.get("/desk/gifts/?q=csl")
    # The list reads its filters' choices, totals, count and page; the donors are looked up once for
    # the totals and once for the table.
    assert len(searched) - len(plain) == 2


@pytest.mark.parametrize("text", ["陈示例", "chenshi"])
def test_whoever_reads_names_masked_finds_by_name_what_may_be_published(text: str) -> None:
    hidden, agreed = gift(), gift(publish_name=True)
    address = f"/desk/gifts/?q={text}"
    watched, checked = (client_of(one).get(address).content.decode() for one in (hua(), yan()))
    assert (hidden.number in watched, agreed.number in watched) == (False, True)
    assert hidden.number in checked
