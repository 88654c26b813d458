"""``manage.py import_donations``: what it prints, and what it says of files it cannot take."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from charity_hub.workflow.actions import history
from donations.money.models import Gift
from donations.registers.models import Register
from funds.profile.workflow import suspend_fund
from tests import cast
from tests.builders import active_fund, station
from tests.donations.registers.bringing import ROWS
from tests.donations.registers.workbooks import HEAD, workbook

pytestmark = pytest.mark.django_db


def run(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command("import_donations", path, station=station().code, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def good(folder: Path) -> Path:
    return workbook(folder, [HEAD, *ROWS])


def test_json_is_all_that_is_printed(tmp_path: Path) -> None:
    printed = json.loads(run(good(tmp_path), dry_run=True, json=True))
    assert (printed["rows"], printed["acceptable"], printed["fen"]) == (5, 3, 20_000)
    assert [entry[:2] for entry in printed["rejected"]] == [[5, "amount"], [6, "date"]]


def test_a_dry_run_keeps_no_file_and_needs_nobody(tmp_path: Path) -> None:
    run(good(tmp_path), dry_run=True)
    assert not Register.objects.exists()


def test_an_import_names_the_person_it_is_done_for(tmp_path: Path) -> None:
    run(good(tmp_path), phone=cast.wen().phone)
    assert {gift.recorded_by for gift in Gift.objects.all()} == {cast.wen()}


def test_an_import_without_a_person_is_recorded_in_nobodys_name(tmp_path: Path) -> None:
    cast.ada()
    run(good(tmp_path))
    recorded = Gift.objects.all()
    assert {gift.recorded_by for gift in recorded} == {None}
    assert {gift.recorder for gift in recorded} == {"command line"}
    assert {gift.transfer.actor for gift in recorded} == {None}
    assert Register.objects.get().uploader == "command line"


def test_without_a_person_the_stations_contact_is_the_handler(tmp_path: Path) -> None:
    run(good(tmp_path))
    assert {gift.handler for gift in Gift.objects.all()} == {station().contact}


def test_the_history_says_that_it_came_from_the_command_line(tmp_path: Path) -> None:
    run(good(tmp_path))
    first = history(Register.objects.get())[0]
    assert (first.actor, first.why) == (None, "Imported from the command line.")


def test_an_import_in_the_name_of_somebody_of_another_street_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="its own workers"):
        run(good(tmp_path), phone=cast.jun().phone)
    assert not Gift.objects.exists()


def test_a_number_that_nobody_signs_in_with_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="13800009999"):
        run(good(tmp_path), phone="13800009999")


def test_a_second_import_says_how_many_were_there(tmp_path: Path) -> None:
    run(good(tmp_path))
    printed = json.loads(run(good(tmp_path), json=True))
    assert (printed["added"], printed["there"]) == (0, 3)


def test_a_row_with_two_faults_is_listed_once_with_both_reasons(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEAD, ["去年", "陈示例", "若干"], *ROWS])
    rejected = json.loads(run(path, dry_run=True, json=True))["rejected"]
    assert rejected[0][:2] == [2, "date"]
    assert "去年" in rejected[0][2]
    assert "若干" in rejected[0][2]


@pytest.mark.parametrize("data", [b"", b"MZ\x90 program", b"PK\x03\x04 broken"])
def test_a_bad_file_is_refused_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "register.xlsx"
    path.write_bytes(data)
    with pytest.raises(CommandError, match=r"[.。]$"):
        run(path, dry_run=True, json=True)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="missing"):
        run(tmp_path / "missing.xlsx")


def test_an_unknown_station(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ZD-00"):
        call_command("import_donations", good(tmp_path), station="ZD-00")


def test_a_fund_for_which_the_station_does_not_collect(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=active_fund().code):
        run(good(tmp_path), fund="JJ-00")


def test_a_suspended_fund(tmp_path: Path) -> None:
    station()
    suspend_fund(active_fund(), "资金使用核查中", actor=cast.ping())
    with pytest.raises(CommandError, match=active_fund().name):
        run(good(tmp_path), dry_run=True)
