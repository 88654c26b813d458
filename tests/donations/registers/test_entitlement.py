"""Registers' verbs ask who acts, whatever page or command calls them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from charity_hub.jobs.actions import run
from charity_hub.people.models import User
from donations.money.models import Gift
from donations.registers import actions
from donations.registers.actions import check_register, import_good_rows, upload_register
from donations.registers.models import Register, RegisterState
from donations.registers.workflow import discard_register
from tests import cast
from tests.builders import active_fund, station
from tests.donations.registers.bringing import sent, uploaded

pytestmark = pytest.mark.django_db

OTHERS = [cast.jun, cast.ping, cast.rui, cast.yan, cast.hua, cast.lan, cast.bo]
FIELDS = {"日期": "date", "姓名": "donor", "金额": "amount"}
VERBS: dict[str, Callable[[Register, User], object]] = {
    "choose_sheet_of": lambda register, actor: actions.choose_sheet_of(register, "Sheet", actor=actor),
    "confirm_columns": lambda register, actor: actions.confirm_columns(
        register, FIELDS, default_way="cash", actor=actor
    ),
    "check_register": lambda register, actor: actions.check_register(register, actor=actor),
    "import_good_rows": lambda register, actor: actions.import_good_rows(register, actor=actor),
    "discard_register": lambda register, actor: discard_register(register, actor=actor),
}


@pytest.mark.parametrize("other", OTHERS, ids=lambda one: one.__name__)
def test_a_register_is_brought_in_by_who_records_at_its_station(
    tmp_path: Path, other: Callable[[], User]
) -> None:
    with pytest.raises(PermissionDenied):
        upload_register(sent(tmp_path), station=station(), fund=active_fund(), actor=other())
    with pytest.raises(PermissionDenied):
        actions.import_file(sent(tmp_path), station=station(), fund=active_fund(), actor=other())
    assert not Register.objects.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_else_works_on_it(tmp_path: Path, verb: str) -> None:
    register = check_register(uploaded(tmp_path), actor=cast.wen())
    with pytest.raises(PermissionDenied):
        VERBS[verb](register, cast.jun())
    register.refresh_from_db()
    assert register.state == RegisterState.CHECKED
    assert not Gift.objects.exists()


def test_the_streets_staff_go_on_with_a_workers_register(tmp_path: Path) -> None:
    register = check_register(uploaded(tmp_path), actor=cast.mei())
    assert import_good_rows(register, actor=cast.mei()).state == RegisterState.IMPORTED


def test_a_job_that_the_command_line_asked_for_records_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    job = import_good_rows(check_register(uploaded(tmp_path), actor=None), actor=None).job
    assert job is not None
    run(job.pk)
    assert Gift.objects.count() == 3
