"""Stations: opened, changed, closed by the street; found by anyone."""

import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from charity_hub.errors import Refused
from charity_hub.workflow.actions import history
from donations.stations.actions import change_station, open_station
from donations.stations.models import Station
from donations.stations.workflow import close_station, reopen_station
from funds.profile.workflow import suspend_fund
from tests.builders import active_fund, draft_fund, gift, organization, region, station
from tests.cast import client_of, guicheng, hua, jun, lan, mei, ping, rui, station_operator, wen, yan

pytestmark = pytest.mark.django_db


def terms(**changed: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "name": "桂城示例捐赠站",
        "operator": station_operator(),
        "funds": [active_fund()],
        "address": "桂城街道示例路1号",
        "phone": "0757-86330000",
        "contact": "文示例",
        "opening_hours": "周一至周五 9:00–17:00",
    }
    return known | changed


def opened(**changed: Any) -> Station:
    return open_station(**{"region": guicheng(), "actor": mei()} | terms(**changed))


def test_codes_follow_each_other_within_a_region() -> None:
    assert [opened().code, opened().code] == ["ZD-440605011-01", "ZD-440605011-02"]


@pytest.mark.parametrize("code", ["ZD-440106018-01", "ZD-440605011-1", "zd-440605011-01", "X"])
def test_a_code_names_the_region(code: str) -> None:
    with pytest.raises(Refused) as refusal:
        opened(code=code)
    assert refusal.value.field == "code"


def test_a_community_station_may_bear_the_code_of_its_street() -> None:
    assert opened(code="ZD-440605011-09", region=region("440605011020")).code == "ZD-440605011-09"


def test_a_code_is_used_once() -> None:
    opened(code="ZD-440605011-07")
    with pytest.raises(Refused):
        opened(code="ZD-440605011-07")


def test_postgresql_refuses_another_kind_of_code() -> None:
    one = opened()
    one.pk, one.code = None, "1"
    with pytest.raises(IntegrityError, match="station_code_is_zd_region_number"), transaction.atomic():
        one.save()


def test_a_station_keeps_its_code() -> None:
    one = opened()
    with pytest.raises(IntegrityError, match="keeps its code"), transaction.atomic():
        Station.objects.filter(pk=one.pk).update(code="ZD-440605011-99")


def test_a_draft_fund_has_no_station() -> None:
    with pytest.raises(Refused) as refusal:
        opened(funds=[draft_fund()])
    assert refusal.value.field == "funds"


def test_a_fund_that_is_suspended_later_stays_with_its_station() -> None:
    one = opened()
    suspend_fund(active_fund(), "示例原因", actor=ping())
    change_station(one, **terms(name="新名示例站", funds=[active_fund()]), actor=mei())
    one.refresh_from_db()
    assert one.name == "新名示例站"


def test_closing_leaves_who_and_why_and_twice_is_once() -> None:
    one = opened()
    assert close_station(one, "示例原因", actor=mei()) is True
    assert close_station(one, "示例原因", actor=mei()) is False
    assert [(step.new, step.actor, step.why) for step in history(one)][1:] == [("closed", mei(), "示例原因")]


def test_closing_needs_a_reason() -> None:
    with pytest.raises(Refused):
        close_station(opened(), " ", actor=mei())


def test_a_closed_station_is_reopened() -> None:
    one = opened()
    close_station(one, "示例原因", actor=mei())
    assert reopen_station(one, actor=mei()) is True
    one.refresh_from_db()
    assert one.state == "open"


