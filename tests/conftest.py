"""What every test shares: quick passwords, uploads in a scratch folder, a ledger that can be emptied."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase
from pytest_django.fixtures import Settings

from charity_hub.documents.certificates import register_kind
from charity_hub.ledger.kinds import Direction, TransferKind, register_kinds

# A kind of certificate that says whatever it is told.
register_kind("specimen", "Specimen", "documents/specimen.html")

TEARDOWN = "_fixture_teardown"

# Kinds of transfers that belong to no row: for tests of the ledger itself, and of what counts by direction.
register_kinds(
    TransferKind("trial:given", "Trial gift", Direction.INFLOW, "", donated=True),
    TransferKind("trial:came", "Trial income", Direction.INFLOW, ""),
    TransferKind("trial:committed", "Trial commitment", Direction.COMMITMENT, ""),
    TransferKind("trial:spent", "Trial payment", Direction.OUTFLOW, ""),
    TransferKind("trial:book", "Trial of a book", Direction.MOVE, "charity_hub.book"),
    TransferKind("trial:handover", "Trial handover", Direction.HANDOVER, ""),
    *(
        TransferKind(f"trial:{giver}", f"Trial gifts of {giver}", Direction.INFLOW, "", donated=True)
        for giver in ("person", "organization", "anonymous")
    ),
    *(TransferKind(f"trial:{use}", f"Trial {use}", Direction.OUTFLOW, "") for use in ("aid", "goods")),
    *(TransferKind(f"trial:{number}", f"Trial {number}", Direction.MOVE, "") for number in range(100)),
)


@pytest.fixture(autouse=True)
def _quick_and_apart(settings: Settings, tmp_path: Path) -> None:
    """No slow password hashes, no file left in the folder of uploads, sentences in the source language,
    registers read at once however busy the machine is, no page of a moment ago."""
    settings.LANGUAGE_CODE = "en"
    settings.REGISTER_SECONDS_AT_ONCE = 60
    settings.PUBLIC_PAGE_SECONDS = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    documents = {"OPTIONS": {"location": tmp_path / "documents", "base_url": None}}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | documents}


@pytest.fixture(autouse=True, scope="session")
def _a_folder_for_static_files() -> None:
    """Empty, but there: WhiteNoise warns of each start without one."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guarantees() -> Iterator[None]:
    """Tests with real transactions end with a flush, which the append-only triggers would refuse.

    For the whole session: a test's own fixtures are undone before its database is flushed.
    """
    flush: Callable[[TransactionTestCase], None] = getattr(TransactionTestCase, TEARDOWN)

    def teardown(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        flush(case)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield
