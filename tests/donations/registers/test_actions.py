"""Bringing a register in: what is kept, what is recorded, and that nothing is recorded twice."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from charity_hub.documents.uploads import documents_of
from charity_hub.errors import Refused
from charity_hub.ledger.actions import close_month
from charity_hub.ledger.models import Book
from donations.money.models import Gift
from donations.registers.actions import (
    check_register,
    choose_sheet_of,
    confirm_columns,
    import_good_rows,
    upload_register,
)
from donations.registers.messages import reasons, remedies
from donations.registers.models import Register, RegisterState, RememberedColumn
from donations.registers.workbooks import template
from donations.registers.workflow import discard_register
from funds.profile.workflow import suspend_fund
from tests import cast
from tests.builders import active_fund, station
from tests.donations.registers.bringing import ROWS, brought_in, count_of, sent, uploaded
from tests.donations.registers.workbooks import HEAD, Read, workbook


@pytest.mark.django_db
def test_an_upload_keeps_the_file_and_proposes_the_columns(tmp_path: Path) -> None:
    register = uploaded(tmp_path)
    assert register.state == RegisterState.UPLOADED
    assert register.columns["fields"] == {"日期": "date", "姓名": "donor", "金额": "amount"}
    assert documents_of(register).get() == register.file
    assert not Gift.objects.exists()


@pytest.mark.django_db
def test_a_check_counts_and_records_nothing(tmp_path: Path) -> None:
    register = check_register(uploaded(tmp_path), actor=cast.wen())
    summary = register.summary
    assert register.state == RegisterState.CHECKED
    assert (summary["rows"], summary["acceptable"], summary["fen"]) == (5, 3, 20_000)
    assert [(entry["row"], entry["column"]) for entry in summary["rejected"]] == [(5, "amount"), (6, "date")]
    assert not Gift.objects.exists()


@pytest.mark.django_db
def test_every_rejection_says_how_to_mend_it_in_whatever_language_it_is_read(tmp_path: Path) -> None:
    with translation.override("en"):
        rejected = check_register(uploaded(tmp_path), actor=cast.wen()).summary["rejected"]
        assert [reasons(entry["problems"]) for entry in rejected] == [
            "“若干” is not one clear amount.",
            "“去年” is not a date.",
        ]
    with translation.override("zh-hans"):
        assert [remedies(entry["problems"]) for entry in rejected] == [
            "请用数字写金额，例如 1000.00；一行一笔捐赠。",
            "请写明年月日，例如 2025-03-05。",
        ]


@pytest.mark.django_db
def test_the_good_rows_become_gifts_and_the_bad_ones_do_not(tmp_path: Path) -> None:
    register = check_register(uploaded(tmp_path), actor=cast.wen())
    register = import_good_rows(register, actor=cast.wen())
    assert register.state == RegisterState.IMPORTED
    assert sorted(Gift.objects.values_list("amount_fen", flat=True)) == [5_000, 5_000, 10_000]
    assert count_of(register) == (3, 0)


@pytest.mark.django_db
def test_the_handler_is_who_records_where_the_register_names_none(tmp_path: Path) -> None:
    brought_in(sent(tmp_path))
    assert set(Gift.objects.values_list("handler", flat=True)) == {cast.wen().name}


@pytest.mark.django_db
def test_confirmed_columns_are_remembered_for_the_stations_next_register(tmp_path: Path) -> None:
    rows = [["2025-03-05", "李社工", "示例公司", 100]]
    head = ["日期", "姓名", "单位", "金额"]
    first = uploaded(tmp_path, rows, head)
    fields = {"日期": "date", "姓名": "handler", "单位": "donor", "金额": "amount"}
    confirm_columns(first, fields, default_way="cash", actor=cast.wen())
    assert uploaded(tmp_path, rows, head).columns["fields"] == fields
    assert RememberedColumn.objects.get(station=station(), title="姓名").field == "handler"


@pytest.mark.django_db
def test_the_registers_own_total_is_compared(tmp_path: Path) -> None:
    rows = [*ROWS, ["合计", "", 650]]
    summary = check_register(uploaded(tmp_path, rows), actor=cast.wen()).summary
    assert (summary["declared_fen"], summary["fen"], summary["readable_fen"]) == (65_000, 20_000, 50_000)


@pytest.mark.django_db
def test_phones_and_ids_are_masked_in_what_is_kept_of_a_check(tmp_path: Path) -> None:
    head = [*HEAD, "电话", "身份证号"]
    rows = [["2025-03-05", "陈示例", 100, "1380000123456", "440605199012042029"]]
    warnings = check_register(uploaded(tmp_path, rows, head), actor=cast.wen()).summary["warnings"]
    assert len(warnings) == 2
    assert "1380000123456" not in str(warnings)
    assert "440605199012042029" not in str(warnings)


@pytest.mark.django_db
def test_a_suspended_fund_takes_no_register(tmp_path: Path) -> None:
    register = check_register(uploaded(tmp_path), actor=cast.wen())
    suspend_fund(active_fund(), "资金使用核查中", actor=cast.ping())
    with pytest.raises(Refused):
        import_good_rows(register, actor=cast.wen())
    with pytest.raises(Refused):
        uploaded(tmp_path)
    assert not Gift.objects.exists()


@pytest.mark.django_db
def test_a_date_in_a_closed_month_is_rejected_with_its_row(tmp_path: Path) -> None:
    close_month(Book.objects.get(fund=active_fund()), date(2025, 3, 1))
    rejected = check_register(uploaded(tmp_path), actor=cast.wen()).summary["rejected"]
    assert {entry["row"] for entry in rejected} == {2, 3, 4, 5, 6}


@pytest.mark.django_db
def test_a_file_that_is_no_register_is_refused_in_a_sentence() -> None:
    with pytest.raises(Refused) as caught:
        brought_in(ContentFile(b"MZ\x90 not a register", name="register.xlsx"))
    assert caught.value.field == "file"
    assert not Register.objects.exists()


@pytest.mark.django_db
def test_another_sheet_can_be_chosen(tmp_path: Path) -> None:
    def april(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("四月")
        sheet.append(HEAD)
        sheet.append(["2025-04-05", "陈示例", 400])

    path = workbook(tmp_path, [HEAD, *ROWS], more=april)
    file = ContentFile(path.read_bytes(), name="register.xlsx")
    register = upload_register(file, station=station(), fund=active_fund(), actor=cast.wen())
    assert register.columns["others"] == ["四月"]
    register = check_register(choose_sheet_of(register, "四月", actor=cast.wen()), actor=cast.wen())
    assert register.summary["fen"] == 40_000


@pytest.mark.django_db
def test_a_register_put_aside_is_not_imported(tmp_path: Path) -> None:
    register = check_register(uploaded(tmp_path), actor=cast.wen())
    discard_register(register, actor=cast.wen())
    with pytest.raises(Refused):
        import_good_rows(register, actor=cast.wen())
    assert not Gift.objects.exists()


@pytest.mark.django_db
def test_the_empty_register_is_understood_column_by_column(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(template(active_fund()).read())
    book = openpyxl.load_workbook(path)
    book.worksheets[0].append(
        [1, date(2025, 3, 5), "陈示例", "个人", "13800001234", "", 100, "微信", "助学", "同意"]
    )
    book.save(path)
    found = Read(path)
    assert "" not in found.meanings.values()
    assert found.taken == [("2025-03-05", "陈示例", 10_000)]
