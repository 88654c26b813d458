"""Files that no row names: a file is written before its row, and stays when the row is rolled back."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import batched
from typing import Final

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField
from django.utils import timezone

from charity_hub.documents.models import Document

# Far longer than any transaction: a younger file may be about to get its row.
OLD: Final = timedelta(days=1)
# Where uploads and what the portal makes are stored; nothing else is touched.
YEAR: Final = re.compile(r"\d{4}")
AT_ONCE: Final = 1_000


def sweep_files() -> int:
    """Delete stored files without a row that are older than a day; returns how many went.

    Without a single row nothing is deleted: then the database is being restored, not the storage left behind.
    """
    if not Document.objects.exists():
        return 0
    gone = 0
    years = [folder for folder in default_storage.listdir("")[0] if YEAR.fullmatch(folder)]
    for places in batched((place for year in years for place in _old_files(year)), AT_ONCE):
        for place in set(places) - _named(places):
            default_storage.delete(place)
            gone += 1
    return gone


def _old_files(folder: str) -> Iterator[str]:
    folders, names = default_storage.listdir(folder)
    for name in names:
        place = f"{folder}/{name}"
        if default_storage.get_modified_time(place) < timezone.now() - OLD:
            yield place
    for inner in folders:
        yield from _old_files(f"{folder}/{inner}")


def _named(places: Iterable[str]) -> set[str]:
    """Those that a row of any model names."""
    return {
        name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, FileField)
        for name in model._base_manager.filter(**{f"{field.name}__in": places}).values_list(
            field.name, flat=True
        )
    }
