"""GET and HEAD change no row, and what is read by somebody who has signed in is kept nowhere."""

from pathlib import Path

import pytest
from django.db import connection

from tests import cast
from tests.config.walk import addresses, furnished

pytestmark = pytest.mark.django_db

# What reading leaves behind on purpose: who is signed in and saw personal data, and what is kept to be quick.
TRACES = {"django_session", "people_look", "cache"}


def written() -> dict[str, int]:
    """Rows inserted, changed and deleted since the test began, by table; undone ones count too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return {name: count for name, count in cursor.fetchall() if name not in TRACES}


VISITS = [
    (cast.ada, "get", "/"),
    (cast.ada, "head", "/desk/"),
    (cast.lan, "get", "/me/"),
    (cast.lan, "head", "/me/"),
]


def test_no_address_writes_when_it_is_read(tmp_path: Path) -> None:
    rows = furnished(tmp_path)
    wrote, failed, kept = {}, [], []
    for person, method, below in VISITS:
        client = cast.client_of(person())
        for address in addresses(rows):
            if address == "/admin/logout/" or not address.startswith(below):
                continue
            before = written()
            answer = getattr(client, method)(address)
            if (after := written()) != before:
                wrote[address] = {table for table in after if after[table] != before.get(table)}
            if answer.status_code >= 500:
                failed.append(address)
            if "no-store" not in answer.get("Cache-Control", ""):
                kept.append(address)
    assert (wrote, failed, kept) == ({}, [], [])
