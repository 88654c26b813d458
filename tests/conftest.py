"""What every test shares: a database whose ledger refuses to be emptied, and is emptied all the same."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase


@pytest.fixture(autouse=True)
def _flush_past_the_guarantees(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tests with real transactions end with a flush, which the append-only triggers would refuse."""
    flush = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        flush(case)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")

    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
    yield
