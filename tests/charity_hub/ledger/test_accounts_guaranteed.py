"""Accounts, books, month totals and the history of decisions, attacked round Python."""

from calendar import monthrange
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from charity_hub.ledger.actions import close_account, close_month
from charity_hub.ledger.models import Account, AccountKind
from charity_hub.workflow.actions import record
from tests.builders import account, book, posted
from tests.charity_hub.ledger.attacks import refused_by, sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> Account:
    return account("bank:示例")


@pytest.fixture
def net() -> Account:
    return account("net:示例", AccountKind.NET_ASSETS)


@pytest.mark.parametrize("column", ["balance", "entry_count"])
def test_a_balance_is_written_by_posting_alone(bank: Account, column: str) -> None:
    with refused_by("ledger_account_balance_is_written_by_posting"):
        sql(f"UPDATE ledger_account SET {column} = 100")


@pytest.mark.parametrize("column", ["balance", "entry_count"])
def test_an_account_opens_at_zero(column: str) -> None:
    with refused_by("ledger_account_opens_at_zero"):
        Account.objects.create(
            book=book(), code="bank:满", name="满", kind="asset", normal_side=1, **{column: 100}
        )


@pytest.mark.parametrize(
    "change", ["code = 'other'", "unit = 'TIME'", "book_id = book_id + 1", "kind = 'contra'", "id = id + 99"]
)
def test_an_account_stays_what_it_is(bank: Account, change: str) -> None:
    with refused_by("ledger_account_stays_what_it_is"):
        sql(f"UPDATE ledger_account SET {change}")


def test_a_closed_account_is_never_reopened(bank: Account) -> None:
    close_account(bank)
    with refused_by("ledger_account_stays_what_it_is"):
        sql("UPDATE ledger_account SET closed = false")


def test_a_side_follows_its_kind() -> None:
    with refused_by("ledger_account_side_follows_its_kind"):
        Account.objects.create(book=book(), code="bank:反", name="反", kind="asset", normal_side=-1)


def test_a_kind_is_known() -> None:
    with refused_by("ledger_account_side_follows_its_kind"):
        Account.objects.create(book=book(), code="bank:谁", name="谁", kind="other", normal_side=1)


def test_an_account_has_a_code() -> None:
    with refused_by("ledger_account_has_a_code"):
        Account.objects.create(book=book(), code="", name="无", kind="asset", normal_side=1)


def test_a_unit_is_known() -> None:
    with refused_by("ledger_account_unit_is_known"):
        Account.objects.create(book=book(), code="usd", name="usd", kind="asset", normal_side=1, unit="USD")


def test_an_account_with_entries_cannot_vanish(bank: Account, net: Account) -> None:
    posted(bank, net)
    with refused_by("ledger_account_with_entries_stays"):
        sql("DELETE FROM ledger_account")


def test_accounts_are_never_emptied(bank: Account) -> None:
    with refused_by("ledger_account_is_never_emptied"):
        sql("TRUNCATE ledger_account CASCADE")


def test_a_floor_is_not_raised_above_the_balance(bank: Account, net: Account) -> None:
    posted(bank, net, 100)
    with refused_by("account_balance_at_or_above_floor"):
        sql("UPDATE ledger_account SET floor = 101 WHERE id = %s", bank.pk)


def test_an_account_is_closed_only_at_zero(bank: Account, net: Account) -> None:
    posted(bank, net, 100)
    with refused_by("account_closed_only_at_zero"):
        sql("UPDATE ledger_account SET closed = true WHERE id = %s", bank.pk)


WRITTEN = "ledger_month_total_is_written_by_posting"
ONCE = "ledger_month_total_counts_an_entry_once"


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE ledger_month_total SET debits = debits + 1", ONCE),
        ("UPDATE ledger_month_total SET debits = debits + 1, counted_through = counted_through - 1", ONCE),
        ("UPDATE ledger_month_total SET debits = debits + 1, counted_through = counted_through + 1", WRITTEN),
        ("UPDATE ledger_month_total SET debits = debits + 1, counted_through = NULL", WRITTEN),
        ("UPDATE ledger_month_total SET kind = 'trial:came'", WRITTEN),
        ("UPDATE ledger_month_total SET month = '2025-03-02'", WRITTEN),
        (
            """INSERT INTO ledger_month_total (account_id, month, kind, debits, credits, counted_through)
            SELECT id, '2025-01-01', 'trial:came', 5, 0, 1 FROM ledger_account""",
            WRITTEN,
        ),
    ],
    ids=["amount", "counted before", "counted ahead", "counted never", "kind", "day", "insert"],
)
def test_month_totals_are_written_by_posting_alone(
    bank: Account, net: Account, statement: str, rule: str
) -> None:
    posted(bank, net)
    posted(bank, net)
    with refused_by(rule):
        sql(statement)


# One statement that posts numbered entries, as only ``ledger_post`` should, and has its own say on the total.
NUMBERED = """
    WITH transfer AS (
        INSERT INTO ledger_transfer (idempotency_key, kind, occurred_on, memo)
        VALUES ('raw', 'trial:came', '2025-03-05', '') RETURNING id
    ), given AS (
        SELECT a.*, -100 * a.normal_side AS amount FROM ledger_account a
    ), entered AS (
        INSERT INTO ledger_entry (transfer_id, account_id, amount, number, balance_after)
        SELECT transfer.id, given.id, amount, entry_count + 1, balance + amount FROM transfer, given
        RETURNING 1
    )"""
TOTAL = """INSERT INTO ledger_month_total (account_id, month, kind, debits, credits, counted_through)
           SELECT id, '{month}', '{kind}', 0, 100, {through}
           FROM ledger_account WHERE code = 'bank:示例' {when}"""
