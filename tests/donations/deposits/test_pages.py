"""Cash on its way, on the desk, and what the frame shows of gifts."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from charity_hub.portal.interrupted_forms import sign_note
from charity_hub.workflow.actions import history
from donations.deposits.models import CashDeposit
from donations.deposits.workflow import withdraw_deposit
from tests.builders import active_fund, cash_deposit, gift, station
from tests.cast import ada, client_of, jun, mei, ping, qin, rui, wen, yan

pytestmark = pytest.mark.django_db


def hand_in(**changed: Any) -> Any:
    known = {
        "fund": active_fund().pk,
        "amount_fen": "40",
        "handed_in_on": timezone.localdate().isoformat(),
        "slip": "回单001",
        "confirmed": "1",
    }
    return client_of(wen()).post(f"{reverse('deposits:add')}?station={station().code}", known | changed)


def test_the_station_worker_hands_in_cash_once_however_often_it_is_sent() -> None:
    gift()
    note = sign_note(wen())
    assert hand_in(opened_by=note).url == hand_in(opened_by=note).url
    assert CashDeposit.objects.get().amount_fen == 4_000


def test_a_form_sent_again_after_its_deposit_was_taken_back_deposits_nothing() -> None:
    gift()
    note = sign_note(wen())
    hand_in(opened_by=note)
    deposit = CashDeposit.objects.get()
    withdraw_deposit(deposit, "写错", actor=wen())
    assert hand_in(opened_by=note).url == deposit.get_absolute_url()
    assert CashDeposit.objects.count() == 1


def test_a_station_that_holds_nothing_is_not_asked_for_an_amount() -> None:
    address = f"{reverse('deposits:add')}?station={station().code}"
    assert 'name="amount_fen"' not in client_of(wen()).get(address).text
    gift()
    assert 'name="amount_fen"' in client_of(wen()).get(address).text


def test_the_answers_are_checked_first() -> None:
    gift()
    assert hand_in(confirmed=[]).status_code == 200
    assert not CashDeposit.objects.exists()


def test_more_than_the_station_holds_is_refused_at_the_amount() -> None:
    gift(amount_fen=10_000)
    assert "¥100.00" in hand_in(amount_fen="100.01").context["form"].errors["amount_fen"][0]


@pytest.mark.parametrize(("person", "status"), [(mei, 403), (ping, 403), (yan, 403)])
def test_others_hand_in_nothing(person: Any, status: int) -> None:
    gift()
    assert (
        client_of(person()).get(f"{reverse('deposits:add')}?station={station().code}").status_code == status
    )


def receive(person: Any, deposit: CashDeposit) -> Any:
    day = timezone.localdate().isoformat()
    return client_of(person).post(
        reverse("deposits:receive", args=[deposit.number]), {"received_on": day, "reason": "已核对"}
    )


def test_an_officer_of_the_host_receives_it() -> None:
    gift()
    deposit = cash_deposit()
    assert receive(ping(), deposit).status_code == 302
    deposit.refresh_from_db()
    assert (deposit.state, deposit.received_by) == ("received", ping())
    assert history(deposit).filter(new=deposit.state, why="已核对").exists()


def test_an_administrator_does_not_receive_what_they_handed_in() -> None:
    gift()
    deposit = cash_deposit(actor=ada())
    assert receive(ada(), deposit).context["form"].errors
    deposit.refresh_from_db()
    assert deposit.state == "handed_in"


@pytest.mark.parametrize(("person", "status"), [(wen, 403), (mei, 403), (rui, 404), (jun, 403)])
def test_nobody_else_receives(person: Any, status: int) -> None:
    gift()
    assert receive(person(), cash_deposit()).status_code == status


def test_another_street_does_not_see_it() -> None:
    gift()
    deposit = cash_deposit()
    assert client_of(jun()).get(deposit.get_absolute_url()).status_code == 404


def test_it_waits_on_the_desk_of_the_officers_until_it_is_received() -> None:
    gift()
    deposit = cash_deposit()
    assert deposit.number in client_of(qin()).get("/desk/").content.decode()
    receive(ping(), deposit)
    assert deposit.number not in client_of(qin()).get("/desk/").content.decode()


def test_it_does_not_wait_for_another_charity() -> None:
    gift()
    number = cash_deposit().number
    assert number in client_of(qin()).get("/desk/").content.decode()
    assert number not in client_of(rui()).get("/desk/").content.decode()


def test_the_desk_search_finds_gifts_and_donors_in_pinyin() -> None:
    given = gift()
    page = client_of(wen()).get("/desk/search/?q=chenshili").content.decode()
    assert given.number in page
    assert "138****1234" in page


def test_the_fund_page_shows_names_and_amounts_only_where_agreed() -> None:
    gift(name="陈示例", publish_name=True, amount_fen=12_300)
    gift(name="李小样", phone="13800005678", publish_amount=False, amount_fen=45_600)
    page = client_of(None).get(f"/funds/{active_fund().code}/").content.decode()
    assert "陈示例" in page
    assert "¥123.00" in page
    assert "李小样" not in page
    assert "¥456.00" not in page


def test_the_fund_page_says_where_to_give() -> None:
    assert station().address in client_of(None).get(f"/funds/{active_fund().code}/").content.decode()


def test_the_home_page_tells_the_latest_gifts_as_agreed() -> None:
    gift(name="陈示例", publish_name=True, amount_fen=12_300)
    gift(name="李小样", phone="13800005678", publish_amount=False, amount_fen=45_600)
    gifts = client_of(None).get("/").text.partition('id="latest-gifts"')[2].partition("</section>")[0]
    assert "陈示例" in gifts
    assert "¥123.00" in gifts
    assert "李小样" not in gifts
    assert "¥456.00" not in gifts


def test_the_home_page_says_at_how_many_stations_one_can_give() -> None:
    assert "Give near you" not in client_of(None).get("/").text
    station()
    assert "1 donation station is open." in client_of(None).get("/").text


def test_who_takes_a_deposit_back_sees_once_more_what_it_is() -> None:
    gift()
    deposit = cash_deposit(slip="示例回单777")
    answer = client_of(ping()).post(f"/desk/deposits/{deposit.number}/withdraw/", {"reason": "金额不符"})
    page = answer.content.decode()
    assert "示例回单777" in page
    assert 'name="confirmed"' in page
