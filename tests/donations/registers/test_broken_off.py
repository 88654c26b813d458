"""Imports that break off, go on by a job, or run twice at once."""

import threading
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from charity_hub.jobs.actions import run
from charity_hub.jobs.models import Job, JobState
from donations.money.actions import enter_gifts
from donations.money.models import Gift
from donations.registers import import_job
from donations.registers.actions import (
    check_register,
    import_file,
    import_good_rows,
)
from donations.registers.models import Register, RegisterState
from tests import cast
from tests.builders import active_fund, station
from tests.donations.registers.bringing import count_of, sent, uploaded


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
        patch.object(import_job, "BATCH", 1),
        patch.object(import_job, "enter_gifts", once),
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
        patch.object(import_job, "enter_gifts", side_effect=ConnectionError("the machine went away")),
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

    with patch.object(import_job, "BATCH", 7):
        threads = [threading.Thread(target=work) for _one in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    register.refresh_from_db()
    assert (Gift.objects.count(), count_of(register)) == (40, (40, 0))
