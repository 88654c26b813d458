"""The verbs of gifts and of cash ask who acts, whatever page, command or task calls them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from charity_hub.people.models import User
from donations.deposits.workflow import receive_cash
from donations.money.actions import amend_gift, record_gifts
from donations.money.models import Gift, GiftState
from donations.money.workflow import void_gift
from tests import cast
from tests.builders import active_fund, cash_deposit, gift, station

pytestmark = pytest.mark.django_db

OUTSIDERS = [cast.jun, cast.rui, cast.yan, cast.hua, cast.lan, cast.bo]


def named(person: Callable[[], User]) -> str:
    return person.__name__


@pytest.mark.parametrize("other", [*OUTSIDERS, cast.ping], ids=named)
def test_a_gift_is_recorded_by_who_records_at_the_station(other: Callable[[], User]) -> None:
    with pytest.raises(PermissionDenied):
        gift(actor=other())
    with pytest.raises(PermissionDenied):
        record_gifts([], station=station(), fund=active_fund(), actor=other())


@pytest.mark.parametrize("other", OUTSIDERS, ids=named)
def test_a_gift_is_voided_and_amended_by_who_handles_it(other: Callable[[], User]) -> None:
    given = gift(publish_name=True)
    with pytest.raises(PermissionDenied):
        void_gift(given, "金额写错", actor=other())
    with pytest.raises(PermissionDenied):
        amend_gift(
            given, publish_name=False, publish_amount=False, official_receipt="", note="", actor=other()
        )
    given.refresh_from_db()
    assert (given.state, given.publish_name) == (GiftState.RECORDED, True)


@pytest.mark.parametrize("worker", [cast.wen, cast.mei, cast.ada], ids=named)
def test_workers_the_street_and_the_administrator_record(worker: Callable[[], User]) -> None:
    gift(actor=worker())
    assert Gift.objects.count() == 1


@pytest.mark.parametrize("other", [*OUTSIDERS, cast.ping, cast.mei], ids=named)
def test_cash_is_handed_in_by_the_stations_own_workers(other: Callable[[], User]) -> None:
    gift()
    with pytest.raises(PermissionDenied):
        cash_deposit(actor=other())


@pytest.mark.parametrize("other", [*OUTSIDERS, cast.wen, cast.mei], ids=named)
def test_cash_is_received_by_the_host_charity(other: Callable[[], User]) -> None:
    gift()
    deposit = cash_deposit()
    with pytest.raises(PermissionDenied):
        receive_cash(deposit, received_on=timezone.localdate(), actor=other())


def test_a_worker_who_left_records_no_more() -> None:
    worker, at = cast.wen(), station()
    worker.memberships.update(ends_on=timezone.localdate())
    with time_machine.travel(timezone.now() + timedelta(days=1)), pytest.raises(PermissionDenied):
        gift(station=at, actor=User.objects.get(pk=worker.pk))
