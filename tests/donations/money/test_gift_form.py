"""The gift form: one page, from the amount to the number."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from charity_hub.ledger.actions import close_month
from charity_hub.portal.interrupted_forms import sign_note
from donations.money.actions import record_gifts
from donations.money.models import Donor, DonorKind, Gift
from donations.money.rules import NewGift
from donations.stations.workflow import close_station
from funds.profile.workflow import suspend_fund
from tests.builders import active_fund, gift, organization, purpose_of, station, voided
from tests.cast import client_of, jun, mei, other_charity, ping, wen

pytestmark = pytest.mark.django_db


def address() -> str:
    return f"{reverse('gifts:add')}?station={station().code}"


def typed(**changed: Any) -> dict[str, Any]:
    known = {
        "amount_fen": "100.00",
        "given_on": timezone.localdate().isoformat(),
        "way": "cash",
        "purpose": purpose_of(active_fund()).pk,
        "donor_kind": "person",
        "name": "陈示例",
        "phone": "138 0000 1234",
        "publish_amount": "on",
        "handler": "文示例",
    }
    return {name: value for name, value in (known | changed).items() if value is not None}


def send(client: Client | None = None, **changed: Any) -> Any:
    return (client or client_of(wen())).post(address(), typed(**changed), follow=True)


def page_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_a_gift_is_recorded_and_its_number_shown_above_the_next_form() -> None:
    answer = send()
    recorded = Gift.objects.get()
    page = page_of(answer)
    assert recorded.number in page
    assert reverse("gifts:acknowledgement", args=[recorded.number]) in page
    assert answer.context["form"].fields["amount_fen"].widget.attrs.get("autofocus")


def test_a_form_that_is_back_after_a_sign_in_does_not_show_the_gift_before_it() -> None:
    number = gift().number
    data = {"name": "陈示例", "opened_by": sign_note(wen())}
    led_to = Client().post(f"{address()}&saved={number}", data)["Location"]
    page = client_of(wen()).get(parse_qs(urlsplit(led_to).query)["next"][0])
    assert (page.context["interrupted"], page.context["saved"]) == (True, None)


def test_the_first_form_restricts_nothing_by_itself() -> None:
    page = client_of(wen()).get(address())
    assert page.context["form"].initial["purpose"] == purpose_of(active_fund()).pk


def test_the_next_form_remembers_fund_purpose_way_and_handler() -> None:
    schooling = purpose_of(active_fund(), "schooling")
    page = page_of(send(purpose=schooling.pk, way="cheque", handler="代班示例"))
    assert re.search(rf'<option value="{schooling.pk}" selected', page)
    assert re.search(r'value="cheque"[^>]*checked|checked[^>]*value="cheque"', page)
    assert 'value="代班示例"' in page


def test_the_next_form_is_of_today_whatever_a_register_brought_in() -> None:
    last_year = timezone.localdate() - timedelta(days=365)
    schooling = purpose_of(active_fund(), "schooling")
    row = NewGift(
        purpose=schooling,
        donor_kind=DonorKind.ANONYMOUS,
        amount_fen=100,
        way="cheque",
        given_on=last_year,
        handler="代班示例",
        key="register:1:1",
    )
    record_gifts([row], station=station(), fund=active_fund(), actor=wen())
    initial = client_of(wen()).get(address()).context["form"].initial
    assert (initial["given_on"], initial["handler"]) == (timezone.localdate(), wen().name)
    assert initial["purpose"] == purpose_of(active_fund()).pk


def test_beside_the_form_stand_the_gifts_of_the_day_that_is_being_entered() -> None:
    earlier = timezone.localdate() - timedelta(days=3)
    answer = send(given_on=earlier.isoformat())
    assert [one.given_on for one in answer.context["gifts"]] == [earlier]
    assert answer.context["totals"].fen == 10_000
    assert answer.context["day"] == earlier


def test_a_double_click_records_one_gift() -> None:
    note = sign_note(wen())
    send(opened_by=note), send(opened_by=note)
    assert Gift.objects.count() == 1


def test_a_form_that_is_sent_again_after_its_gift_was_voided_says_so_and_records_nothing() -> None:
    note = sign_note(wen())
    send(opened_by=note)
    given = voided(Gift.objects.get(), "写错", actor=wen())
    page = page_of(send(opened_by=note))
    assert "data-saved-voided" in page
    assert f'href="{given.get_absolute_url()}"' in page
    assert reverse("gifts:acknowledgement", args=[given.number]) not in page
    assert Gift.objects.count() == 1


def test_the_same_form_with_another_amount_is_refused() -> None:
    note = sign_note(wen())
    send(opened_by=note)
    assert send(opened_by=note, amount_fen="200").context["form"].refused_as_a_whole
    assert Gift.objects.count() == 1


@pytest.mark.parametrize(
    "amount", ["0", "-5", "1.005", "100000000.01", "abc", "1,00", ""], ids=lambda text: text or "empty"
)
def test_an_amount_that_cannot_be_right_is_shown_again_with_a_sentence(amount: str) -> None:
    answer = send(amount_fen=amount)
    assert answer.status_code == 200
    assert answer.context["form"].errors["amount_fen"]
    assert "陈示例" in page_of(answer)
    assert not Gift.objects.exists()


@pytest.mark.parametrize("amount", ["1,000.00元", "１０００", "¥1000", "1000"])
def test_amounts_are_read_as_people_write_them(amount: str) -> None:
    send(amount_fen=amount)
    assert Gift.objects.get().amount_fen == 100_000


def test_a_day_to_come_is_refused_at_its_field() -> None:
    answer = send(given_on=(timezone.localdate() + timedelta(days=1)).isoformat())
    assert answer.context["form"].errors["given_on"]


def test_a_day_in_a_closed_month_is_refused_at_its_field() -> None:
    book = active_fund().book
    assert book
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    close_month(book, last_month)
    answer = send(given_on=last_month.isoformat())
    assert answer.context["form"].errors["given_on"]


def test_a_fund_suspended_while_the_form_was_open_is_refused_with_a_sentence() -> None:
    fund = active_fund()
    station()
    suspend_fund(fund, "示例原因", actor=ping())
    answer = send()
    assert fund.name in "".join(answer.context["form"].non_field_errors())
    assert not Gift.objects.exists()


def test_a_purpose_of_another_fund_is_refused() -> None:
    active_fund()
    answer = send(purpose=purpose_of(active_fund("JJ-440605011-02")).pk)
    assert answer.context["form"].errors["purpose"]


def test_a_station_closed_while_the_form_was_open_is_refused_with_a_sentence() -> None:
    close_station(station(), "示例原因", actor=mei())
    answer = send()
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


@pytest.mark.parametrize("name", ["长" * 121, "张\x00三"])
def test_a_name_that_cannot_be_kept_is_told_once(name: str) -> None:
    assert len(send(name=name).context["form"].errors["name"]) == 1


def test_a_named_gift_needs_a_name() -> None:
    assert send(name="").context["form"].errors["name"]


def test_an_anonymous_gift_needs_none() -> None:
    send(name="", phone="", donor_kind="anonymous")
    assert Gift.objects.get().donor is None


@pytest.mark.parametrize(
    "name", ["𠮷田示例", "㙟示例", "爱心🌻小组", '=HYPERLINK("http://example.invalid")', "<b>粗</b>"]
)
def test_names_are_kept_and_shown_as_they_are(name: str) -> None:
    assert name in page_of(send(name=name))
    assert Donor.objects.get().name == name


def test_the_same_gift_of_the_same_day_is_asked_about_once() -> None:
    gift()
    client = client_of(wen())
    answer = send(client)
    assert Gift.objects.count() == 1
    (question,) = answer.context["asked"]
    assert Gift.objects.get().number in question
    send(client, answered=answer.context["form"]["answered"].value())
    assert Gift.objects.count() == 2


def test_an_answer_to_other_questions_does_not_count() -> None:
    gift()
    assert send(answered="0" * 32).context["asked"]


def test_a_phone_of_somebody_else_is_asked_about_with_the_name_masked() -> None:
    gift(name="李示例")
    answer = send()
    assert "李**" in answer.context["asked"][0]
    assert "李示例" not in answer.context["asked"][0]


def test_an_id_of_somebody_else_is_asked_about() -> None:
    gift(name="李示例", id_number="11010519491231002X")
    assert "李示例" in send(id_number="11010519491231002X").context["asked"][0]


def test_a_large_amount_is_asked_about() -> None:
    assert send(amount_fen="100000").context["asked"]


def test_a_donor_picked_from_the_list_gives_again() -> None:
    donor = gift(amount_fen=1).donor
    assert donor
    send(donor=donor.pk, phone="")
    assert Gift.objects.filter(donor=donor).count() == 2


def test_a_name_changed_after_picking_is_somebody_new() -> None:
    donor = gift(amount_fen=1).donor
    assert donor
    send(donor=donor.pk, name="李示例", phone="")
    assert Donor.objects.count() == 2


def test_a_picked_donor_of_another_charity_is_refused() -> None:
    elsewhere = active_fund("JJ-440106018-01", host=other_charity())
    donor = gift(station=station("ZD-440106018-01", funds=[elsewhere]), fund=elsewhere).donor
    assert donor
    assert send(donor=donor.pk).context["form"].errors["donor"]


def matches(client: Client, **words: str) -> str:
    return page_of(client.post(reverse("gifts:donor_matches", args=[station().code]), words))


@pytest.mark.parametrize(
    "words",
    [
        {"name": "陈示"},
        {"name": "chenshi"},
        {"name": "csl"},
        {"name": "13800001234"},
        {"phone": "138 0000 1234"},
    ],
    ids=str,
)
def test_donors_on_file_are_found_while_one_types(words: dict[str, str]) -> None:
    gift()
    page = matches(client_of(wen()), **words)
    assert "陈示例" in page
    assert "138****1234" in page
    assert "13800001234" not in page


def test_by_name_only_donors_within_reach_are_found() -> None:
    other = station("ZD-440605011-02", operator=organization("另一示例机构"))
    gift(station=other, actor=mei())
    gift(name="陈示列", phone="13900005678")
    page = matches(client_of(wen()), name="陈示")
    assert "陈示列" in page
    assert "陈示例" not in page


@pytest.mark.parametrize(("name", "found"), [("陈", False), ("陈示", True)])
def test_one_letter_finds_nobody(name: str, *, found: bool) -> None:
    gift()
    assert ("陈示例" in matches(client_of(wen()), name=name)) == found


def test_another_street_finds_neither_the_form_nor_donors() -> None:
    code = station().code
    client = client_of(jun())
    assert client.get(address()).status_code == 404
    assert client.post(reverse("gifts:donor_matches", args=[code]), {"name": "陈示"}).status_code == 404


def test_without_an_open_station_the_page_says_what_to_do() -> None:
    assert client_of(jun()).get(reverse("gifts:add")).status_code == 200


@pytest.mark.parametrize("count", [1, 50])
def test_the_form_takes_the_same_number_of_queries_for_1_and_for_50_gifts(
    count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        gift(name=f"示例{number}", phone=f"1380000{number:04}")
    client = client_of(wen())
    with django_assert_max_num_queries(22):
        assert client.get(address()).status_code == 200


def test_gifts_of_an_earlier_day_are_typed_in_a_row_and_tomorrow_begins_with_its_day() -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    send(given_on=yesterday.isoformat())
    client = client_of(wen())
    assert client.get(address()).context["form"]["given_on"].value() == yesterday
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert client_of(wen()).get(address()).context["form"]["given_on"].value() == timezone.localdate()
