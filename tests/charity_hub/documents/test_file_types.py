"""What a file is, by its bytes, and what is refused."""

import io
import struct
import zipfile

import pytest

from charity_hub.documents import file_types
from charity_hub.documents.file_types import Kind, type_of
from charity_hub.documents.uploads import SIZE_LIMIT, checked, safe_name
from charity_hub.errors import Refused
from tests.charity_hub.documents import files


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (files.PDF, ".pdf"),
        (files.PNG, ".png"),
        (files.JPEG, ".jpg"),
        (files.WEBP, ".webp"),
        (files.archive(files.XLSX_PARTS), ".xlsx"),
        (files.archive(files.DOCX_PARTS), ".docx"),
    ],
)
def test_a_file_is_known_by_its_bytes(data: bytes, suffix: str) -> None:
    assert type_of(io.BytesIO(data)).suffix == suffix


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\x00" * 100, "empty"),
        (files.EXE, "program"),
        (b"#!/bin/sh\nrm\n", "program"),
        (files.HEIC, "JPEG"),
        (files.OLE2, "old Office"),
        (files.OLE2 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"<html><script>", "not accepted"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not accepted"),
        (files.archive({"a.txt": b"x"}), "Unpack it"),
        (files.archive(files.XLSX_PARTS | {"xl/vbaProject.bin": b"x"}), "macros"),
        (b"PK\x03\x04 broken", "damaged"),
    ],
)
def test_what_is_refused_says_why(data: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        type_of(io.BytesIO(data))


def test_a_program_under_another_name_is_refused() -> None:
    with pytest.raises(Refused, match="program"):
        checked(files.sent(files.EXE, "invoice.pdf"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = files.archive(files.XLSX_PARTS | {"xl/worksheets/sheet1.xml": b"0" * 8 * 1024 * 1024})
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_args, **_kwargs: pytest.fail("it was read"))
    with pytest.raises(Refused, match="too large when unpacked"):
        type_of(io.BytesIO(bomb))


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    honest = files.archive(files.XLSX_PARTS | {"xl/worksheets/sheet1.xml": b"01" * 50_000})
    name = honest.rindex(b"xl/worksheets/sheet1.xml")
    directory = name - 46
    lying = honest[: directory + 24] + struct.pack("<I", 10) + honest[directory + 28 :]
    with pytest.raises(Refused, match="damaged"):
        type_of(io.BytesIO(lying))


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_office_programs_never_pack_so_is_not_unpacked(packing: int) -> None:
    with pytest.raises(Refused, match="damaged"):
        type_of(io.BytesIO(files.archive(files.DOCX_PARTS, packing)))


def test_unpacking_ends_after_a_few_seconds_whatever_sizes_are_promised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(file_types, "SECONDS_LIMIT", 0)
    with pytest.raises(Refused, match="too large when unpacked"):
        type_of(io.BytesIO(files.archive(files.DOCX_PARTS)))


def test_a_password_on_the_archive_is_refused() -> None:
    data = bytearray(files.archive(files.XLSX_PARTS))
    for start in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[start] |= 1
    with pytest.raises(Refused, match="password"):
        type_of(io.BytesIO(bytes(data)))


def test_more_than_20_megabytes_are_refused() -> None:
    with pytest.raises(Refused, match="20 MB"):
        checked(files.sent(files.PDF + b" " * SIZE_LIMIT))


def test_a_picture_is_refused_where_a_pdf_belongs() -> None:
    with pytest.raises(Refused, match="PDF"):
        checked(files.sent(files.PNG, "scan.png"), kinds=Kind.PDF)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("协议 2025.PDF", "协议 2025.pdf"),
        ("..\\..\\boot.ini", "boot.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ('x"\r\nSet-Cookie: a=b.pdf', "x_Set-Cookie_ a=b.pdf"),
        ("𠮷😀.pdf", "𠮷😀.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, ".pdf") == safe
