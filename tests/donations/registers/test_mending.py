"""Rows sent again to be mended have lost the rows and titles above them: they mean the same all the same."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.utils.translation import override

from donations.money.models import Gift
from donations.registers.actions import upload_register
from donations.registers.workbooks import bad_rows
from tests import cast
from tests.donations.registers.bringing import brought_in
from tests.donations.registers.workbooks import workbook

pytestmark = pytest.mark.django_db
type Rows = Sequence[Sequence[Any]]

HEAD = ["日期", "姓名", "金额", "用途"]
UNKNOWN, KNOWN = "给孙子读书", "不限定"


def mended(folder: Path, rows: Rows, cells: dict[str, Any]) -> list[tuple[date, str, int]]:
    """Bring in the register, mend cells of its bad rows, bring those in; the gifts these become."""
    file = ContentFile(workbook(folder, rows).read_bytes(), name="register.xlsx")
    book = openpyxl.load_workbook(bad_rows(brought_in(file)))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    book.save(folder / "mended.xlsx")
    before = set(Gift.objects.values_list("pk", flat=True))
    brought_in(ContentFile((folder / "mended.xlsx").read_bytes(), name="mended.xlsx"))
    added = Gift.objects.exclude(pk__in=before).order_by("pk")
    return list(added.values_list("given_on", "donor__name", "amount_fen"))


def test_way_that_was_chosen_for_the_register_is_proposed_again(tmp_path: Path) -> None:
    rows: Rows = [HEAD, ["2025-03-05", "陈示例", 1, KNOWN], ["2025-03-05", "李示例", 1, UNKNOWN]]
    file = ContentFile(workbook(tmp_path, rows).read_bytes(), name="register.xlsx")
    register = brought_in(file, default_way="bank_transfer")
    again = ContentFile(bad_rows(register).read(), name="mended.xlsx")
    mended = upload_register(again, station=register.station, fund=register.fund, actor=cast.wen())
    assert mended.columns["default_way"] == "bank_transfer"


def test_dittos_mean_what_they_meant_in_the_register(tmp_path: Path) -> None:
    rows: Rows = [
        HEAD,
        ["2025-03-09", "陈示例", "若干", KNOWN],
        ["2025-04-01", "王示例", 300, KNOWN],
        ["〃", "李示例", "同上", UNKNOWN],
    ]
    assert mended(tmp_path, rows, {"C3": 50, "D4": KNOWN}) == [
        (date(2025, 3, 9), "陈示例", 5_000),
        (date(2025, 4, 1), "李示例", 30_000),
    ]


def test_year_and_month_written_once_go_along(tmp_path: Path) -> None:
    rows: Rows = [
        ["年", "月", "日", "姓名", "金额"],
        [2025, 3, 5, "陈示例", "若干"],
        ["", 4, 1, "王示例", 300],
        ["", "", 2, "李示例", "若干"],
    ]
    assert [day for day, *_rest in mended(tmp_path, rows, {"E3": 50, "E4": 60})] == [
        date(2025, 3, 5),
        date(2025, 4, 2),
    ]


@pytest.mark.parametrize("above", [["2024年捐款登记"], ["捐款登记"]])
def test_a_day_without_a_year_keeps_the_one_it_had(tmp_path: Path, above: list[str]) -> None:
    rows: Rows = [above, HEAD, ["2024年3月4日", "陈示例", 1, KNOWN], ["3月5日", "李示例", 300, UNKNOWN]]
    assert mended(tmp_path, rows, {"D3": KNOWN}) == [(date(2024, 3, 5), "李示例", 30_000)]


def test_a_day_that_is_mended_takes_the_year_of_the_title(tmp_path: Path) -> None:
    rows: Rows = [["2024年捐款登记"], HEAD, ["3月40日", "李示例", 300, KNOWN], ["3月4日", "陈示例", 1, KNOWN]]
    assert mended(tmp_path, rows, {"A3": "3月14日"}) == [(date(2024, 3, 14), "李示例", 30_000)]


def test_amounts_count_in_the_unit_of_the_title(tmp_path: Path) -> None:
    rows: Rows = [
        ["捐款登记", "", "单位：万元"],
        HEAD,
        ["2025-03-05", "李示例", 2.5, UNKNOWN],
        ["2025-03-05", "陈示例", 1, KNOWN],
    ]
    assert mended(tmp_path, rows, {"D3": KNOWN}) == [(date(2025, 3, 5), "李示例", 2_500_000)]


def test_the_one_day_of_the_title_goes_along(tmp_path: Path) -> None:
    rows: Rows = [
        ["义卖活动捐款表(2025年9月5日)"],
        ["姓名", "金额(元)", "用途"],
        ["李示例", 300, UNKNOWN],
        ["陈示例", 1, KNOWN],
    ]
    assert mended(tmp_path, rows, {"C3": KNOWN}) == [(date(2025, 9, 5), "李示例", 30_000)]


SECOND = ["捐款人", "联系电话", "捐款金额", "捐款日期", "用途"]


@pytest.mark.parametrize("first_is_sound", [True, False])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_rows_of_a_second_table_stand_under_its_own_titles(
    tmp_path: Path, language: str, *, first_is_sound: bool
) -> None:
    rows: Rows = [
        HEAD,
        ["2025-03-05", "陈示例", 100 if first_is_sound else "若干", KNOWN],
        [],
        SECOND,
        ["李示例", "13800001234", "一些", "2025-04-01", KNOWN],
        ["王示例", "13800001235", 300, "2025-04-02", UNKNOWN],
        ["张示例", "", 5, "2025-04-03", KNOWN],
    ]
    with override(language):
        if first_is_sound:
            found, cells = [], {"C3": 20, "E4": KNOWN}
        else:
            found, cells = [(date(2025, 3, 5), "陈示例", 5_000)], {"C3": 50, "C6": 20, "E7": KNOWN}
        assert mended(tmp_path, rows, cells) == [
            *found,
            (date(2025, 4, 1), "李示例", 2_000),
            (date(2025, 4, 2), "王示例", 30_000),
        ]


def test_a_second_table_below_two_lines_of_titles_is_read_again(tmp_path: Path) -> None:
    rows: Rows = [
        HEAD,
        ["2025-03-05", "陈示例", "若干", KNOWN],
        ["日期", "捐赠人信息", "", "金额", "用途"],
        ["", "姓名", "联系电话", "", ""],
        ["2025-04-01", "李示例", "13800001234", 300, UNKNOWN],
    ]
    assert mended(tmp_path, rows, {"C3": 50, "E6": KNOWN}) == [
        (date(2025, 3, 5), "陈示例", 5_000),
        (date(2025, 4, 1), "李示例", 30_000),
    ]


def test_every_table_keeps_the_unit_that_its_amounts_count_in(tmp_path: Path) -> None:
    rows: Rows = [
        ["捐款登记", "", "单位：万元"],
        HEAD,
        ["2025-03-05", "陈示例", 1, KNOWN],
        SECOND,
        ["李示例", "13800001234", 2.5, "2025-04-01", UNKNOWN],
    ]
    assert mended(tmp_path, rows, {"E3": KNOWN}) == [(date(2025, 4, 1), "李示例", 2_500_000)]


def test_a_table_that_counts_in_another_unit_than_the_one_above_says_so(tmp_path: Path) -> None:
    rows: Rows = [
        ["捐款登记", "", "单位：万元"],
        HEAD,
        ["2025-03-05", "陈示例", 1, UNKNOWN],
        ["单位：元"],
        SECOND,
        ["李示例", "13800001234", 25, "2025-04-01", UNKNOWN],
    ]
    assert mended(tmp_path, rows, {"D3": KNOWN, "E7": KNOWN}) == [
        (date(2025, 3, 5), "陈示例", 1_000_000),
        (date(2025, 4, 1), "李示例", 2_500),
    ]
