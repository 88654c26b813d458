"""What ``make run`` starts comes back when it is killed; killed itself, it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from config import embedded_postgres
from tests.config.kept_example import PAUSES

EXAMPLE = Path(__file__).with_name("kept_example.py")
PATIENCE = 60.0

type Start = Callable[[int], subprocess.Popen[str]]


def until(true: Callable[[], object]) -> None:
    """Asks again and again, for the processes of another take their time."""
    last, pace = time.monotonic() + PATIENCE, threading.Event()
    while not true():
        assert time.monotonic() < last, "it took too long"
        pace.wait(0.05)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def commands_of(keeper: int) -> dict[str, psutil.Process]:
    """The kept processes by their names."""
    found = {}
    for child in psutil.Process(keeper).children():
        with suppress(psutil.Error, IndexError):  # killed a moment ago, or not begun yet
            found[child.cmdline()[-1]] = child
    return found


def noted(var: Path) -> str:
    """What PostgreSQL writes of itself, its number first; nothing while there is none."""
    file = var / "postgres" / "postmaster.pid"
    return file.read_text() if file.exists() else ""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Keeps the example's processes going, with a database below ``tmp_path``; killed at the end."""
    started: list[subprocess.Popen[str]] = []

    def begin(port: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.config.kept_example", str(tmp_path), str(port)]
        keeper = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own example
        started.append(keeper)
        until(lambda: listens(port) and set(commands_of(keeper.pid)) == {"web", "beat"})
        return keeper

    yield begin
    for keeper in started:
        keeper.kill()
        keeper.communicate()


def test_what_was_killed_is_started_again_after_growing_pauses_and_the_others_go_on(
    start: Start, tmp_path: Path
) -> None:
    port = free_port()
    keeper = start(port)
    beat = commands_of(keeper.pid)["beat"]
    for _time in PAUSES:
        web = commands_of(keeper.pid)["web"]
        web.kill()
        until(lambda web=web: commands_of(keeper.pid).get("web", web) != web)  # type: ignore[misc]
    until(lambda: listens(port))
    assert commands_of(keeper.pid)["beat"] == beat

    killed = noted(tmp_path).split()[0]
    os.kill(int(killed), signal.SIGKILL)
    until(lambda: embedded_postgres.runs(tmp_path) and not noted(tmp_path).startswith(killed))

    keeper.send_signal(signal.SIGINT)
    said, _nothing = keeper.communicate(timeout=PATIENCE)
    told = [(line.split()[0], float(line.split()[-2])) for line in said.splitlines()]
    assert told == [*(("web", pause) for pause in PAUSES), ("database", PAUSES[0])]
    assert keeper.returncode == 0
    assert not listens(port)
    assert not embedded_postgres.runs(tmp_path)


def test_a_killed_supervisor_leaves_nothing_and_is_started_again_at_once(start: Start) -> None:
    port = free_port()
    keeper = start(port)
    kept = commands_of(keeper.pid).values()
    keeper.kill()
    until(lambda: not listens(port))
    until(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in kept))
    start(port)
