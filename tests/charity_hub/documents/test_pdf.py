"""PDFs: the same bytes from the same data, and every character printed."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pypdf
import pytest

from charity_hub.documents import charts, fonts, qr
from charity_hub.documents.pdf import render

SPECIMEN = "tests/charity_hub/documents/specimen.typ"


def specimen(**changes: Any) -> dict[str, Any]:
    drawn = charts.to_svg(
        charts.stacked_months([("2026-03", [500_000])], names=["助学"], unit="元", height=30)
    ).decode()
    data = {
        "title": "年度报告",
        "name": "示例人",
        "cap": "人民币壹元整",
        "chart": drawn,
        "chart2": drawn,
        "qr": qr.svg("https://hub.example/verify/0123456789AB/"),
    }
    return data | changes


def words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_same_data_gives_the_same_bytes() -> None:
    data = specimen()
    assert render(SPECIMEN, data, dated=date(2026, 3, 5)) == render(SPECIMEN, data, dated=date(2026, 3, 5))


def test_many_threads_set_the_same_document_alike() -> None:
    data = specimen()
    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(lambda _number: render(SPECIMEN, data), range(24)))
    assert len(made) == 1


def test_the_file_says_the_day_it_is_given() -> None:
    made = pypdf.PdfReader(io.BytesIO(render(SPECIMEN, specimen(), dated=date(2026, 3, 5))))
    assert made.metadata is not None
    assert made.metadata.creation_date is not None
    assert made.metadata.creation_date.date() == date(2026, 3, 5)


def test_a_moment_is_taken_to_the_second() -> None:
    moment = datetime(2026, 3, 5, 1, 2, 3, 456, tzinfo=UTC)
    made = pypdf.PdfReader(io.BytesIO(render(SPECIMEN, specimen(), dated=moment)))
    assert made.metadata is not None
    assert made.metadata.creation_date == moment.replace(microsecond=0)


def test_the_file_names_no_day_when_none_is_given() -> None:
    made = pypdf.PdfReader(io.BytesIO(render(SPECIMEN, specimen())))
    assert made.metadata is not None
    assert made.metadata.creation_date is None


def test_what_people_typed_is_never_read_as_markup() -> None:
    assert '#panic("x") *[$1$]' in words(render(SPECIMEN, specimen(name='#panic("x") *[$1$]')))


@pytest.mark.parametrize("name", ["𠮷", "㙟", "龘", "𬱖", "😀", "𰻝"])
def test_rare_characters_are_printed(name: str) -> None:
    assert name in words(render(SPECIMEN, specimen(name=name)))


def test_a_character_that_no_font_has_is_written_as_its_code_point() -> None:
    assert "张[U+20000]" in words(render(SPECIMEN, specimen(name="张\U00020000")))


@pytest.mark.parametrize("name", ["สมชาย ดี", "नमस्ते", "محمّد"])
def test_no_mark_of_a_script_without_a_font_is_dropped(name: str) -> None:
    shown = fonts.printable(name)
    assert shown.count("[U+") == len(name.replace(" ", ""))


def test_a_letter_and_its_mark_are_printed_as_one() -> None:
    assert fonts.printable("Jose\u0301 ガ กา") == "José ガ [U+0E01][U+0E32]"


def test_direction_and_control_characters_are_dropped() -> None:
    assert fonts.printable("甲\u202e乙\x00丙") == "甲乙丙"


def test_figures_are_written_from_whole_fen() -> None:
    text = words(render(SPECIMEN, specimen()))
    assert "¥12,345.67" in text
    assert "¥987,654,321.00" in text
    assert "−¥0.05" in text


def test_pages_are_numbered() -> None:
    assert "2 / 4" in words(render(SPECIMEN, specimen()))


def test_every_font_file_is_there() -> None:
    families = set(fonts.loaded().families())
    assert families == set(fonts.FAMILIES)
