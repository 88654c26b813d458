"""A clerk voids what nobody else has seen; everything else the charity voids, whom the clerk asks."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.ledger.actions import reverse as reverse_transfer
from charity_hub.people.models import User
from charity_hub.portal.desk import waiting_for
from charity_hub.workflow.actions import record
from donations.deposits.workflow import withdraw_deposit
from donations.money.actions import ask_to_void
from donations.money.models import Gift, Way
from donations.money.void_models import VoidRequest
from donations.money.workflow import decline_voiding, void_gift
from tests.builders import acknowledged, cash_deposit, gift, voided
from tests.cast import ada, client_of, mei, ping, qin, rui, wen, yan

pytestmark = pytest.mark.django_db


def of_yesterday(**fields: Any) -> Gift:
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        return gift(**fields)


def printed() -> Gift:
    given = gift()
    acknowledged(given)
    return given


def handed_in() -> Gift:
    given = gift(amount_fen=10_000)
    gift(amount_fen=10_000)
    cash_deposit(amount_fen=10_000)
    return given


SEEN = [of_yesterday, printed, handed_in]


@pytest.mark.parametrize("make", SEEN)
def test_a_clerk_does_not_void_what_others_have_seen(make: Any) -> None:
    given = make()
    with pytest.raises(Refused):
        void_gift(given, "金额写错", actor=wen())
    given.refresh_from_db()
    assert not given.voided


@pytest.mark.parametrize("make", SEEN)
def test_the_charity_does(make: Any) -> None:
    given = voided(make(), "金额写错", actor=ping())
    assert (given.voided, given.voided_by) == (True, ping())


def test_a_transfer_is_never_handed_in() -> None:
    gift(amount_fen=10_000)
    given = gift(way=Way.BANK_TRANSFER)
    cash_deposit(amount_fen=10_000)
    assert voided(given, "金额写错", actor=wen()).voided_by == wen()


def test_cash_that_came_back_is_the_clerks_again() -> None:
    given = gift(amount_fen=10_000)
    withdraw_deposit(cash_deposit(amount_fen=10_000), "退回", actor=wen())
    assert voided(given, "金额写错", actor=wen()).voided


def test_the_day_is_shanghais() -> None:
    with time_machine.travel("2026-11-30 15:59:00Z", tick=False):
        given = gift()
    with time_machine.travel("2026-11-30 16:01:00Z", tick=False), pytest.raises(Refused):
        void_gift(given, "金额写错", actor=wen())


def test_another_clerk_does_not_void_it() -> None:
    with pytest.raises(Refused):
        void_gift(gift(), "金额写错", actor=mei())


def test_even_an_administrator_does_not_void_an_old_gift_of_their_own() -> None:
    given = of_yesterday(actor=ada())
    with pytest.raises(Refused):
        void_gift(given, "金额写错", actor=ada())


def by_sql(given: Gift, reversed_by: User, named: User | None = None) -> None:
    """As somebody with a database prompt would: reverse the transfer, write the row."""
    with transaction.atomic(), connection.cursor() as cursor:
        reverse_transfer(given.transfer, "x", actor=reversed_by)
        record(given, "recorded", "voided", actor=reversed_by)
        cursor.execute(
            "UPDATE donations_gift SET state = 'voided', voided_by_id = %s WHERE id = %s",
            [(named or reversed_by).pk, given.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("make", SEEN)
def test_postgresql_refuses_the_clerk_too(make: Any) -> None:
    with pytest.raises(IntegrityError, match="is not voided by who recorded it"):
        by_sql(make(), wen())


def test_postgresql_lets_the_charity() -> None:
    given = of_yesterday()
    by_sql(given, ping())
    given.refresh_from_db()
    assert given.voided


def test_postgresql_wants_the_name_of_who_reversed() -> None:
    with pytest.raises(IntegrityError, match="somebody else reversed"):
        by_sql(of_yesterday(), wen(), named=ping())


@pytest.mark.parametrize("by", ["NULL", "recorded_by_id"])
def test_who_voided_stays(by: str) -> None:
    given = voided(of_yesterday(), "金额写错", actor=ping())
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(f"UPDATE donations_gift SET voided_by_id = {by} WHERE id = %s", [given.pk])


def ask(given: Gift) -> VoidRequest:
    return ask_to_void(given, "金额写错", actor=wen())


def test_a_request_lands_on_the_desk_of_the_charity_alone() -> None:
    given = of_yesterday()
    ask(given)

    def listed(user: User) -> list[str]:
        found = [one for one in waiting_for(user) if one.worklist.name == "gifts-decline"]
        return [item.url for one in found for item in one.items]

    assert listed(ping()) == [given.get_absolute_url()]
    assert [listed(person) for person in (rui(), wen(), mei())] == [[], [], []]


def test_asking_twice_is_asking_once() -> None:
    given = of_yesterday()
    assert ask(given) == ask(given)


@pytest.mark.parametrize("person", [yan, rui])
def test_who_does_not_handle_the_gift_does_not_ask(person: Any) -> None:
    with pytest.raises(PermissionDenied):
        ask_to_void(of_yesterday(), "金额写错", actor=person())


def test_voiding_grants_the_request() -> None:
    given = of_yesterday()
    asked = ask(given)
    void_gift(given, "金额写错", actor=ping())
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("granted", ping())


def test_a_declined_request_leaves_the_gift_and_may_be_asked_again() -> None:
    given = of_yesterday()
    asked = ask(given)
    assert decline_voiding(asked, "金额正确", actor=ping())
    asked.refresh_from_db()
    given.refresh_from_db()
    assert (given.voided, asked.state, asked.answer) == (False, "declined", "金额正确")
    assert ask(given) != asked


def test_who_asked_does_not_decide() -> None:
    given = of_yesterday()
    asked = ask_to_void(given, "金额写错", actor=ada())
    with pytest.raises(Refused):
        void_gift(given, "金额写错", actor=ada())
    with pytest.raises(Refused):
        decline_voiding(asked, "金额正确", actor=ada())


@pytest.mark.parametrize(
    "change",
    [
        "state = 'granted', decided_by_id = {ping}",
        "state = 'declined', decided_by_id = {wen}",
        "reason = 'x'",
    ],
)
def test_postgresql_keeps_requests(change: str) -> None:
    asked = ask(of_yesterday())
    sql = change.format(ping=ping().pk, wen=wen().pk)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(f"UPDATE donations_void_request SET {sql} WHERE id = %s", [asked.pk])


def test_the_clerk_asks_and_the_officer_voids_on_their_pages() -> None:
    given = of_yesterday()
    asking = reverse("gifts:ask_to_void", args=[given.number])
    address = reverse("gifts:void", args=[given.number])
    assert client_of(wen()).get(address)["Location"] == given.get_absolute_url()
    assert client_of(wen()).post(asking, {"reason": "金额写错"}).status_code == 302
    assert client_of(ping()).get(address).context["form"]["reason"].value() == "金额写错"
    client_of(ping()).post(address, {"reason": "金额写错", "confirmed": "1"})
    given.refresh_from_db()
    assert given.voided_by == ping()


def test_who_may_void_is_led_there_instead_of_asking() -> None:
    given = gift()
    answer = client_of(wen()).post(reverse("gifts:ask_to_void", args=[given.number]), {"reason": "金额写错"})
    assert answer["Location"] == reverse("gifts:void", args=[given.number])
    assert not VoidRequest.objects.exists()


def test_the_officer_declines_on_the_page_and_the_clerk_reads_why() -> None:
    given = of_yesterday()
    ask(given)
    client_of(qin()).post(reverse("gifts:decline", args=[given.number]), {"reason": "金额正确"})
    assert "金额正确" in client_of(wen()).get(given.get_absolute_url()).content.decode()


def test_a_clerk_declines_nothing() -> None:
    given = of_yesterday()
    ask(given)
    address = reverse("gifts:decline", args=[given.number])
    assert client_of(wen()).post(address, {"reason": "金额正确"}).status_code == 403
