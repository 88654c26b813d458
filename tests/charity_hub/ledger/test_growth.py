"""What a posting costs does not depend on how much is in the ledger, whatever statistics PostgreSQL has."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from charity_hub.ledger.actions import Line, Posting, post_many
from charity_hub.ledger.models import Account, AccountKind
from tests.builders import account
from tests.charity_hub.ledger.attacks import sql

pytestmark = pytest.mark.django_db

ONE = """
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM ledger_post(
    ARRAY[%s], '{trial:given}', '{2025-03-05}', '{""}', '{NULL}', '{NULL}', '{NULL}', '{NULL}',
    ARRAY[%s, %s], ARRAY[%s, %s]::bigint[], '{500, -500}'
)
"""


def pages_of_one_posting(bank: Account, net: Account) -> int:
    """Pages that PostgreSQL looks at to post one transfer, its triggers' included."""
    key = str(uuid4())
    [(told,)] = sql(ONE, key, key, key, bank.pk, net.pk)
    plan = told[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def grow(bank: Account, net: Account, transfers: int) -> None:
    """Of many kinds, so that totals grow too."""
    post_many(
        [
            Posting(
                kind=f"trial:{number % 100}",
                lines=[Line(bank, 500), Line(net, -500)],
                key=str(uuid4()),
                occurred_on=date(2025, 1 + number % 12, 1),
            )
            for number in range(transfers)
        ]
    )


def test_a_posting_reads_no_more_after_thousands_and_new_statistics() -> None:
    bank, net = account("bank:示例"), account("net:示例", AccountKind.NET_ASSETS)
    grow(bank, net, 100)
    pages_of_one_posting(bank, net)  # what is read once a session
    before = pages_of_one_posting(bank, net)
    grow(bank, net, 4_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ledger_account, ledger_transfer, ledger_entry, ledger_month_total")
    pages_of_one_posting(bank, net)
    assert pages_of_one_posting(bank, net) < 2 * before
