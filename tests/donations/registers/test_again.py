"""The same register again, rows mended and sent again, likely doubles: nothing is recorded twice."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile

from donations.money.models import Gift
from donations.money.workflow import void_gift
from donations.registers.actions import (
    check_register,
    import_good_rows,
)
from donations.registers.workbooks import bad_rows
from tests import cast
from tests.builders import gift
from tests.donations.registers.bringing import ROWS, brought_in, count_of, sent, uploaded
from tests.donations.registers.workbooks import HEAD, Read


@pytest.mark.django_db
def test_the_same_file_twice_adds_nothing(tmp_path: Path) -> None:
    brought_in(sent(tmp_path))
    assert count_of(brought_in(sent(tmp_path))) == (0, 3)
    assert Gift.objects.count() == 3


@pytest.mark.django_db
def test_a_mended_file_adds_only_the_mended_rows_wherever_they_moved(tmp_path: Path) -> None:
    brought_in(sent(tmp_path))
    mended = [["2025-03-06", "示例公司", 500], *reversed(ROWS[:3]), ["2025-01-05", "王示例", 300]]
    assert count_of(brought_in(sent(tmp_path, mended))) == (2, 3)


@pytest.mark.django_db
def test_a_receipt_number_or_a_phone_filled_in_later_makes_no_new_gift(tmp_path: Path) -> None:
    head = [*HEAD, "电话", "票据号码"]
    brought_in(sent(tmp_path, [["2025-03-05", "陈示例", 100, "1380000", ""]], head))
    later = [["2025-03-05", "陈示例", 100, "13800001234", "粤123"]]
    assert count_of(brought_in(sent(tmp_path, later, head))) == (0, 1)


@pytest.mark.django_db
def test_one_more_equal_row_is_one_more_gift(tmp_path: Path) -> None:
    brought_in(sent(tmp_path))
    added, _there = count_of(brought_in(sent(tmp_path, [*ROWS[:3], ROWS[1]])))
    assert added == 1


@pytest.mark.django_db
def test_a_voided_gift_does_not_come_back_with_its_register(tmp_path: Path) -> None:
    brought_in(sent(tmp_path))
    void_gift(Gift.objects.get(donor__name="陈示例"), "重复登记", actor=cast.wen())
    assert count_of(brought_in(sent(tmp_path))) == (0, 3)


@pytest.mark.django_db
def test_the_rows_to_mend_come_back_with_their_reasons(tmp_path: Path) -> None:
    register = brought_in(sent(tmp_path))
    sheet = openpyxl.load_workbook(bad_rows(register)).worksheets[0]
    lines = list(sheet.iter_rows(min_row=3, values_only=True))
    assert [line[:3] for line in lines] == [("2025-03-06", "示例公司", "若干"), ("去年", "王示例", 300)]
    assert all("." in str(line[3]) or "。" in str(line[3]) for line in lines)


@pytest.mark.django_db
def test_the_mended_workbook_is_read_as_it_is_and_adds_its_rows_once(tmp_path: Path) -> None:
    register = brought_in(sent(tmp_path))
    for added in (2, 0):
        book = openpyxl.load_workbook(bad_rows(register))
        book.worksheets[0]["C3"], book.worksheets[0]["A4"] = 500, "2025-01-05"
        book.save(tmp_path / "mended.xlsx")
        mended = ContentFile((tmp_path / "mended.xlsx").read_bytes(), name="mended.xlsx")
        assert count_of(brought_in(mended)) == (added, 2 - added)


@pytest.mark.django_db
def test_a_mended_row_that_equals_a_good_one_is_still_a_gift_of_its_own(tmp_path: Path) -> None:
    register = brought_in(sent(tmp_path, [["2025-03-05", "匿名", 50], ["2025-03-05", "匿名", "若干"]]))
    book = openpyxl.load_workbook(bad_rows(register))
    book.worksheets[0]["C3"] = 50
    book.save(tmp_path / "mended.xlsx")
    mended = ContentFile((tmp_path / "mended.xlsx").read_bytes(), name="mended.xlsx")
    assert count_of(brought_in(mended)) == (1, 0)
    whole = [["2025-03-05", "匿名", 50], ["2025-03-05", "匿名", 50]]
    assert count_of(brought_in(sent(tmp_path, whole))) == (0, 2)


@pytest.mark.django_db
def test_formulas_in_the_rows_to_mend_are_neutral_and_come_back_unchanged(tmp_path: Path) -> None:
    register = brought_in(sent(tmp_path, [["去年", "'=HYPERLINK(1)", 100], ["2025-03-05", "陈示例", 1]]))
    path = tmp_path / "bad.xlsx"
    path.write_bytes(bad_rows(register).read())
    cell = openpyxl.load_workbook(path).worksheets[0]["B3"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'=")
    assert Read(path).rows[0].problems[0].code == "date_unclear"


@pytest.mark.django_db
def test_likely_doubles_can_be_left_out(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["2025-03-05", "陈示例", 100], ["2025.3.5", "陈示例", "100元"]]
    register = brought_in(sent(tmp_path, rows), skip_doubles=True)
    assert register.summary["double_count"] == 1
    assert Gift.objects.count() == 1
    assert register.summary["import"]["left_out"] == 1


@pytest.mark.django_db
def test_a_gift_typed_in_before_is_pointed_out_and_can_be_left_out(tmp_path: Path) -> None:
    typed = gift(given_on=date(2025, 3, 5), amount_fen=10_000, name="陈示例")
    register = check_register(uploaded(tmp_path), actor=cast.wen())
    assert [entry["gift"] for entry in register.summary["twins"]] == [typed.number]
    register = import_good_rows(register, leave_open=True, actor=cast.wen())
    assert count_of(register) == (2, 0)


@pytest.mark.django_db
def test_importing_again_is_a_quiet_no_op(tmp_path: Path) -> None:
    register = brought_in(sent(tmp_path))
    assert import_good_rows(register, actor=cast.wen()).summary == register.summary