def test_every_change_is_kept() -> None:
    one = opened()
    change_station(one, **terms(phone="0757-86330001"), actor=mei())
    assert [event.phone for event in one.events.order_by("pgh_id")] == ["0757-86330000", "0757-86330001"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("person", [jun, ping, wen, yan, lan])
def test_only_street_staff_of_the_region_keep_stations_whoever_calls(person: Any) -> None:
    one = opened()
    with pytest.raises(PermissionDenied):
        opened(actor=person())
    with pytest.raises(PermissionDenied):
        change_station(one, **terms(), actor=person())
    with pytest.raises(PermissionDenied):
        close_station(one, "示例原因", actor=person())
    close_station(one, "示例原因", actor=mei())
    with pytest.raises(PermissionDenied):
        reopen_station(one, actor=person())


@pytest.mark.parametrize("person", [mei, ping, wen, yan, hua])
def test_in_scope_is_who_works_for_it_oversees_it_or_hosts_its_funds(person: Any) -> None:
    one = station()
    assert list(Station.objects.in_scope_of(person())) == [one]


@pytest.mark.parametrize("person", [jun, rui, lan])
def test_out_of_scope_is_everybody_else(person: Any) -> None:
    station()
    assert not Station.objects.in_scope_of(person()).exists()


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_get_two_codes() -> None:
    known, actor, at = terms(), mei(), guicheng()
    gate, codes = threading.Barrier(6), []

    def open_one() -> None:
        gate.wait()
        codes.append(open_station(region=at, actor=actor, **known).code)
        connection.close()

    threads = [threading.Thread(target=open_one) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [f"ZD-440605011-{number:02}" for number in range(1, 7)]


# --- pages ----------------------------------------------------------------------------------------


def test_anyone_finds_open_stations_with_address_hours_and_phone() -> None:
    one = station()
    page = client_of(None).get("/stations/").content.decode()
    for expected in (
        one.name,
        one.address,
        one.opening_hours,
        'href="tel:0757-86330000"',
        active_fund().name,
    ):
        assert expected in page


def test_closed_stations_are_not_listed_but_their_page_says_so() -> None:
    one = station()
    close_station(one, "示例原因", actor=mei())
    client = client_of(None)
    assert one.name not in client.get("/stations/").content.decode()
    assert client.get(f"/stations/{one.code}/").status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=gcsl", 1),
        ("q=示例路", 1),
        ("q=nothing", 0),
        ("region=440605", 1),
        ("region=440605011", 1),
        ("region=440106", 0),
    ],
)
def test_stations_are_searched_in_pinyin_and_filtered_by_region(query: str, found: int) -> None:
    station()
    other = active_fund("JJ-440106018-01")
    station("ZD-440106018-01", funds=[other], name="天河捐赠站", address="别处")
    page = client_of(None).get(f"/stations/?{query}").context["page"]
    assert sum(one.code == "ZD-440605011-01" for one in page) == found


def test_stations_are_filtered_by_fund() -> None:
    one, other = station(), active_fund("JJ-440106018-01")
    station("ZD-440106018-01", funds=[other])
    page = client_of(None).get(f"/stations/?fund={active_fund().pk}").context["page"]
    assert list(page) == [one]


@pytest.mark.parametrize("count", [1, 50])
def test_the_public_list_takes_a_fixed_number_of_queries(
    count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        station(f"ZD-440605011-{number + 1:02}")
    client = client_of(None)
    with django_assert_max_num_queries(7):
        assert client.get("/stations/").status_code == 200


def posted(**changed: Any) -> dict[str, Any]:
    known = terms() | {"operator": station_operator().pk, "funds": [active_fund().pk], "region": "440605011"}
    return known | changed


def test_the_street_opens_a_station() -> None:
    known = posted()
    answer = client_of(mei()).post(reverse("stations:add"), known)
    assert answer.status_code == 302
    assert Station.objects.get().code == "ZD-440605011-01"


def test_the_street_opens_none_elsewhere() -> None:
    known = posted(region=region("440106018").pk)
    answer = client_of(mei()).post(reverse("stations:add"), known)
    assert answer.context["form"].errors["region"]


def test_the_street_changes_closes_and_reopens_its_station() -> None:
    one, client = station(), client_of(mei())
    client.post(reverse("stations:edit", args=[one.code]), posted(name="新名示例站"))
    client.post(reverse("stations:close", args=[one.code]), {"reason": "示例原因"})
    one.refresh_from_db()
    assert (one.name, one.state) == ("新名示例站", "closed")
    client.post(reverse("stations:reopen", args=[one.code]))
    one.refresh_from_db()
    assert one.state == "open"


@pytest.mark.parametrize("name", ["edit", "close", "reopen"])
@pytest.mark.parametrize(("person", "status"), [(jun, 404), (wen, 403), (ping, 403), (yan, 403)])
def test_nobody_else_keeps_it(name: str, person: Any, status: int) -> None:
    one = station()
    answer = client_of(person()).post(reverse(f"stations:{name}", args=[one.code]), posted(reason="x"))
    assert answer.status_code == status
    one.refresh_from_db()
    assert (one.name, one.state) == ("桂城示例捐赠站", "open")


def test_the_desk_page_shows_the_cash_at_the_station() -> None:
    gift(amount_fen=12_345)
    assert (
        "¥123.45"
        in client_of(wen()).get(reverse("stations:desk_detail", args=[station().code])).content.decode()
    )


def test_the_desk_finds_a_station_in_pinyin() -> None:
    one = station()
    assert one.code in client_of(mei()).get("/desk/search/?q=gcsl").content.decode()


def test_operators_of_other_districts_are_not_offered() -> None:
    far = organization("远方示例机构", at=region("440106018"))
    near = station_operator()
    page = client_of(mei()).get(reverse("stations:add")).content.decode()
    assert near.name in page
    assert far.name not in page
