"""The migrations that bring the guarantees can be taken back and applied again."""

from importlib import import_module

import pytest

from charity_hub.ledger.models import AccountKind
from charity_hub.ledger.verification import GUARANTEES, differences
from tests.builders import account
from tests.charity_hub.ledger.attacks import enter, new_transfer, sql

pytestmark = pytest.mark.django_db
MIGRATIONS = [
    import_module(f"charity_hub.migrations.{name}")
    for name in (
        "0002_ledger_guarantees",
        "0007_posting_at_any_size",
        "0011_month_totals_count_an_entry_once",
        "0013_month_totals_in_one_step",
    )
]


def take_back() -> None:
    for migration in reversed(MIGRATIONS):
        sql(migration.UNDO.replace("%", "%%"))


def test_taking_them_back_leaves_no_function_and_no_trigger() -> None:
    take_back()
    assert sql("SELECT proname FROM pg_proc WHERE proname LIKE 'ledger%%'") == []
    assert sql("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'ledger%%'") == []


def test_they_can_be_applied_again() -> None:
    take_back()
    missing = list(differences())
    for migration in MIGRATIONS:
        for operation in migration.Migration.operations:
            sql(operation.sql.replace("%", "%%"))
    assert list(differences()) == []
    assert len(missing) == sum(name.startswith("ledger_") for names in GUARANTEES.values() for name in names)


def test_the_first_one_alone_posts() -> None:
    for migration in reversed(MIGRATIONS[1:]):
        sql(migration.UNDO.replace("%", "%%"))
    bank, net = account("bank:示例"), account("net:示例", AccountKind.NET_ASSETS)
    enter(new_transfer(), (bank, 500), (net, -500))
    assert [difference for difference in differences() if "switched off" not in difference] == []
