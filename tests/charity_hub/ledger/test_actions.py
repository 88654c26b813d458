"""The ledger's verbs, as the rest of the portal calls them."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from charity_hub.errors import Refused
from charity_hub.ledger.actions import (
    Line,
    Posting,
    close_account,
    close_month,
    open_account,
    open_book,
    post,
    post_many,
    reverse,
)
from charity_hub.ledger.errors import (
    AccountClosed,
    FloorPassed,
    FutureDate,
    KeyReused,
    MonthClosed,
    Unbalanced,
)
from charity_hub.ledger.models import Account, AccountKind, Book, Entry, Transfer, Unit
from charity_hub.ledger.queries import balances, latest_seal, month_totals
from tests.builders import account, book, posted, user

pytestmark = pytest.mark.django_db
MARCH = date(2025, 3, 5)


@pytest.fixture
def bank() -> Account:
    return account("bank:示例")


@pytest.fixture
def net() -> Account:
    return account("net:示例", AccountKind.NET_ASSETS)


def test_posting_records_who_what_and_why(bank: Account, net: Account) -> None:
    actor = user()
    lines = [Line(bank, 500), Line(net.pk, -500)]
    made = post(
        "trial:book", lines, key="k", occurred_on=MARCH, memo="start 𠮷", source=bank.book, actor=actor
    )
    kept = Transfer.objects.get()
    assert made == kept
    assert (kept.kind, kept.memo, kept.actor, kept.source) == ("trial:book", "start 𠮷", actor, bank.book)
    assert made.posted_at == kept.posted_at


@pytest.mark.parametrize(
    "words",
    ["NULL", "", 'a "quoted" word', "back\\slash\\", "{curly, commas}", "two\nlines\tand 𠮷", "'; --"],
)
def test_words_are_kept_as_they_are_written(bank: Account, net: Account, words: str) -> None:
    lines = [Line(bank, 500), Line(net, -500)]
    post("trial:came", lines, key=f"{words}k", occurred_on=MARCH, memo=words)
    kept = Transfer.objects.get()
    assert (kept.memo, kept.idempotency_key) == (words, f"{words}k")


def test_a_source_may_be_given_by_its_ids(bank: Account, net: Account) -> None:
    source = (ContentType.objects.get_for_model(Book).pk, bank.book_id)
    assert posted(bank, net, kind="trial:book", source=source).source == bank.book


def test_posting_takes_one_statement(bank: Account, net: Account) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        posted(bank, net)
    assert sum("ledger_post" in query["sql"] for query in queries) == 1
    assert len(queries) == 3, "a savepoint, the statement, its release"


def test_the_same_key_returns_the_same_transfer(bank: Account, net: Account) -> None:
    first = posted(bank, net, key="once")
    assert posted(bank, net, key="once") == first
    assert Transfer.objects.count() == 1


def test_lines_in_another_order_are_the_same_content(bank: Account, net: Account) -> None:
    first = post("trial:came", [Line(bank, 5), Line(net, -5)], key="k", occurred_on=MARCH)
    assert post("trial:came", [Line(net, -5), Line(bank, 5)], key="k", occurred_on=MARCH) == first


@pytest.mark.parametrize(
    "other",
    [{"amount": 101}, {"kind": "trial:came"}, {"occurred_on": date(2025, 3, 6)}, {"memo": "x"}],
    ids=lambda other: next(iter(other)),
)
def test_the_same_key_with_other_content_is_refused(
    bank: Account, net: Account, other: dict[str, Any]
) -> None:
    posted(bank, net, key="once")
    with pytest.raises(KeyReused):
        posted(bank, net, **{"key": "once"} | other)


def test_a_repeated_posting_of_a_month_closed_since_is_quiet(bank: Account, net: Account) -> None:
    first = posted(bank, net, key="once")
    close_month(book(), MARCH)
    assert posted(bank, net, key="once") == first


def test_a_batch_comes_back_in_its_order_with_what_was_there(bank: Account, net: Account) -> None:
    earlier = posted(bank, net, 2, kind="trial:came", key="2")
    postings = [
        Posting(kind="trial:came", lines=[Line(bank, n), Line(net, -n)], key=str(n), occurred_on=MARCH)
        for n in (3, 2, 1)
    ]
    made = post_many(postings)
    assert [transfer.idempotency_key for transfer in made] == ["3", "2", "1"]
    assert made[1] == earlier
    assert made[0].pk < made[2].pk


def test_a_batch_may_hold_the_same_posting_twice(bank: Account, net: Account) -> None:
    posting = Posting(kind="trial:came", lines=[Line(bank, 1), Line(net, -1)], key="k", occurred_on=MARCH)
    first, second = post_many([posting, posting])
    assert first == second


def test_a_batch_with_one_key_for_two_things_is_refused(bank: Account, net: Account) -> None:
    one, two = (
        Posting(kind="trial:came", lines=[Line(bank, n), Line(net, -n)], key="k", occurred_on=MARCH)
        for n in (1, 2)
    )
    with pytest.raises(KeyReused):
        post_many([one, two])


def test_a_batch_is_posted_whole_or_not_at_all(bank: Account, net: Account) -> None:
    good = Posting(kind="trial:came", lines=[Line(bank, 1), Line(net, -1)], key="1", occurred_on=MARCH)
    bad = Posting(kind="trial:came", lines=[Line(bank, -9), Line(net, 9)], key="2", occurred_on=MARCH)
    with pytest.raises(FloorPassed):
        post_many([good, bad])
    assert not Transfer.objects.exists()


def test_no_postings_are_no_work() -> None:
    assert post_many([]) == []


def test_a_thousand_transfers_on_one_account(bank: Account, net: Account) -> None:
    post_many(
        [
            Posting(kind="trial:came", lines=[Line(bank, 3), Line(net, -3)], key=str(n), occurred_on=MARCH)
            for n in range(1000)
        ]
    )
    assert Account.objects.get(pk=bank.pk).balance == 3000
    assert Entry.objects.get(account=bank, number=1000).balance_after == 3000


@pytest.mark.parametrize("amount", [1.0, True, "1", 0, 2**63, None])
def test_an_amount_is_a_whole_number(bank: Account, net: Account, amount: Any) -> None:
    with pytest.raises(ValueError, match="amount"):
        post("trial:came", [Line(bank, amount), Line(net, -1)], key="k", occurred_on=MARCH)


@pytest.mark.parametrize("lines", [[], [1]], ids=["none", "one"])
def test_a_transfer_has_two_lines(bank: Account, lines: list[int]) -> None:
    with pytest.raises(ValueError, match="two lines"):
        post("trial:came", [Line(bank, n) for n in lines], key="k", occurred_on=MARCH)


def test_a_time_of_day_is_no_date(bank: Account, net: Account) -> None:
    with pytest.raises(ValueError, match="date"):
        posted(bank, net, occurred_on=datetime(2025, 3, 5, 12, tzinfo=timezone.get_current_timezone()))


def test_lines_must_balance(bank: Account, net: Account) -> None:
    with pytest.raises(Unbalanced):
        post("trial:came", [Line(bank, 5), Line(net, -4)], key="k", occurred_on=MARCH)


def test_units_must_agree(bank: Account) -> None:
    hours = account("hours:示例", AccountKind.LIABILITY, unit=Unit.TIME)
    with pytest.raises(Unbalanced):
        posted(bank, hours)


def test_what_is_not_there_cannot_be_taken(bank: Account, net: Account) -> None:
    posted(bank, net, 500)
    with translation.override("en"), pytest.raises(FloorPassed, match=r"¥5\.00") as caught:
        posted(net, bank, 501)
    assert caught.value.account == bank
    assert caught.value.available == 500


def test_hours_are_told_in_hours() -> None:
    member = account("member:示例", AccountKind.LIABILITY, unit=Unit.TIME)
    issued = account("issued:示例", AccountKind.CONTRA, unit=Unit.TIME, floor=None)
    posted(issued, member, 125)
    with translation.override("en"), pytest.raises(FloorPassed, match="2 h 05 min"):
        posted(member, issued, 126)


def test_the_transaction_goes_on_after_a_refusal(bank: Account, net: Account) -> None:
    with pytest.raises(FloorPassed):
        posted(net, bank, 1)
    posted(bank, net, 1)
    assert balances([bank]) == {bank.pk: 1}


def test_a_closed_account_is_named(bank: Account, net: Account) -> None:
    close_account(net)
    with pytest.raises(AccountClosed, match="net:示例"):
        posted(bank, net)


def test_closing_an_account_twice_is_quiet(bank: Account) -> None:
    close_account(bank)
    close_account(bank)
    assert bank.closed


def test_an_account_with_money_is_not_closed(bank: Account, net: Account) -> None:
    posted(bank, net)
    with pytest.raises(Refused):
        close_account(bank)


def test_a_closed_month_is_named(bank: Account, net: Account) -> None:
    close_month(book(), MARCH)
    with pytest.raises(MonthClosed, match="2025-03-31"):
        posted(bank, net)


def test_closing_a_month_closes_those_before(bank: Account, net: Account) -> None:
    close_month(book(), MARCH)
    close_month(book(), date(2025, 1, 1))
    assert book().closed_through == date(2025, 3, 31)


def test_this_month_is_not_closed() -> None:
    with pytest.raises(MonthClosed):
        close_month(book(), timezone.localdate())


def test_tomorrow_is_refused(bank: Account, net: Account) -> None:
    with pytest.raises(FutureDate):
        posted(bank, net, occurred_on=timezone.localdate() + timedelta(days=1))


def test_a_reversal_undoes_and_nets_out(bank: Account, net: Account) -> None:
    back = reverse(posted(bank, net, 500), "wrong amount", actor=None)
    assert balances([bank, net]) == {bank.pk: 0, net.pk: 0}
    assert (back.kind, back.occurred_on, back.memo) == ("trial:given", MARCH, "wrong amount")
    totals = month_totals([net], MARCH, MARCH).values_list("debits", "credits")
    assert list(totals) == [(500, 500)]


def test_reversing_twice_returns_the_same_reversal(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500)
    assert reverse(original, "wrong", actor=None) == reverse(original, "still wrong", actor=None)


def test_a_reversal_whose_key_is_taken_is_refused(bank: Account, net: Account) -> None:
    transfer = posted(bank, net, 500)
    posted(bank, net, 7, key=f"reversal:{transfer.pk}")
    with pytest.raises(KeyReused):
        reverse(transfer, "a mistake", actor=None)


def test_a_reversal_is_not_reversed(bank: Account, net: Account) -> None:
    back = reverse(posted(bank, net, 500), "wrong", actor=None)
    with pytest.raises(Refused):
        reverse(back, "wrong", actor=None)


def test_a_reversal_after_the_closing_is_dated_today(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500)
    close_month(book(), MARCH)
    assert reverse(original, "wrong", actor=None).occurred_on == timezone.localdate()


def test_spent_money_is_not_given_back(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500)
    posted(net, bank, 200)
    with pytest.raises(FloorPassed):
        reverse(original, "wrong", actor=None)


def test_a_reversal_has_the_source_of_its_original(bank: Account, net: Account) -> None:
    original = posted(bank, net, 500, kind="trial:book", source=bank.book)
    assert reverse(original, "wrong", actor=None).source == bank.book


def test_opening_is_idempotent(bank: Account) -> None:
    assert open_book(bank.book.code, "other") == bank.book
    assert open_account(bank.book, bank.code, "other", AccountKind.ASSET) == bank


def test_a_code_is_not_opened_as_something_else(bank: Account) -> None:
    with pytest.raises(ValueError, match="there already"):
        open_account(bank.book, bank.code, "other", AccountKind.LIABILITY)


def test_history_keeps_closings_and_floors_but_not_postings(bank: Account, net: Account) -> None:
    posted(bank, net)
    Account.objects.filter(pk=bank.pk).update(floor=5)
    close_month(book(), MARCH)
    floors = apps.get_model("charity_hub.AccountEvent").objects.filter(pgh_obj=bank).order_by("pgh_id")
    closings = apps.get_model("charity_hub.BookEvent").objects.filter(pgh_obj=book()).order_by("pgh_id")
    assert list(floors.values_list("floor", flat=True)) == [0, 5]
    assert list(closings.values_list("closed_through", flat=True)) == [None, date(2025, 3, 31)]


def test_without_seals_there_is_no_latest() -> None:
    assert latest_seal() is None
