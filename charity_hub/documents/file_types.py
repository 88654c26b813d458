"""The type of a file, determined by its bytes and never by its name or the browser.

Only types that offices commonly exchange are accepted; for others the error says
what to send instead. Office files are zip archives: they are unpacked here once, within limits, before
any other program opens them.
"""

import time
import zipfile
from enum import Flag, auto
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from charity_hub.errors import Refused

UNPACKED_LIMIT = 150 * 1024 * 1024
SECONDS_LIMIT = 3
RATIO_LIMIT = 200
MEMBER_LIMIT = 5_000
HEAD = 4_096
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Kind(Flag):
    PDF = auto()
    IMAGE = auto()
    OFFICE = auto()
    ALL = PDF | IMAGE | OFFICE


class FileType(NamedTuple):
    kind: Kind
    content_type: str
    suffix: str


PDF = FileType(Kind.PDF, "application/pdf", ".pdf")
PNG = FileType(Kind.IMAGE, "image/png", ".png")
JPEG = FileType(Kind.IMAGE, "image/jpeg", ".jpg")
WEBP = FileType(Kind.IMAGE, "image/webp", ".webp")
_OFFICE = "application/vnd.openxmlformats-officedocument"
XLSX = FileType(Kind.OFFICE, f"{_OFFICE}.spreadsheetml.sheet", ".xlsx")
DOCX = FileType(Kind.OFFICE, f"{_OFFICE}.wordprocessingml.document", ".docx")
PPTX = FileType(Kind.OFFICE, f"{_OFFICE}.presentationml.presentation", ".pptx")
_MAIN_PART = {"xl/workbook.xml": XLSX, "word/document.xml": DOCX, "ppt/presentation.xml": PPTX}


def type_of(file: IO[bytes]) -> FileType:
    """The type of an open file; its position is moved to the start.

    Raises ``Refused`` for an empty, damaged, encrypted or unknown file, with advice.
    """
    file.seek(0)
    head = file.read(HEAD)
    try:
        return _type_by_head(head, file)
    finally:
        file.seek(0)


def _type_by_head(head: bytes, file: IO[bytes]) -> FileType:
    if not head.strip(b"\x00\r\n\t "):
        raise Refused(_("This file is empty. Check that it opens on your computer and send it again."))
    if b"%PDF-" in head[:1_024]:
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _office(file)
    raise Refused(_refusal(head, file))


def _refusal(head: bytes, file: IO[bytes]) -> str:
    if head.startswith(OLE2):
        file.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in file.read():
            return _("This file is protected by a password. Save it without the password and send it again.")
        return _(
            "This file has an old Office format (.xls, .doc). Save it as .xlsx or .docx and send it again."
        )
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"}:
        return _("This is a HEIC photo, which many computers cannot open. Save it as JPEG and send it again.")
    if head.startswith((b"MZ", b"\x7fELF", b"#!")):
        return _("This is a program, not a document. Programs are not accepted, whatever their name.")
    return _(
        "This kind of file is not accepted. Send a PDF, a JPEG, PNG or WebP picture, a .xlsx or a .docx."
    )


def _office(file: IO[bytes]) -> FileType:
    damaged = Refused(_("This file is damaged and cannot be opened. Save it again and send it once more."))
    try:
        with zipfile.ZipFile(file) as archive:
            _within_limits(archive)
            names = set(archive.namelist())
            if any(name.endswith("vbaProject.bin") for name in names):
                raise Refused(
                    _("This file contains macros. Save it without macros (.xlsx, .docx) and send it again.")
                )
            found = next((kind for part, kind in _MAIN_PART.items() if part in names), None)
            if found is None or "[Content_Types].xml" not in names:
                raise Refused(_("Archives are not accepted. Unpack it and send the files inside one by one."))
            _unpack(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise damaged from error
    return found


def _unpack(archive: zipfile.ZipFile) -> None:
    """Read every part once, in pieces and for a few seconds at most: checksums detect damage."""
    until = time.monotonic() + SECONDS_LIMIT
    for member in archive.infolist():
        with archive.open(member) as part:
            while part.read(1024 * 1024):
                if time.monotonic() > until:
                    raise _swollen()


def _swollen() -> Refused:
    return Refused(_("This file is too large when unpacked. Send only the part that is needed."))


def _within_limits(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that would unpack to too much, from its directory alone, before reading it."""
    members = archive.infolist()
    if any(member.flag_bits & 0x1 for member in members):
        raise Refused(
            _("This file is protected by a password. Save it without the password and send it again.")
        )
    # Office programs only deflate; other methods are slow, or need unlimited memory.
    if any(member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for member in members):
        raise zipfile.BadZipFile("packed in another way")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    swollen = unpacked > 1024 * 1024 and unpacked / packed > RATIO_LIMIT
    if len(members) > MEMBER_LIMIT or unpacked > UNPACKED_LIMIT or swollen:
        raise _swollen()
