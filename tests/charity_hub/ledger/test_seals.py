"""Seals, the night's work."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from charity_hub.ledger.models import Account, AccountKind, Seal
from charity_hub.ledger.queries import latest_seal
from charity_hub.ledger.seals import seal_through
from charity_hub.ledger.tasks import seal_yesterday
from tests.builders import account, posted

pytestmark = pytest.mark.django_db
DAY = date(2025, 3, 5)


@pytest.fixture
def bank() -> Account:
    return account("bank:示例")


@pytest.fixture
def net() -> Account:
    return account("net:示例", AccountKind.NET_ASSETS)


def sealed(day: date) -> Seal:
    seal = seal_through(day)
    assert seal is not None
    return seal


def test_a_seal_covers_what_no_seal_covers(bank: Account, net: Account) -> None:
    first = posted(bank, net)
    second = posted(bank, net)
    seal = sealed(DAY)
    assert (seal.transfer_count, seal.entry_count) == (2, 4)
    assert first.pk <= second.pk == seal.last_transfer


def test_seals_form_a_chain(bank: Account, net: Account) -> None:
    posted(bank, net)
    first = sealed(DAY)
    posted(bank, net)
    second = sealed(DAY + timedelta(days=1))
    assert second.previous_hash == first.hash
    assert second.first_transfer == first.last_transfer
    assert second.transfer_count == 1


def test_a_day_is_sealed_once(bank: Account, net: Account) -> None:
    first = sealed(DAY)
    posted(bank, net)
    assert seal_through(DAY) == first
    assert Seal.objects.count() == 1


def test_a_missed_night_is_made_up_by_the_next(bank: Account, net: Account) -> None:
    sealed(DAY)
    posted(bank, net)
    assert sealed(DAY + timedelta(days=7)).transfer_count == 1


def test_a_quiet_night_has_its_seal_too() -> None:
    first = sealed(DAY)
    second = sealed(DAY + timedelta(days=1))
    assert second.transfer_count == 0
    assert second.hash != first.hash


def test_a_day_before_the_latest_seal_gets_none() -> None:
    sealed(DAY)
    assert seal_through(DAY - timedelta(days=1)) is None


def test_tomorrow_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="has not come"):
        seal_through(timezone.localdate() + timedelta(days=1))


def test_the_task_seals_yesterday_once(bank: Account, net: Account) -> None:
    posted(bank, net)
    seal_yesterday()
    seal_yesterday()
    latest = latest_seal()
    assert latest is not None
    assert latest.day == timezone.localdate() - timedelta(days=1)
    assert Seal.objects.count() == 1
