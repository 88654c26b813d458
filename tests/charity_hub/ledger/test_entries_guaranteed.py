"""PostgreSQL judges every transfer whole, whoever writes it."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from charity_hub.ledger.actions import close_account, close_month
from charity_hub.ledger.models import Account, AccountKind, Entry, MonthTotal, Unit
from charity_hub.ledger.seals import seal_through
from tests.builders import account, book, posted
from tests.charity_hub.ledger.attacks import enter, enter_all, new_transfer, refused_by, sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> Account:
    return account("bank:示例")


@pytest.fixture
def net() -> Account:
    return account("net:示例", AccountKind.NET_ASSETS)


def test_a_plain_insert_is_posted(bank: Account, net: Account) -> None:
    enter(new_transfer(), (bank, 500), (net, -500))
    bank.refresh_from_db()
    net.refresh_from_db()
    assert (bank.balance, net.balance) == (500, -500)
    assert (bank.entry_count, net.entry_count) == (1, 1)


def test_balances_after_run_on_within_a_batch(bank: Account, net: Account) -> None:
    first, second = new_transfer("one"), new_transfer("two")
    enter_all((first, bank, 500), (first, net, -500), (second, bank, 200), (second, net, -200))
    steps = Entry.objects.filter(account=bank).values_list("number", "amount", "balance_after")
    assert list(steps) == [(1, 500, 500), (2, 200, 700)]


FOLLOWS = "ledger_entry_follows_the_one_before"


@pytest.mark.parametrize(
    ("number", "balance_after", "rule"),
    [
        (2, 600, "entry_number_once_per_account"),
        (4, 800, FOLLOWS),
        (3, 799, FOLLOWS),
        (3, 300, FOLLOWS),
        (0, 300, FOLLOWS),
        (-1, 300, FOLLOWS),
    ],
    ids=["a number in use", "a gap", "another balance", "a balance anew", "number zero", "number below zero"],
)
def test_an_entry_follows_the_one_before(
    bank: Account, net: Account, number: int, balance_after: int, rule: str
) -> None:
    """Two entries of 100 and 400 are there; a third of 300 comes."""
    posted(bank, net, 100)
    posted(bank, net, 400)
    with refused_by(rule):
        transfer = new_transfer()
        sql(
            "INSERT INTO ledger_entry (transfer_id, account_id, amount, number, balance_after)"
            " VALUES (%s, %s, 300, %s, %s), (%s, %s, -300, 3, -800)",
            *(transfer, bank.pk, number, balance_after, transfer, net.pk),
        )


def test_an_entry_does_not_start_an_account_anew(bank: Account, net: Account) -> None:
    with refused_by(FOLLOWS):
        transfer = new_transfer()
        sql(
            "INSERT INTO ledger_entry (transfer_id, account_id, amount, number, balance_after)"
            " VALUES (%s, %s, 300, 1, 301), (%s, %s, -300, 1, -300)",
            *(transfer, bank.pk, transfer, net.pk),
        )


def test_within_a_batch_no_entry_is_passed_over(bank: Account, net: Account) -> None:
    """The last one says what the account will; only the one between is wrong."""
    with refused_by(FOLLOWS):
        one, two, three = (new_transfer(key) for key in ("one", "two", "three"))
        sql(
            "INSERT INTO ledger_entry (transfer_id, account_id, amount, number, balance_after) VALUES"
            " (%s, %s, 100, 1, 100), (%s, %s, -100, 1, -100),"
            " (%s, %s, 100, 2, 999), (%s, %s, -100, 2, -200),"
            " (%s, %s, 100, 3, 300), (%s, %s, -100, 3, -300)",
            *(one, bank.pk, one, net.pk, two, bank.pk, two, net.pk, three, bank.pk, three, net.pk),
        )


def test_a_balance_after_given_without_a_number_is_overwritten(bank: Account, net: Account) -> None:
    posted(bank, net, 100)
    transfer = new_transfer()
    sql(
        "INSERT INTO ledger_entry (transfer_id, account_id, amount, balance_after)"
        " VALUES (%s, %s, 500, 999999), (%s, %s, -500, 999999)",
        *(transfer, bank.pk, transfer, net.pk),
    )
    steps = Entry.objects.filter(transfer=transfer).values_list("number", "balance_after")
    assert set(steps) == {(2, 600), (2, -600)}


def test_a_number_without_its_balance_is_refused(bank: Account, net: Account) -> None:
    with pytest.raises(DatabaseError, match="not-null"), transaction.atomic():
        sql(
            "INSERT INTO ledger_entry (transfer_id, account_id, amount, number)"
            " SELECT %s, id, normal_side, 1 FROM ledger_account",
            new_transfer(),
        )


def test_month_totals_count_debits_and_credits(bank: Account, net: Account) -> None:
    posted(bank, net, 500)
    posted(net, bank, 200)
    totals = MonthTotal.objects.values_list("account", "month", "kind", "debits", "credits")
    assert set(totals) == {
        (bank.pk, date(2025, 3, 1), "trial:given", 500, 200),
        (net.pk, date(2025, 3, 1), "trial:given", 200, 500),
    }


def test_entries_must_sum_to_zero(bank: Account, net: Account) -> None:
    with refused_by("ledger_transfer_sums_to_zero"):
        enter(new_transfer(), (bank, 500), (net, -499))


def test_two_wrong_transfers_do_not_make_a_right_one(bank: Account, net: Account) -> None:
    with refused_by("ledger_transfer_sums_to_zero"):
        one, two = new_transfer("one"), new_transfer("two")
        enter_all((one, bank, 2), (one, net, -1), (two, bank, 1), (two, net, -2))


def test_one_entry_is_no_transfer(bank: Account) -> None:
    with refused_by("ledger_transfer_has_two_entries"):
        enter(new_transfer(), (bank, 500))


def test_a_transfer_without_entries_is_refused_at_commit() -> None:
    with refused_by("ledger_transfer_has_entries"):
        new_transfer()
        sql("SELECT 1")


def test_an_entry_of_zero_is_refused(bank: Account, net: Account) -> None:
    with refused_by("entry_amount_is_not_zero"):
        enter(new_transfer(), (bank, 0), (net, 0))


def test_units_do_not_mix(bank: Account) -> None:
    hours = account("hours:示例", AccountKind.LIABILITY, unit=Unit.TIME)
    with refused_by("ledger_transfer_has_one_unit"):
        enter(new_transfer(), (bank, 500), (hours, -500))


def test_nothing_is_added_to_a_posted_transfer_not_even_a_pair(bank: Account, net: Account) -> None:
    transfer = posted(bank, net, 500)
    with refused_by("ledger_transfer_is_written_whole"):
        enter(transfer.pk, (bank, 100), (net, -100))


def test_a_transfer_in_two_statements_is_refused(bank: Account, net: Account) -> None:
    transfer = new_transfer()
    enter(transfer, (bank, 100), (net, -100))
    with refused_by("ledger_transfer_is_written_whole"):
        enter(transfer, (bank, 100), (net, -100))


def test_entries_of_no_transfer_are_refused(bank: Account, net: Account) -> None:
    with refused_by("ledger_entry_has_its_transfer"):
        enter(987654321, (bank, 100), (net, -100))


def test_entries_of_no_account_are_refused(bank: Account) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        enter(new_transfer(), (bank, 100), (Account(pk=987654321), -100))


def test_the_floor_holds(bank: Account, net: Account) -> None:
    posted(bank, net, 500)
    with refused_by("account_balance_at_or_above_floor"):
        enter(new_transfer(), (net, 501), (bank, -501))


def test_the_floor_may_be_reached(bank: Account, net: Account) -> None:
    posted(bank, net, 500)
    enter(new_transfer(), (net, 500), (bank, -500))
    bank.refresh_from_db()
    assert bank.balance == 0


def test_an_account_without_a_floor_goes_below_zero(bank: Account) -> None:
    loose = account("contra:示例", AccountKind.CONTRA, floor=None)
    enter(new_transfer(), (bank, 500), (loose, -500))
    loose.refresh_from_db()
    assert loose.balance == -500


def test_a_closed_account_takes_nothing(bank: Account, net: Account) -> None:
    close_account(net)
    with refused_by("ledger_account_is_open"):
        enter(new_transfer(), (bank, 500), (net, -500))


def test_a_closed_month_takes_nothing(bank: Account, net: Account) -> None:
    close_month(book(), date(2025, 3, 1))
    with refused_by("ledger_month_is_open"):
        enter(new_transfer(on="2025-03-31"), (bank, 500), (net, -500))


def test_the_month_after_a_closed_one_is_open(bank: Account, net: Account) -> None:
    close_month(book(), date(2025, 3, 1))
    enter(new_transfer(on="2025-04-01"), (bank, 500), (net, -500))
    assert Entry.objects.count() == 2


def test_every_book_concerned_must_be_open(bank: Account) -> None:
    other = account("net:另一个", AccountKind.NET_ASSETS, within=book("JJ-示例-02"))
    close_month(other.book, date(2025, 3, 1))
    with refused_by("ledger_month_is_open"):
        enter(new_transfer(), (bank, 500), (other, -500))


@pytest.mark.parametrize("column", ["amount", "balance_after", "account_id", "transfer_id", "number"])
def test_an_entry_is_never_changed(bank: Account, net: Account, column: str) -> None:
    posted(bank, net)
    with refused_by("ledger_entry_is_never_changed"):
        sql(f"UPDATE ledger_entry SET {column} = {column} + 1")


def test_an_entry_is_not_even_touched(bank: Account, net: Account) -> None:
    posted(bank, net)
    with refused_by("ledger_entry_is_never_changed"):
        sql("UPDATE ledger_entry SET amount = amount")


@pytest.mark.parametrize("statement", ["DELETE FROM", "TRUNCATE"])
def test_an_entry_is_never_removed(bank: Account, net: Account, statement: str) -> None:
    posted(bank, net)
    with refused_by("ledger_entry_is_never_removed"):
        sql(f"{statement} ledger_entry")


def test_an_upsert_changes_no_entry(bank: Account, net: Account) -> None:
    posted(bank, net)
    with refused_by("ledger_entry_is_never_changed"):
        sql(
            "INSERT INTO ledger_entry (transfer_id, account_id, number, amount, balance_after)"
            " SELECT transfer_id, account_id, number, amount, balance_after FROM ledger_entry"
            " ON CONFLICT (account_id, number) DO UPDATE SET amount = 77"
        )


def test_entries_have_no_ids_of_the_clients_choosing(bank: Account, net: Account) -> None:
    with pytest.raises(DatabaseError, match="GENERATED ALWAYS"), transaction.atomic():
        sql("INSERT INTO ledger_entry (id, transfer_id, account_id, amount) VALUES (1, 1, 1, 1)")


def test_nothing_slips_in_before_the_latest_seal(bank: Account, net: Account) -> None:
    posted(bank, net)
    seal_through(date(2025, 3, 5))
    with refused_by("ledger_transfer_is_after_the_seal"):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_transfer (id, idempotency_key, kind, occurred_on)"
                " OVERRIDING SYSTEM VALUE VALUES (0, 'late', 'trial:given', '2025-03-05')"
            )
        enter(0, (bank, 1), (net, -1))


def test_a_temporary_table_does_not_hide_the_accounts(bank: Account, net: Account) -> None:
    sql("CREATE TEMPORARY TABLE ledger_account (LIKE public.ledger_account)")
    sql("INSERT INTO pg_temp.ledger_account SELECT * FROM public.ledger_account")
    sql("UPDATE pg_temp.ledger_account SET floor = NULL")
    try:
        with refused_by("account_balance_at_or_above_floor"):
            enter(new_transfer(), (net, 500), (bank, -500))
    finally:
        sql("DROP TABLE pg_temp.ledger_account")
