"""In a separate process: read every row of a register, print the peak memory in MB."""

import os
import sys
from datetime import date
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.development")
django.setup()

from donations.registers.reading.columns import Hints  # noqa: E402
from donations.registers.reading.headers import choose_sheet  # noqa: E402
from donations.registers.reading.limits import whole  # noqa: E402
from donations.registers.reading.results import Terms  # noqa: E402
from donations.registers.reading.sandbox import open_in_sandbox  # noqa: E402 - after the apps are ready
from donations.registers.source_file import Source  # noqa: E402

PURPOSES = ("长者居家安全", "困境儿童", "助学", "不限定")


def _peak_mb() -> float:
    """The peak memory of this process; the peak of ``resource`` starts with the parent's."""
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in status if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1024


if __name__ == "__main__":
    allowance = whole()
    with open_in_sandbox(Path(sys.argv[1]), allowance) as book:
        choice = choose_sheet(book, Hints(PURPOSES))
        source = Source(choice, Terms(PURPOSES, "不限定", date.max), "ZD", "JJ", allowance)
        rows = sum(1 for _line in source.lines())
    print(rows, _peak_mb())
