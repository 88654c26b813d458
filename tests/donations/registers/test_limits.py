"""Reading what is costly to read: it ends within bounds of ours, and goes on by a job where that helps."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from pytest_django.fixtures import Settings

from charity_hub.errors import Refused
from charity_hub.jobs.actions import run
from charity_hub.jobs.models import Job, JobState
from donations.registers import actions
from donations.registers.actions import check_register, choose_sheet_of, import_good_rows, upload_register
from donations.registers.models import Register, RegisterState
from donations.registers.reading import sandbox
from donations.registers.reading.columns import Hints
from donations.registers.reading.headers import choose_sheet
from donations.registers.reading.limits import Allowance, TooSlowForPage, at_once, whole
from donations.registers.reading.results import BadFile
from donations.registers.reading.sandbox import open_in_sandbox
from donations.registers.source_file import page_allowance
from donations.registers.workbooks import kept_bad_rows
from tests import cast
from tests.builders import active_fund, station
from tests.cast import client_of
from tests.donations.registers.attacks import ATTACKS, shared_strings
from tests.donations.registers.bringing import count_of, uploaded
from tests.donations.registers.workbooks import DATA, HEAD, PURPOSES, Read, workbook

SAMPLE = DATA / "station-register-sample.xlsx"


def read(path: Path, allowance: Allowance) -> int:
    with open_in_sandbox(path, allowance) as book:
        choice = choose_sheet(book, Hints(PURPOSES), check=allowance.check)
        return sum(1 for _line in choice.sheet.lines())


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_page_is_done_with_any_file_in_time(tmp_path: Path, attack: Callable[[Path], Path]) -> None:
    path = attack(tmp_path / "register")
    begun = time.monotonic()
    with pytest.raises((TooSlowForPage, BadFile)):
        read(path, at_once(2))
    assert time.monotonic() - begun < 10  # two seconds, and what a busy machine adds to end a process


def test_the_cells_are_the_same_as_read_in_this_process() -> None:
    with open_in_sandbox(SAMPLE, whole()) as book:
        taken = list(book.sheet(book.names[0]).lines())
    assert taken == list(Read(SAMPLE).choice.sheet.lines())


@pytest.mark.parametrize("few", [{"cells": 100}, {"characters": 100}])
def test_cells_and_characters_are_counted(few: dict[str, int]) -> None:
    bounds: dict[str, Any] = {"seconds": 60, "cells": 10**6, "characters": 10**8}
    with pytest.raises(BadFile, match="too_much"):
        read(SAMPLE, Allowance(**bounds | few))


def test_the_reading_process_has_only_so_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MOST_MEMORY", 64 << 20)
    with pytest.raises(BadFile, match="too_much"):
        read(shared_strings(tmp_path / "register.xlsx"), whole())


def test_the_reading_process_knows_nothing_of_the_portals_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[Any] = []
    popen = subprocess.Popen

    def noted(*args: Any, **options: Any) -> Any:
        started.append(options["env"])
        return popen(*args, **options)

    monkeypatch.setattr(subprocess, "Popen", noted)
    monkeypatch.setenv("SECRET_KEY", "of the portal")
    read(SAMPLE, whole())
    assert started == [{"LC_ALL": "C.UTF-8"}]


def test_a_long_cell_is_cut_and_taken_for_no_amount(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEAD, ["2025-03-05", "陈示例", "100" + " " * 5_000 + "万"]]
    with open_in_sandbox(workbook(tmp_path, rows), whole()) as book:
        cell = list(book.sheet("Sheet").lines())[1][2]
    assert isinstance(cell, str)
    assert cell.endswith("…")


def test_pages_read_one_file_at_a_time(settings: Settings) -> None:
    settings.REGISTER_SECONDS_AT_ONCE = 0.3
    refused = []

    def another() -> None:
        try:
            with page_allowance():
                pass
        except TooSlowForPage as not_at_once:
            refused.append(not_at_once)

    with page_allowance():
        thread = Thread(target=another)
        thread.start()
        thread.join()
    assert refused


@pytest.fixture
def _slow(settings: Settings) -> None:
    """As if every file took longer than a page may take."""
    settings.REGISTER_SECONDS_AT_ONCE = 0


def done(register: Register) -> Register:
    """After the job that the register waits for."""
    job = Register.objects.get(pk=register.pk).job
    assert job is not None
    run(job.pk)
    return Register.objects.get(pk=register.pk)


@pytest.mark.django_db
@pytest.mark.usefixtures("_slow")
def test_a_large_register_is_read_checked_and_recorded_by_jobs(tmp_path: Path) -> None:
    register = uploaded(tmp_path)
    assert "fields" not in register.columns
    register = done(register)
    assert register.columns["fields"] == {"日期": "date", "姓名": "donor", "金额": "amount"}
    assert check_register(register, actor=cast.wen()).state == RegisterState.UPLOADED
    register = done(register)
    assert (register.state, register.summary["acceptable"]) == (RegisterState.CHECKED, 3)
    register = done(import_good_rows(register, actor=cast.wen()))
    assert count_of(register) == (3, 0)


@pytest.mark.django_db
def test_what_is_being_checked_anew_is_not_recorded_meanwhile(tmp_path: Path, settings: Settings) -> None:
    register = check_register(uploaded(tmp_path), actor=cast.wen())
    settings.REGISTER_SECONDS_AT_ONCE = 0
    assert check_register(register, actor=cast.wen()).state == RegisterState.UPLOADED
    assert done(register).state == RegisterState.CHECKED


@pytest.mark.django_db
@pytest.mark.usefixtures("_slow")
def test_a_large_file_that_is_no_register_is_put_aside(tmp_path: Path) -> None:
    place = station()
    file = ContentFile(b"MZ\x90 program", name="register.xlsx")
    register = upload_register(file, station=place, fund=active_fund(), actor=cast.wen())
    register = done(register)
    assert register.state == RegisterState.DISCARDED
    assert Job.objects.get().state == JobState.FAILED


@pytest.mark.django_db
def test_a_sheet_that_is_none_leaves_the_register_as_it_was(tmp_path: Path, settings: Settings) -> None:
    register = uploaded(tmp_path)
    settings.REGISTER_SECONDS_AT_ONCE = 0
    choose_sheet_of(register, "三月", actor=cast.wen())
    again = done(register)
    assert (again.state, again.columns) == (RegisterState.UPLOADED, register.columns)


@pytest.mark.django_db
@pytest.mark.usefixtures("_slow")
def test_nobody_fills_the_queue_with_large_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_WAITING", 1)
    uploaded(tmp_path)
    with pytest.raises(Refused):
        uploaded(tmp_path)
    assert Register.objects.count() == Job.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("_slow")
def test_the_pages_of_a_large_register_lead_to_its_job_and_back(tmp_path: Path) -> None:
    register = uploaded(tmp_path)
    client: Any = client_of(cast.wen())
    job = Job.objects.get()
    columns = reverse("registers:columns", args=[register.pk])
    assert client.get(columns).url == job.get_absolute_url()
    register = done(register)
    assert client.get(columns).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("_slow")
def test_the_rows_to_mend_of_a_large_register_are_stored_by_its_job(tmp_path: Path) -> None:
    register = done(uploaded(tmp_path))
    check_register(register, actor=cast.wen())
    done(register)
    kept = kept_bad_rows(register)
    assert kept is not None
    answer: Any = client_of(cast.wen()).get(reverse("registers:bad_rows", args=[register.pk]))
    assert answer.url == reverse("documents:document", args=[kept.pk])
    assert Read(Path(kept.file.path)).problems == [
        (3, "amount", "amount_unclear"),
        (4, "date", "date_unclear"),
    ]


@pytest.mark.django_db
def test_confirming_columns_opens_no_file(tmp_path: Path) -> None:
    register = uploaded(tmp_path)
    register.file.file.delete(save=False)
    page = client_of(cast.wen()).get(reverse("registers:columns", args=[register.pk]))
    assert page.status_code == 200
