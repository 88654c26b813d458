"""Storing files: uploads, and files made by the portal.

A file is written before its row and stays if the row is rolled back, so files without a row are deleted
later.
"""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import batched
from pathlib import PurePath
from typing import IO, Final

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import FileField
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.documents.file_types import FileType, Kind, type_of
from charity_hub.documents.models import Document
from charity_hub.errors import Refused
from charity_hub.people.models import User

type Upload = File[bytes]

SIZE_LIMIT = 20 * 1024 * 1024
NAME_LENGTH = 120
MADE_SUFFIX = {"application/pdf": ".pdf", "image/png": ".png", "image/svg+xml": ".svg", "text/csv": ".csv"}


def safe_name(name: str, suffix: str) -> str:
    """A file name for display and download: no path, no control characters, the right extension."""
    last = PurePath(name.replace("\\", "/")).name
    plain = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    stem = re.sub(r'[<>:"/|?*]', "_", PurePath(plain).stem).strip(" .")[:NAME_LENGTH]
    return f"{stem or _('document')}{suffix}"


def checked(file: Upload, *, kinds: Kind = Kind.ALL) -> FileType:
    """The type of an acceptable upload: at most 20 MB, one of ``kinds``, not damaged, not dangerous.

    Raises ``Refused`` with a sentence that says what to send instead.
    """
    if file.size > SIZE_LIMIT:
        raise Refused(_("This file is larger than 20 MB. Send it in parts, or with smaller pictures."))
    found = type_of(_opened(file))
    if found.kind not in kinds:
        raise Refused(_("This type of file is not accepted here: %(names)s.") % {"names": _names(kinds)})
    return found


def store_upload(
    file: Upload, *, owner: models.Model | None, actor: User | None, kinds: Kind = Kind.ALL
) -> Document:
    """Store an upload for the readers of ``owner``; ``checked`` says what is refused."""
    found = checked(file, kinds=kinds)
    name = safe_name(file.name or "", found.suffix)
    return _store(name, file, found.content_type, found.suffix, owner=owner, actor=actor)


def store_made(
    name: str, data: bytes, content_type: str, *, owner: models.Model | None, actor: User | None = None
) -> Document:
    """Store a file made by the portal, for the readers of ``owner``."""
    suffix = MADE_SUFFIX.get(content_type, PurePath(name).suffix)
    file = ContentFile(data)
    return _store(safe_name(name, suffix), file, content_type, suffix, owner=owner, actor=actor)


def documents_of(owner: models.Model) -> models.QuerySet[Document]:
    """The files of a row, oldest first."""
    return Document.objects.filter(owner_type=ContentType.objects.get_for_model(owner), owner_id=owner.pk)


def _opened(file: Upload) -> IO[bytes]:
    file.open("rb")
    if file.file is None:
        raise ValueError("the file is closed")
    return file.file


def _names(kinds: Kind) -> str:
    words = {Kind.PDF: "PDF", Kind.IMAGE: "JPEG, PNG, WebP", Kind.OFFICE: ".xlsx, .docx"}
    return _("accepted: %(kinds)s") % {"kinds": ", ".join(words[kind] for kind in kinds)}


def _store(
    name: str,
    file: Upload,
    content_type: str,
    suffix: str,
    *,
    owner: models.Model | None,
    actor: User | None,
) -> Document:
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    document = Document(
        name=name,
        content_type=content_type,
        size=file.size,
        sha256=digest.hexdigest(),
        owner_type=ContentType.objects.get_for_model(owner) if owner is not None else None,
        owner_id=owner.pk if owner is not None else None,
        uploaded_by=actor,
    )
    document.file.save(f"{secrets.token_hex(16)}{suffix}", file, save=False)
    document.save()
    return document


def _is_there(document: Document) -> bool:
    return document.file.storage.exists(str(document.file.name))


def missing_files() -> Iterator[str]:
    """A sentence for each document whose file is not there."""
    for document in Document.objects.order_by("pk").iterator():
        if not _is_there(document):
            yield _("Document #%(document)s: its file %(name)s is missing.") % {
                "document": document.pk,
                "name": document.file.name,
            }


def changed_files() -> Iterator[str]:
    """A sentence for each document whose file is not what was stored; reads all that are there."""
    for document in Document.objects.order_by("pk").iterator():
        if not _is_there(document):
            continue
        with document.file.open("rb") as file:
            read = hashlib.file_digest(file.file, "sha256").hexdigest()
        if (read, document.file.size) != (document.sha256, document.size):
            yield _("Document #%(document)s: its file %(name)s is not the one that was stored.") % {
                "document": document.pk,
                "name": document.file.name,
            }


# Much longer than any transaction: a younger file may be about to get its row.
OLD: Final = timedelta(days=1)
# The folders of uploads and files made by the portal; nothing else is deleted.
YEAR: Final = re.compile(r"\d{4}")
AT_ONCE: Final = 1_000


def delete_unused_files() -> int:
    """Delete stored files without a row that are older than a day; returns their number.

    Nothing is deleted if there are no rows at all: then the database is probably being restored.
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
    """The files named by a row of any model."""
    return {
        name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, FileField)
        for name in model._base_manager.filter(**{f"{field.name}__in": places}).values_list(
            field.name, flat=True
        )
    }
