"""Shared by all tests: fast password hashes, a temporary folder for uploads, a database that is created
quickly.

Each worker's database is a copy of one that was migrated once (``tests/database.py``). The cast and its fund
are created once and inserted into the tests that use them (``tests/prepared.py``).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from charity_hub.documents.certificates import register_kind
from charity_hub.ledger.kinds import Direction, TransferKind, register_kinds
from tests import database

# A kind of certificate without a view, so with any facts.
register_kind("specimen", "Specimen", "documents/specimen.html")

# Kinds of transfers without rows: for tests of the ledger itself, and of counting by direction.
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
    registers read at once on a busy machine, no cached pages.
    """
    settings.LANGUAGE_CODE = "en"
    settings.REGISTER_SECONDS_AT_ONCE = 60
    settings.PUBLIC_PAGE_SECONDS = 0
    caches["pages"].clear()
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    documents = {"OPTIONS": {"location": tmp_path / "documents", "base_url": None}}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | documents}


@pytest.fixture(autouse=True, scope="session")
def _a_folder_for_static_files() -> None:
    """Empty but existing: WhiteNoise warns at each start without it."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Let the test databases be copies of one that was migrated once."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = database.migrated_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Reserve low keys for prepared rows, and end tests with real transactions by fast deletions.

    For the whole session: a test's own fixtures are undone before its database is emptied.
    """
    with django_db_blocker.unblock():
        database.high_keys()
        database.columns()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: database.empty())
        yield
