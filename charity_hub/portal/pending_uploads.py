"""Files that wait between "check your answers" and "confirm": outside the web root, found by a signed token.

The token is a hidden input of the form and is valid for one person and one day.
"""

import uuid
from datetime import timedelta
from typing import Any, Final

from django.core import signing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

FOLDER: Final = "stash"
SALT: Final = "charity_hub.portal.stash"
GOOD_FOR: Final = timedelta(days=1)

type Upload = UploadedFile[Any]
type Files = MultiValueDict[str, Upload]
type Note = dict[str, list[tuple[str, str, str, int]]]


def keep_files(request: HttpRequest, files: Files) -> str:
    """Store the uploaded files and return their token; empty without files."""
    note: Note = {}
    for field, sent in files.lists():
        for file in sent:
            place = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", file)
            note.setdefault(field, []).append(
                (place, file.name or "", file.content_type or "", file.size or 0)
            )
    return signing.dumps([request.user.pk, note], salt=SALT) if note else ""


def kept_files(request: HttpRequest) -> Files:
    """The files of the form's token; none if the token is somebody else's, too old or changed."""
    found: Files = MultiValueDict()
    for field, entries in _note(request).items():
        found.setlist(field, [_open(entry) for entry in entries if default_storage.exists(entry[0])])
    return found


def drop_files(request: HttpRequest) -> None:
    """Delete the files of the token."""
    for entries in _note(request).values():
        for place, *_rest in entries:
            default_storage.delete(place)


def delete_expired_uploads() -> int:
    """Delete files that are older than a token is valid; returns their number."""
    names = default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []
    over = [place for name in names if _is_over(place := f"{FOLDER}/{name}")]
    for place in over:
        default_storage.delete(place)
    return len(over)


def _is_over(place: str) -> bool:
    try:
        return default_storage.get_modified_time(place) < timezone.now() - GOOD_FOR
    except FileNotFoundError:  # deleted meanwhile by another task or by its sender
        return False


def _note(request: HttpRequest) -> Note:
    try:
        owner, note = signing.loads(request.POST.get("kept", ""), salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return {}
    return note if owner == request.user.pk else {}


def _open(entry: Any) -> Upload:
    place, name, content_type, size = entry
    return UploadedFile(default_storage.open(place), name, content_type, size)
