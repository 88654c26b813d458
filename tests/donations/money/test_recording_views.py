"""Recording a gift: the books, the number, the rules."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.ledger.actions import close_month
from charity_hub.ledger.models import Account, Transfer
from donations.money.models import Donor, DonorKind, Gift, Way
from donations.stations.workflow import close_station
from funds.profile.workflow import suspend_fund
from tests.builders import active_fund, gift, purpose_of, station
from tests.cast import mei, other_charity, ping

pytestmark = pytest.mark.django_db


def balance(code: str) -> int:
    return Account.objects.get(code=code).balance


@pytest.mark.parametrize("way", [Way.CASH, Way.CHEQUE])
def test_cash_and_cheques_lie_at_the_station(way: str) -> None:
    gift(way=way, amount_fen=12_345)
    assert balance("cash:ZD-440605011-01:JJ-440605011-01") == 12_345


@pytest.mark.parametrize("way", [Way.BANK_TRANSFER, Way.QR_TRANSFER])
def test_transfers_lie_at_the_bank_of_the_host(way: str) -> None:
    active_fund()
    before = balance("bank:JJ-440605011-01")
    gift(way=way, amount_fen=12_345)
    assert balance("bank:JJ-440605011-01") - before == 12_345


def test_the_purpose_holds_the_gift() -> None:
    gift(purpose=purpose_of(active_fund(), "schooling"), amount_fen=12_345)
    assert Account.objects.get(code="net:JJ-440605011-01:schooling").normal_balance == 12_345


@pytest.mark.parametrize("kind", DonorKind.values)
def test_the_transfer_says_what_kind_of_donor_it_was(kind: str) -> None:
    given = gift(donor_kind=kind)
    assert (given.transfer.kind, given.transfer.source) == (f"gift:{kind}", given)


def test_numbers_follow_each_other_within_the_year_of_the_gift() -> None:
    first, second = gift(given_on=date(2026, 1, 5)), gift(given_on=date(2026, 1, 6))
    assert first.number.startswith("JZ-2026-")
    assert int(second.number[8:]) == int(first.number[8:]) + 1


def test_an_anonymous_gift_names_nobody() -> None:
    given = gift(donor_kind=DonorKind.ANONYMOUS, name="陈示例", publish_name=True)
    assert (given.donor, given.publish_name, Donor.objects.count()) == (None, False, 0)


def test_names_are_not_published_unless_agreed() -> None:
    assert (gift().publish_name, gift().publish_amount) == (False, True)


def test_a_donor_picked_from_the_list_is_taken_as_they_are() -> None:
    donor = gift().donor
    again = gift(donor=donor, donor_kind=DonorKind.ORGANIZATION, name="", phone="")
    assert (again.donor, again.donor_kind) == (donor, DonorKind.PERSON)


def test_a_donor_of_another_charity_cannot_be_picked() -> None:
    elsewhere = active_fund("JJ-440106018-01", host=other_charity())
    there = station("ZD-440106018-01", funds=[elsewhere])
    donor = gift(station=there, fund=elsewhere).donor
    with pytest.raises(Refused, match=r"another charity|其他|另一"):
        gift(donor=donor)


def refused(**fields: Any) -> str | None:
    """The field that a gift with these fields is refused at; nothing may be left behind."""
    active_fund(), station()
    counts = Gift.objects.count(), Donor.objects.count(), Transfer.objects.count()
    with pytest.raises(Refused) as refusal:
        gift(**fields)
    assert (Gift.objects.count(), Donor.objects.count(), Transfer.objects.count()) == counts
    assert str(refusal.value)
    return refusal.value.field


@pytest.mark.parametrize("amount_fen", [0, -1, 10_000_000_001])
def test_an_amount_of_nothing_or_above_100_million_is_refused(amount_fen: int) -> None:
    assert refused(amount_fen=amount_fen) == "amount_fen"


@pytest.mark.parametrize("amount_fen", [1, 10_000_000_000])
def test_one_fen_and_100_million_yuan_are_taken(amount_fen: int) -> None:
    assert gift(amount_fen=amount_fen).amount_fen == amount_fen


def test_a_day_to_come_is_refused() -> None:
    assert refused(given_on=timezone.localdate() + timedelta(days=1)) == "given_on"


def test_a_year_of_two_digits_is_refused() -> None:
    assert refused(given_on=date(25, 3, 5)) == "given_on"


def test_a_day_in_a_closed_month_is_refused() -> None:
    book = active_fund().book
    assert book
    close_month(book, date(2026, 1, 1))
    assert refused(given_on=date(2026, 1, 31)) == "given_on"
    assert gift(given_on=date(2026, 2, 1)).given_on == date(2026, 2, 1)


def test_a_suspended_fund_takes_no_money() -> None:
    station()
    suspend_fund(active_fund(), "示例原因", actor=ping())
    assert refused() == "fund"


def test_a_station_takes_money_for_its_own_funds_alone() -> None:
    station()
    assert refused(fund=active_fund("JJ-440605011-02")) == "fund"


def test_a_closed_station_takes_no_money() -> None:
    close_station(station(), "示例原因", actor=mei())
    assert refused() == "station"


def test_a_purpose_of_another_fund_is_refused() -> None:
    active_fund()
    assert refused(purpose=purpose_of(active_fund("JJ-440605011-02"))) == "purpose"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " \u3000"),
        ("name", "示" * 121),
        ("handler", " "),
        ("handler", "示" * 41),
        ("way", "barter"),
        ("donor_kind", "robot"),
        ("note", "示" * 201),
        ("official_receipt", "1" * 41),
        ("id_number", "110105194912310021"),
        ("phone", "12345"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(field: str, value: str) -> None:
    assert refused(**{field: value}) == field


def test_a_landline_is_kept() -> None:
    donor = gift(phone="0757-8633 0000").donor
    assert donor
    assert donor.phone == "0757-8633 0000"


@pytest.mark.parametrize("name", ["𠮷田示例", "㙟示例", "爱心🌻小组", '=HYPERLINK("http://example.invalid")'])
def test_rare_characters_emoji_and_formulas_are_kept_in_names(name: str) -> None:
    donor = gift(name=name).donor
    assert donor
    assert Donor.objects.get(pk=donor.pk).name == name
