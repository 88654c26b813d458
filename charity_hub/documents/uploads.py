"""Storing files: what people send in, and what the portal itself makes."""

import hashlib
import re
import secrets
import unicodedata
from pathlib import PurePath
from typing import IO

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile, File
from django.db import models
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
    """A file name to show and download under: no path, no control characters, the right ending."""
    last = PurePath(name.replace("\\", "/")).name
    plain = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    stem = re.sub(r'[<>:"/|?*]', "_", PurePath(plain).stem).strip(" .")[:NAME_LENGTH]
    return f"{stem or _('document')}{suffix}"


def checked(file: Upload, *, kinds: Kind = Kind.ALL) -> FileType:
    """The type of an upload that may be taken: at most 20 MB, one of ``kinds``, not damaged, not dangerous.

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
    """Keep what somebody sent, for the readers of ``owner``; see ``checked`` for what is refused."""
    found = checked(file, kinds=kinds)
    name = safe_name(file.name or "", found.suffix)
    return _store(name, file, found.content_type, found.suffix, owner=owner, actor=actor)


def store_made(
    name: str, data: bytes, content_type: str, *, owner: models.Model | None, actor: User | None = None
) -> Document:
    """Keep a file that the portal made, for the readers of ``owner``."""
    suffix = MADE_SUFFIX.get(content_type, PurePath(name).suffix)
    file = ContentFile(data)
    return _store(safe_name(name, suffix), file, content_type, suffix, owner=owner, actor=actor)


def documents_of(owner: models.Model) -> models.QuerySet[Document]:
    """The files that belong to a row, oldest first."""
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
