"""Keeps the parts of ``make run`` running: a part that ends is restarted after increasing pauses.

Each process leads its own process group, so that its children end with it, and ends when the supervisor is
killed (on Linux; elsewhere it continues).
"""

import ctypes
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from config import embedded_postgres

# Seconds: between two checks, before one start and the next, until a part counts as stable, for a clean end.
TICK: Final = 0.2
PAUSES: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY: Final = 60.0
FAREWELL: Final = 10.0

PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
LIBC: Final = ctypes.CDLL(None) if sys.platform == "linux" else None


class Part(Protocol):
    """A part to keep running."""

    name: str

    def runs(self) -> bool: ...

    def start(self) -> None:
        """Raises ``OSError`` or ``subprocess.SubprocessError`` if it cannot start."""

    def ask_to_end(self) -> None: ...

    def end(self) -> None:
        """End it at once."""


@dataclass
class Process:
    """A command that runs until it is asked to end."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = field(default_factory=Path.cwd)
    running: subprocess.Popen[bytes] | None = None

    def runs(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def start(self) -> None:
        self.end()  # children of a killed one hold its port
        keeper = os.getpid()
        self.running = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            cwd=self.folder,
            env=os.environ | self.environment | {"PROCESS": self.name},
            start_new_session=True,
            preexec_fn=lambda: _end_with(keeper),
        )

    def ask_to_end(self) -> None:
        if self.running and self.runs():
            self.running.terminate()

    def end(self) -> None:
        if self.running:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()


def _end_with(keeper: int) -> None:
    """In the new process: end when the supervisor is gone, which may have happened just now."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != keeper:
            os._exit(1)


@dataclass
class Database:
    """The embedded PostgreSQL below ``var``; the last process that uses it stops it."""

    var: Path
    name: str = "database"

    def runs(self) -> bool:
        return embedded_postgres.runs(self.var)

    def start(self) -> None:
        embedded_postgres.start_again(self.var)

    def ask_to_end(self) -> None:
        pass

    def end(self) -> None:
        pass


@dataclass
class _Care:
    """The state of a part: how often in a row it ended, when it started, when it starts again."""

    ended: int = 0
    began: float = 0.0
    due: float | None = 0.0


class Supervisor:
    """Starts parts and restarts them until ``SIGINT`` or ``SIGTERM``; reports to ``say``."""

    def __init__(
        self, parts: Sequence[Part], say: Callable[[str], object], *, pauses: Sequence[float] = PAUSES
    ) -> None:
        self.cared = [(part, _Care()) for part in parts]
        self.say = say
        self.pauses = pauses
        self.ending = False

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)
        while not self.ending:
            for part, care in self.cared:
                self._look_after(part, care, time.monotonic())
            time.sleep(TICK)
        self._end_all()

    def _hear(self, _number: int, _frame: object) -> None:
        self.ending = True

    def _look_after(self, part: Part, care: _Care, now: float) -> None:
        if part.runs():
            care.due = None
            if now - care.began > STEADY:
                care.ended = 0
        elif care.due is None:
            self._wait(part, care, now, "ended")
        elif now >= care.due:
            care.began, care.due = now, None
            try:
                part.start()
            except (OSError, subprocess.SubprocessError) as error:
                self._wait(part, care, now, f"does not start ({error})")

    def _wait(self, part: Part, care: _Care, now: float, what: str) -> None:
        pause = self.pauses[min(care.ended, len(self.pauses) - 1)]
        care.ended += 1
        care.due = now + pause
        self.say(f"{part.name} {what}; it is started again in {pause:g} s")

    def _end_all(self) -> None:
        for part, _care in self.cared:
            part.ask_to_end()
        last = time.monotonic() + FAREWELL
        for part, _care in self.cared:
            while isinstance(part, Process) and part.runs() and time.monotonic() < last:
                time.sleep(TICK)
            part.end()


def processes_of(procfile: Path, **numbers: int) -> list[Process]:
    """The processes of a Procfile (``name: command``, with ``$VARIABLES``), one of each by default."""
    found: list[Process] = []
    for line in procfile.read_text().splitlines():
        name, _colon, command = line.partition(":")
        for number in range(1, numbers.get(name, 1) + 1):
            called = f"{name}.{number}"
            words = [os.path.expandvars(word.replace("$PROCESS", called)) for word in shlex.split(command)]
            found.append(Process(called, words, folder=procfile.parent))
    return found
