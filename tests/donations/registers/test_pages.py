"""The pages of registers: who may, what they see, from the file to the gifts."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charity_hub.people.models import User
from charity_hub.workflow.actions import record
from donations.money.models import Gift
from donations.registers.actions import check_register, import_good_rows, upload_register
from donations.registers.layout import masked
from donations.registers.models import Register, RegisterState
from tests import cast
from tests.builders import active_fund, station
from tests.cast import client_of
from tests.donations.registers.bringing import ROWS, sent
from tests.donations.registers.workbooks import HEAD, workbook

pytestmark = pytest.mark.django_db


def place() -> str:
    return f"{station().pk}:{active_fund().pk}"


def send(person: User, folder: Path, **fields: object) -> Any:
    data = workbook(folder, [HEAD, *ROWS]).read_bytes()
    form = {"place": place(), "default_way": "cash", "file": SimpleUploadedFile("register.xlsx", data)}
    return client_of(person).post(reverse("registers:add"), form | fields)


def checked(folder: Path) -> Register:
    register = upload_register(sent(folder), station=station(), fund=active_fund(), actor=cast.wen())
    return check_register(register, actor=cast.wen())


def url(name: str, register: Register) -> str:
    return reverse(f"registers:{name}", args=[register.pk])


def test_a_station_worker_walks_from_the_file_to_the_gifts(tmp_path: Path) -> None:
    client: Any = client_of(cast.wen())
    answer = send(cast.wen(), tmp_path)
    register = Register.objects.get()
    assert answer.url == url("columns", register)
    page = client.get(answer.url)
    posted = {field.html_name: field.value() for field in page.context["form"]}
    assert client.post(answer.url, posted).url == url("detail", register)
    page = client.get(url("detail", register))
    assert "若干" in page.text
    assert "¥200.00" in page.text
    answer = client.post(url("import", register))
    assert client.get(answer.url).context["count"]["added"] == Gift.objects.count() == 3


def test_the_street_brings_in_registers_too(tmp_path: Path) -> None:
    assert send(cast.mei(), tmp_path).status_code == 302


def test_rows_can_be_pasted_instead_of_a_file() -> None:
    text = "日期\t姓名\t金额\r\n2025-03-05\t陈示例\t1,000.00\r\n"
    form = {"place": place(), "default_way": "cash", "pasted": text}
    answer: Any = client_of(cast.wen()).post(reverse("registers:add"), form)
    register = check_register(Register.objects.get(), actor=cast.wen())
    assert answer.url == url("columns", register)
    assert register.summary["fen"] == 100_000


def test_nothing_sent_is_told_at_the_form(tmp_path: Path) -> None:
    form = {"place": place(), "default_way": "cash", "pasted": " "}
    page = client_of(cast.wen()).post(reverse("registers:add"), form)
    assert page.context["form"].non_field_errors()
    assert not Register.objects.exists()


def test_a_bad_file_is_told_at_its_field(tmp_path: Path) -> None:
    page = send(cast.wen(), tmp_path, file=SimpleUploadedFile("register.xlsx", b"MZ\x90 program"))
    assert page.status_code == 200
    assert page.context["form"].errors["file"]


def test_a_fund_of_another_station_cannot_be_named(tmp_path: Path) -> None:
    page = send(cast.wen(), tmp_path, place=f"{station().pk}:{active_fund().pk + 1}")
    assert page.context["form"].errors["place"]


def test_two_columns_cannot_hold_the_same(tmp_path: Path) -> None:
    send(cast.wen(), tmp_path)
    register = Register.objects.get()
    form = {"column_0": "date", "column_1": "amount", "column_2": "amount", "default_way": "cash"}
    page = client_of(cast.wen()).post(url("columns", register), form)
    assert page.context["form"].errors["column_2"]
    register.refresh_from_db()
    assert register.state == RegisterState.UPLOADED


def test_an_amount_column_is_needed(tmp_path: Path) -> None:
    send(cast.wen(), tmp_path)
    form = {"column_0": "date", "column_1": "donor", "column_2": "", "default_way": "cash"}
    page = client_of(cast.wen()).post(url("columns", Register.objects.get()), form)
    assert page.context["form"].non_field_errors()


def test_samples_of_phones_are_masked(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[*HEAD, "电话"], ["2025-03-05", "陈示例", 100, "13800001234"]]
    file = SimpleUploadedFile("register.xlsx", workbook(tmp_path, rows).read_bytes())
    page = client_of(cast.wen()).get(send(cast.wen(), tmp_path, file=file).url)
    assert "13800001234" not in page.text
    assert "138****1234" in page.text


@pytest.mark.parametrize(
    ("cell", "meaning", "shown"),
    [
        ("0757-86231234", "", "075****1234"),
        ("(020)86231234", "", "020****1234"),
        ("010—86231234", "note", "010****1234"),
        ("陈先生13800001234，家0757 8623123", "note", "陈先生138****1234，家075****3123"),
        ("86231234", "phone", "**** 1234"),
        ("440605199001010123（身份证）", "id_number", "**** 0123（身份证）"),
        ("20250305", "date", "20250305"),
        ("0000123456", "receipt", "0000123456"),
        ("1000000.5", "amount", "1000000.5"),
        ("陈示例", "donor", "陈示例"),
    ],
)
def test_numbers_of_people_are_masked_and_nothing_else(cell: str, meaning: str, shown: str) -> None:
    assert masked(cell, meaning) == shown


def test_samples_of_landlines_are_masked(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[*HEAD, "电话"], ["2025-03-05", "陈示例", 100, "0757-86231234"]]
    file = SimpleUploadedFile("register.xlsx", workbook(tmp_path, rows).read_bytes())
    page = client_of(cast.wen()).get(send(cast.wen(), tmp_path, file=file).url)
    assert "86231234" not in page.text
    assert "075****1234" in page.text


def test_the_rows_to_mend_are_an_excel_file(tmp_path: Path) -> None:
    answer = client_of(cast.wen()).get(url("bad_rows", checked(tmp_path)))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
    assert sheet.max_row == 4


def test_the_empty_register_is_an_excel_file() -> None:
    place()
    answer = client_of(cast.wen()).get(reverse("registers:template"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
    assert sheet["G1"].value == "捐赠金额(元)"


def test_likely_doubles_are_left_out_when_asked(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEAD, ["2025-03-05", "陈示例", 100], ["2025-03-05", "陈示例", 100]]
    file = SimpleUploadedFile("register.xlsx", workbook(tmp_path, rows).read_bytes())
    send(cast.wen(), tmp_path, file=file)
    register = check_register(Register.objects.get(), actor=cast.wen())
    page = client_of(cast.wen()).post(url("import", register), {"leave_open": "yes"}, follow=True)
    assert Gift.objects.count() == 1
    assert (page.context["open"], page.context["left_undecided"]) == (0, 1)


def test_a_register_is_put_aside_after_asking_once_more(tmp_path: Path) -> None:
    register, client = checked(tmp_path), client_of(cast.wen())
    assert client.get(url("discard", register)).status_code == 200
    client.post(url("discard", register))
    register.refresh_from_db()
    assert register.state == RegisterState.DISCARDED


def test_an_imported_register_shows_its_counts_and_no_button(tmp_path: Path) -> None:
    register = import_good_rows(checked(tmp_path), actor=cast.wen())
    page = client_of(cast.wen()).get(url("detail", register))
    assert page.context["count"]["added"] == 3
    assert url("import", register) not in page.text


@pytest.mark.parametrize("name", ["detail", "columns", "bad_rows", "discard"])
def test_another_street_finds_nothing(tmp_path: Path, name: str) -> None:
    assert client_of(cast.jun()).get(url(name, checked(tmp_path))).status_code == 404


@pytest.mark.parametrize("person", [cast.ping, cast.yan, cast.hua, cast.lan])
def test_others_have_no_part_in_registers(tmp_path: Path, person: Callable[[], User]) -> None:
    register = checked(tmp_path)
    client = client_of(person())
    assert client.get(reverse("registers:list")).status_code == 403
    assert client.post(url("import", register)).status_code == 403
    assert not Gift.objects.exists()


def test_the_stored_file_is_for_those_who_work_with_it(tmp_path: Path) -> None:
    document = checked(tmp_path).file
    path = reverse("documents:document", args=[document.pk])
    assert client_of(cast.mei()).get(path).status_code == 200
    assert client_of(cast.jun()).get(path).status_code == 404


def test_importing_is_not_done_by_looking(tmp_path: Path) -> None:
    assert client_of(cast.wen()).get(url("import", checked(tmp_path))).status_code == 405


def queries_of_the_list() -> int:
    client = client_of(cast.wen())
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(reverse("registers:list")).status_code == 200
    return len(captured)


def test_the_list_takes_as_many_queries_for_one_register_as_for_many(tmp_path: Path) -> None:
    first = checked(tmp_path)
    few = queries_of_the_list()
    for _number in range(50):
        one = Register.objects.create(
            station=first.station, fund=first.fund, file=first.file, uploaded_by=first.uploaded_by
        )
        record(one, "", one.state, actor=one.uploaded_by)
    assert queries_of_the_list() == few


def test_titles_without_a_gift_below_them_are_said_to_be_so(tmp_path: Path) -> None:
    register = upload_register(sent(tmp_path, []), station=station(), fund=active_fund(), actor=cast.wen())
    check_register(register, actor=cast.wen())
    page = client_of(cast.wen()).get(url("detail", register)).content.decode()
    assert "no gift below them" in page
    assert url("bad_rows", register) not in page
