"""Gifts on the desk: the list, one gift, voiding, amending, printing."""

import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from charity_hub.people.models import Role, User
from donations.money.workflow import void_gift
from tests.builders import active_fund, cash_deposit, gift, membership, organization, purpose_of, voided
from tests.cast import ada, bo, client_of, dong, feng, hua, jun, lan, mei, ping, rui, shi, wen, yan

pytestmark = pytest.mark.django_db
LIST = "/desk/gifts/"


def numbers(answer: Any) -> list[str]:
    return [row.record.number for row in answer.context["table"].rows]


@pytest.mark.parametrize("person", [mei, ping, wen, yan, hua, ada])
def test_those_in_scope_see_the_gift(person: Any) -> None:
    given = gift()
    client = client_of(person())
    assert numbers(client.get(LIST)) == [given.number]
    assert client.get(given.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("person", [jun, rui])
def test_another_street_and_another_charity_find_nothing(person: Any) -> None:
    given = gift()
    client = client_of(person())
    assert numbers(client.get(LIST)) == []
    for name in ("detail", "void", "amend", "acknowledgement"):
        assert client.get(reverse(f"gifts:{name}", args=[given.number])).status_code == 404
    if given.donor and person is jun:
        assert client.get(given.donor.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("person", [lan, bo])
def test_residents_do_not_see_the_desk(person: Any) -> None:
    assert client_of(person()).get(LIST).status_code == 403


@pytest.mark.parametrize("person", [yan, hua])
def test_readers_void_nothing(person: Any) -> None:
    given = gift()
    answer = client_of(person()).post(
        reverse("gifts:void", args=[given.number]), {"reason": "x", "confirmed": "1"}
    )
    assert answer.status_code == 403
    given.refresh_from_db()
    assert given.state == "recorded"


@pytest.mark.parametrize("person", [mei, ping, wen, yan, ada, hua, feng, dong, shi])
def test_names_that_may_not_be_published_are_whole_for_who_deals_with_them(person: Any) -> None:
    whole = person in {mei, ping, wen, yan, ada}
    given = gift(name="陈示例")
    gift(name="李示例", phone="13800005678", publish_name=True)
    client = client_of(person())
    for address in (LIST, given.get_absolute_url()):
        page = client.get(address).content.decode()
        assert ("陈示例" in page, "陈**" in page) == (whole, not whole)
    assert "李示例" in client.get(LIST).content.decode()


def watching_worker() -> User:
    """The fund's supervisor, who also works at a station elsewhere."""
    membership(hua(), Role.STATION_WORKER, at=organization("别处示例中心"))
    return User.objects.get(pk=hua().pk)


def test_who_knows_other_donors_sees_these_masked_all_the_same() -> None:
    given = gift(name="陈示例")
    client = client_of(watching_worker())
    pages = [LIST, given.get_absolute_url(), "/desk/donors/", f"/desk/search/?q={given.number}"]
    assert ["陈示例" in client.get(page).content.decode() for page in pages] == [False] * 4
    assert ["陈示例" in client_of(mei()).get(page).content.decode() for page in pages] == [True] * 4
    assert given.donor is not None
    assert client.get(given.donor.get_absolute_url()).status_code == 404


def test_who_knows_other_donors_does_not_find_these_by_name() -> None:
    hidden, agreed = gift(name="陈示例"), gift(name="陈示例", publish_name=True)
    found = client_of(watching_worker()).get(f"{LIST}?q=陈示例").content.decode()
    assert (hidden.number in found, agreed.number in found) == (False, True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=chenshili", 1),
        ("q=csl", 1),
        ("q=陈", 1),
        ("q=JZ-", 3),
        ("way=cheque", 1),
        ("state=voided", 1),
        ("given_on_after=2026-02-01", 2),
        ("given_on_before=2026-01-31", 1),
        ("given_on_after=nonsense", 0),
    ],
)
def test_the_list_is_filtered(query: str, found: int) -> None:
    gift(name="陈示例", given_on=date(2026, 1, 5))
    gift(name="李小样", way="cheque")
    void_gift(gift(name="王测试", amount_fen=5), "写错", actor=wen())
    assert len(numbers(client_of(wen()).get(f"{LIST}?{query}"))) == found


def test_the_list_is_filtered_by_purpose() -> None:
    schooling = purpose_of(active_fund(), "schooling")
    wanted, _other = gift(purpose=schooling), gift()
    assert numbers(client_of(wen()).get(f"{LIST}?purpose={schooling.pk}")) == [wanted.number]


def test_totals_leave_voided_gifts_out() -> None:
    gift(amount_fen=10_000)
    void_gift(gift(amount_fen=5), "写错", actor=wen())
    totals = client_of(wen()).get(LIST).context["totals"]
    assert (totals.count, totals.fen) == (1, 10_000)


def test_the_export_holds_what_is_filtered_with_formulas_neutralised() -> None:
    gift(name='=HYPERLINK("http://example.invalid")'), gift(name="李小样", phone="13800005678")
    answer = client_of(wen()).get(f"{LIST}?q=HYPERLINK&export=xlsx")
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2
    assert '\'=HYPERLINK("http://example.invalid")' in rows[1]


def test_the_export_says_in_words_what_may_be_published() -> None:
    gift(publish_name=True, publish_amount=False)
    answer = client_of(wen()).get(f"{LIST}?export=xlsx")
    head, row = load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows(values_only=True)
    said = dict(zip(head, row, strict=True))
    assert (said["Name may be published"], said["Amount may be published"]) == ("Yes", "No")


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize("path", [LIST, "/desk/donors/", "/desk/deposits/"])
def test_lists_take_the_same_number_of_queries_for_1_and_for_50_rows(
    path: str, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        gift(name=f"示例{number}", phone=f"1380000{number:04}")
        cash_deposit(amount_fen=1)
    client = client_of(wen())
    client.get(path)
    with django_assert_max_num_queries(14):
        assert client.get(f"{path}?per_page=50").status_code == 200


def test_a_gift_takes_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    given = gift()
    client = client_of(wen())
    # Of the session and the gift 9, whose donor it is 3, who may void it 4, its history and papers 5.
    with django_assert_max_num_queries(21):
        assert client.get(given.get_absolute_url()).status_code == 200


def test_voiding_asks_for_the_reason_then_once_more() -> None:
    given = gift()
    client, address = client_of(wen()), reverse("gifts:void", args=[given.number])
    assert client.post(address, {"reason": ""}).context["form"].errors["reason"]
    assert client.post(address, {"reason": "写错"}).status_code == 200
    given.refresh_from_db()
    assert given.state == "recorded"
    assert client.post(address, {"reason": "写错", "confirmed": "1"}).status_code == 302
    given.refresh_from_db()
    assert given.state == "voided"


def test_a_voided_gift_shows_who_and_why_and_prints_nothing() -> None:
    given = voided(gift(), "金额写错", actor=wen())
    client = client_of(wen())
    assert "金额写错" in client.get(given.get_absolute_url()).content.decode()
    assert client.get(reverse("gifts:acknowledgement", args=[given.number])).status_code == 409


def test_a_voided_gift_is_not_offered_to_be_voided_again() -> None:
    given = voided(gift(), "金额写错", actor=wen())
    answer = client_of(wen()).get(reverse("gifts:void", args=[given.number]), follow=True)
    assert answer.redirect_chain[-1][0] == given.get_absolute_url()


def test_a_voided_gift_has_no_receipt_form() -> None:
    given = voided(gift(), "金额写错", actor=wen())
    client, address = client_of(wen()), reverse("gifts:amend", args=[given.number])
    assert address not in client.get(given.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 302
    client.post(address, {"official_receipt": "粤财 0001"})
    given.refresh_from_db()
    assert given.official_receipt == ""


def test_voiding_spent_money_shows_the_figure_on_the_page() -> None:
    given = gift(amount_fen=10_000)
    cash_deposit(amount_fen=6_000)
    answer = client_of(ping()).post(
        reverse("gifts:void", args=[given.number]), {"reason": "写错", "confirmed": "1"}
    )
    assert "¥40.00" in answer.content.decode()


def test_a_receipt_number_is_added_later() -> None:
    given = gift()
    client_of(ping()).post(reverse("gifts:amend", args=[given.number]), {"official_receipt": "粤财 0001"})
    given.refresh_from_db()
    assert (given.official_receipt, given.publish_amount) == ("粤财 0001", False)


def test_every_page_of_the_list_shows_its_own_rows() -> None:
    for number in range(45):
        gift(amount_fen=100 + number)
    client = client_of(wen())
    pages = [client.get(f"{reverse('gifts:list')}?sort=amount_fen&page={page}") for page in (1, 2, 3)]
    shown = [row.record.amount_fen for answer in pages for row in answer.context["table"].page.object_list]
    assert shown == list(range(100, 145))


def test_the_rows_are_counted_once_together_with_their_sums() -> None:
    gift(amount_fen=100)
    void_gift(gift(amount_fen=900), "重复登记", actor=wen())
    client = client_of(wen())
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(reverse("gifts:list"))
    assert answer.context["table"].paginator.count == 2
    assert (answer.context["totals"].count, answer.context["totals"].fen) == (1, 100)
    assert [query for query in captured if '"__count" FROM "donations' in query["sql"]] == []
