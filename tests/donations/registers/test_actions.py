"""Bringing a register in: what is kept, what is recorded, and that nothing is recorded twice."""

import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl
import pytest
from django.core.files.base import ContentFile, File
from django.db import connection

from charity_hub.documents.uploads import documents_of
from charity_hub.errors import Refused
from charity_hub.jobs.actions import run
from charity_hub.jobs.models import Job, JobState
from charity_hub.ledger.actions import close_month
from charity_hub.ledger.models import Book
from donations.money.actions import enter_gifts, void_gift
from donations.money.models import Gift
from donations.registers import importing
from donations.registers.actions import (
    check_register,
    choose_sheet_of,
    confirm_columns,
    discard_register,
    import_file,
    import_good_rows,
    upload_register,
)
from donations.registers.models import Register, RegisterState, RememberedColumn
from donations.registers.workbooks import bad_rows, template
from funds.profile.lifecycle import suspend_fund
from tests import cast
from tests.builders import active_fund, gift, station
from tests.donations.registers.workbooks import HEAD, Read, workbook

ROWS: list[list[Any]] = [
    ["2025-03-05", "陈示例", 100],
    ["2025-03-05", "匿名", 50],
    ["2025-03-05", "匿名", 50],
    ["2025-03-06", "示例公司", "若干"],
    ["去年", "王示例", 300],
]


def sent(folder: Path, rows: Sequence[Sequence[Any]] = ROWS, head: Sequence[str] = HEAD) -> File[bytes]:
    return ContentFile(workbook(folder, [head, *rows]).read_bytes(), name="register.xlsx")


def uploaded(folder: Path, *args: Any) -> Register:
    return upload_register(sent(folder, *args), station=station(), fund=active_fund(), actor=cast.wen())


def brought_in(file: File[bytes], **options: Any) -> Register:
    return import_file(file, station=station(), fund=active_fund(), actor=cast.wen(), **options)


def count_of(register: Register) -> tuple[int, int]:
    """Gifts added, rows that were there."""
    counted = register.summary["import"]
    return counted["added"], counted["there"]


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
def test_every_rejection_says_how_to_mend_it(tmp_path: Path) -> None:
    rejected = check_register(uploaded(tmp_path), actor=cast.wen()).summary["rejected"]
    assert all(entry["reason"] and entry["remedy"] for entry in rejected)


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
    assert count_of(brought_in(sent(tmp_path, [*ROWS[:3], ROWS[1]]))) == (1, 3)


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
    register = import_good_rows(register, skip_doubles=True, actor=cast.wen())
    assert count_of(register) == (2, 0)


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
    register = discard_register(check_register(uploaded(tmp_path), actor=cast.wen()), actor=cast.wen())
    with pytest.raises(Refused):
        import_good_rows(register, actor=cast.wen())
    assert not Gift.objects.exists()


@pytest.mark.django_db
def test_importing_again_is_a_quiet_no_op(tmp_path: Path) -> None:
    register = brought_in(sent(tmp_path))
    assert import_good_rows(register, actor=cast.wen()).summary == register.summary


@pytest.mark.django_db
def test_an_import_that_broke_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    register = check_register(uploaded(tmp_path), actor=cast.wen())
    whole = enter_gifts
    calls = []

    def once(*args: Any, **options: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise ConnectionError("the machine went away")
        return whole(*args, **options)

    with (
        patch.object(importing, "BATCH", 1),
        patch.object(importing, "enter_gifts", once),
        pytest.raises(ConnectionError),
    ):
        import_good_rows(register, actor=cast.wen())
    assert Gift.objects.count() == 1
    register = import_good_rows(Register.objects.get(pk=register.pk), actor=cast.wen())
    assert register.state == RegisterState.IMPORTED
    assert (Gift.objects.count(), *count_of(register)) == (3, 3, 0)


@pytest.mark.django_db
def test_a_command_that_was_killed_half_way_is_gone_on_with_from_the_page(tmp_path: Path) -> None:
    place = station()
    with (
        patch.object(importing, "enter_gifts", side_effect=ConnectionError("the machine went away")),
        pytest.raises(ConnectionError),
    ):
        import_file(sent(tmp_path), station=place, fund=active_fund(), actor=cast.wen())
    broken_off = Register.objects.get()
    assert broken_off.state == RegisterState.IMPORTING
    job = import_good_rows(broken_off, actor=cast.wen()).job
    assert job is not None
    run(job.pk)
    assert Register.objects.get().state == RegisterState.IMPORTED
    assert Gift.objects.count() == 3


@pytest.mark.django_db
def test_a_large_register_is_imported_by_a_job(tmp_path: Path) -> None:
    register = check_register(uploaded(tmp_path), actor=cast.wen())
    with patch("donations.registers.actions.AT_ONCE", 2):
        register = import_good_rows(register, actor=cast.wen())
    assert register.state == RegisterState.IMPORTING
    assert register.job is not None
    run(register.job.pk)
    job = Job.objects.get(pk=register.job.pk)
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    assert Gift.objects.count() == 3


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


@pytest.mark.django_db(transaction=True)
def test_two_people_bringing_in_the_same_file_add_it_once(tmp_path: Path) -> None:
    rows = [["2025-03-05", f"示例{number}", 100 + number] for number in range(60)]
    place, fund, actor = station(), active_fund(), cast.wen()
    data = sent(tmp_path, rows).read()
    start = threading.Barrier(2)
    registers: list[Register] = []

    def bring() -> None:
        start.wait(10)
        try:
            registers.append(
                import_file(ContentFile(data, name="register.xlsx"), station=place, fund=fund, actor=actor)
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=bring) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Gift.objects.count() == 60
    assert sorted(register.summary["import"]["added"] for register in registers) == [0, 60]


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_the_same_register_record_it_once(tmp_path: Path) -> None:
    rows = [["2025-03-05", f"示例{number}", 100 + number] for number in range(40)]
    register = check_register(uploaded(tmp_path, rows), actor=cast.wen())
    actor = cast.wen()
    start = threading.Barrier(2)

    def work() -> None:
        start.wait(10)
        try:
            import_good_rows(Register.objects.get(pk=register.pk), actor=actor)
        finally:
            connection.close()

    with patch.object(importing, "BATCH", 7):
        threads = [threading.Thread(target=work) for _one in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    register.refresh_from_db()
    assert (Gift.objects.count(), count_of(register)) == (40, (40, 0))
