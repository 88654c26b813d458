"""Files whose row was rolled back go at night; whatever has a row, or may be about to get one, stays."""

import os
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from charity_hub.documents.uploads import delete_unused_files, store_made

pytestmark = pytest.mark.django_db


def stored() -> str:
    """The place of a file with a row."""
    return str(store_made("示例.pdf", b"%PDF-1.7", "application/pdf", owner=None).file.name)


def rolled_back() -> str:
    """The place of a file whose row is gone."""
    with transaction.atomic():
        place = stored()
        transaction.set_rollback(True)
    return place


def aged(place: str) -> str:
    then = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(default_storage.path(place), (then, then))
    return place


def test_a_file_whose_row_was_rolled_back_goes_and_one_with_a_row_stays() -> None:
    kept, left = aged(stored()), aged(rolled_back())
    assert delete_unused_files() == 1
    assert (default_storage.exists(kept), default_storage.exists(left)) == (True, False)


def test_an_upload_under_way_stays() -> None:
    aged(stored())
    fresh = rolled_back()
    assert delete_unused_files() == 0
    assert default_storage.exists(fresh)


def test_nothing_goes_while_the_database_is_empty() -> None:
    left = aged(rolled_back())
    assert delete_unused_files() == 0
    assert default_storage.exists(left)