ENTERED = "AND (SELECT count(*) FROM entered) > 0"


def test_a_total_written_before_its_entries_is_refused(bank: Account, net: Account) -> None:
    posted(bank, net)
    total = TOTAL.format(month="2025-03-01", kind="trial:came", through="entry_count + 1", when="RETURNING 1")
    with refused_by("ledger_month_total_is_written_by_posting"):
        sql(
            f"{NUMBERED}, early AS ({total})"
            " SELECT (SELECT count(*) FROM early), (SELECT count(*) FROM entered)"
        )


def test_entries_that_a_total_counts_already_are_not_counted_again(bank: Account, net: Account) -> None:
    posted(bank, net)
    total = TOTAL.format(month="2025-03-01", kind="trial:came", through="entry_count + 1", when=ENTERED)
    with refused_by("ledger_month_total_counts_an_entry_once"):
        sql(f"{NUMBERED} {total}")


def test_a_total_raised_beside_its_entries_is_refused(bank: Account, net: Account) -> None:
    posted(bank, net, kind="trial:came")
    with refused_by("ledger_month_total_counts_an_entry_once"):
        sql(
            f"""{NUMBERED} UPDATE ledger_month_total m
            SET debits = m.debits + 7, counted_through = a.entry_count + 1
            FROM ledger_account a WHERE a.id = m.account_id {ENTERED}"""
        )


@pytest.mark.parametrize(
    ("month", "kind", "through"),
    [
        ("2025-04-01", "trial:came", "entry_count + 1"),
        ("2025-03-01", "trial:given", "entry_count + 1"),
        ("2025-03-01", "trial:came", "entry_count"),
        ("2025-03-01", "trial:came", "NULL"),
    ],
    ids=["another month", "another kind", "an entry counted already", "no entry"],
)
def test_a_total_that_no_new_entry_stands_for_is_refused(
    bank: Account, net: Account, month: str, kind: str, through: str
) -> None:
    """Beside an entry, in one statement: the only moment at which totals can be written at all."""
    posted(bank, net)
    total = TOTAL.format(month=month, kind=kind, through=through, when=ENTERED)
    with refused_by("ledger_month_total_is_written_by_posting"):
        sql(f"{NUMBERED} {total}")


def test_month_totals_are_never_removed(bank: Account, net: Account) -> None:
    posted(bank, net)
    with refused_by("ledger_month_total_is_never_removed"):
        sql("DELETE FROM ledger_month_total")


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        (
            "ledger_account_balance_is_written_by_posting",
            "UPDATE ledger_account SET balance = balance + 1, entry_count = entry_count + 1",
        ),
        (ONCE, "UPDATE ledger_month_total SET debits = debits + 1"),
    ],
    ids=["balance", "month total"],
)
def test_a_trigger_of_ones_own_does_not_pass_for_posting(
    bank: Account, net: Account, rule: str, statement: str
) -> None:
    """Whoever may make temporary tables may hang a trigger on one, and write from inside it."""
    posted(bank, net)
    sql("CREATE TEMPORARY TABLE bait (id int) ON COMMIT DROP")
    sql(
        f"""CREATE FUNCTION pg_temp.forge() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN {statement}; RETURN NULL; END $$"""
    )
    sql("CREATE TRIGGER forge AFTER INSERT ON bait FOR EACH ROW EXECUTE FUNCTION pg_temp.forge()")
    with refused_by(rule):
        sql("INSERT INTO bait VALUES (1)")


def test_month_totals_are_never_emptied() -> None:
    with refused_by("ledger_month_total_is_never_emptied"):
        sql("TRUNCATE ledger_month_total")


@pytest.mark.parametrize("through", [date(2025, 2, 28), None])
def test_a_book_is_never_reopened(through: date | None) -> None:
    close_month(book(), date(2025, 3, 1))
    with refused_by("ledger_book_is_never_reopened"):
        sql("UPDATE ledger_book SET closed_through = %s", through)


def test_a_book_closes_at_a_months_end() -> None:
    book()
    with refused_by("ledger_book_closes_at_a_months_end"):
        sql("UPDATE ledger_book SET closed_through = '2025-03-30'")


def test_a_book_closes_what_is_over() -> None:
    book()
    today = timezone.localdate()
    months_end = today.replace(day=monthrange(today.year, today.month)[1])
    with refused_by("ledger_book_closes_what_is_over"):
        sql("UPDATE ledger_book SET closed_through = %s", months_end)


def test_a_book_is_not_born_closed_in_mid_month() -> None:
    with refused_by("ledger_book_closes_at_a_months_end"):
        sql("INSERT INTO ledger_book (code, name, closed_through) VALUES ('x', 'x', '2025-03-30')")


def test_a_book_keeps_its_code() -> None:
    book()
    with refused_by("ledger_book_keeps_its_code"):
        sql("UPDATE ledger_book SET code = 'other'")


def test_books_are_never_emptied() -> None:
    with refused_by("ledger_book_is_never_emptied"):
        sql("TRUNCATE ledger_book CASCADE")


def test_a_book_with_accounts_cannot_vanish(bank: Account) -> None:
    with pytest.raises(DatabaseError, match="foreign key"), transaction.atomic():
        sql("DELETE FROM ledger_book")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_transition SET why = 'other'",
        "DELETE FROM workflow_transition",
        "TRUNCATE workflow_transition",
    ],
)
def test_the_history_of_decisions_is_append_only(statement: str) -> None:
    record(book(), "draft", "active", actor=None)
    with refused_by("workflow_transition_is_never_changed"):
        sql(statement)
