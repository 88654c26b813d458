"""The migration that brings the guarantees can be taken back and applied again."""

from importlib import import_module

import pytest

from charity_hub.ledger.verification import GUARANTEES, differences
from tests.charity_hub.ledger.attacks import sql

pytestmark = pytest.mark.django_db
GUARANTEED = import_module("charity_hub.migrations.0002_ledger_guarantees")


def take_back() -> None:
    sql(GUARANTEED.UNDO.replace("%", "%%"))


def test_taking_it_back_leaves_no_function_and_no_trigger() -> None:
    take_back()
    assert sql("SELECT proname FROM pg_proc WHERE proname LIKE 'ledger%%'") == []
    assert sql("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'ledger%%'") == []


def test_it_can_be_applied_again() -> None:
    take_back()
    missing = list(differences())
    for operation in GUARANTEED.Migration.operations:
        sql(operation.sql.replace("%", "%%"))
    assert list(differences()) == []
    assert len(missing) == sum(name.startswith("ledger_") for names in GUARANTEES.values() for name in names)
