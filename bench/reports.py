"""Annual reports: 100 funds on two worker processes compared with one, and a PDF compared with bare typst."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlencode

import typst
from django.conf import settings

from bench.scratch import migrated_database
from charity_hub.documents import fonts
from charity_hub.jobs.models import OPEN, Job, JobState
from charity_hub.reports import actions
from charity_hub.reports.models import AnnualReport, ReportState
from charity_hub.reports.printing import contents, print_report
from charity_hub.reports.workflow import recompute_report
from donations.money.actions import record_gifts
from donations.money.rules import NewGift
from funds.profile.models import Fund
from tests import cast
from tests.builders import active_fund, spending_request, station

type Row = tuple[str, str, str, str, str]

STREETS, FUNDS_A_STREET, GIFTS, PAYMENTS = 10, 10, 120, 4
ROUNDS = 3
YEAR = 2025
FOUNDED = date(YEAR - 1, 6, 3)


def run() -> Iterator[Row]:
    """The reports' rows of the table: what, ours, reference, ratio, wanted."""
    with migrated_database() as where:
        codes = [fund.code for fund in _funds()]
        seconds: dict[int, list[float]] = {1: [], 2: []}
        for processes in [1, 2] * ROUNDS:
            _ask_for(codes)
            seconds[processes].append(_made_by(where, processes))
        one, two = median(seconds[1]), median(seconds[2])
        what = f"{len(codes)} funds' annual reports on two worker processes, to one"
        yield what, f"{two:.1f} s", f"{one:.1f} s", f"{one / two:.2f}", "≥ 1.6"
        yield _against_bare_typst()


def _funds() -> list[Fund]:
    draw = random.Random(YEAR)  # noqa: S311 - a benchmark's gifts
    funds = [
        active_fund(f"JJ-4406050{street:02}-{number:02}", on=FOUNDED, signed_on=FOUNDED, starts_on=FOUNDED)
        for street in range(11, 11 + STREETS)
        for number in range(1, FUNDS_A_STREET + 1)
    ]
    at = station(funds=funds)
    for fund in funds:
        record_gifts(
            [_gift(fund, number, draw) for number in range(GIFTS)], station=at, fund=fund, actor=cast.wen()
        )
    for fund in funds[:FUNDS_A_STREET]:
        for number in range(PAYMENTS):
            spending_request(fund, "paid", on=date(YEAR, 2 + number, 5), amount_fen=90_000)
    return funds


def _gift(fund: Fund, number: int, draw: random.Random) -> NewGift:
    return NewGift(
        purpose=draw.choice(list(fund.purposes.all())),
        donor_kind="person",
        name=f"示例{number % 40}",
        phone=f"138{number % 40:08}",
        amount_fen=draw.randrange(1_000, 500_000),
        way=draw.choice(["cash", "bank_transfer", "qr_transfer"]),
        given_on=date(YEAR, 1 + number % 12, 1 + number % 28),
        handler="文示例",
        publish_name=True,
        publish_amount=True,
        key=f"{fund.code}-{number}",
    )


def _ask_for(codes: list[str]) -> None:
    """Request reports of these funds, or new figures for existing reports."""
    actions.request_reports("fund", codes, YEAR, actor=None)
    for report in AnnualReport.objects.exclude(state=ReportState.COMPUTING).defer("figures"):
        recompute_report(report, actor=cast.ada())


def _made_by(where: dict[str, str], processes: int) -> float:
    """Seconds from the start of the first job to the end of the last one."""
    with _worker(where, processes):
        _wait_until(lambda: Job.objects.filter(state=JobState.RUNNING).exists())
        began = time.perf_counter()
        _wait_until(lambda: not Job.objects.open().exists())
        took = time.perf_counter() - began
    failed = Job.objects.exclude(state__in=[*OPEN, JobState.DONE]).count()
    assert not failed, f"{failed} jobs failed"
    return took


def _wait_until(true: Callable[[], bool]) -> None:
    while not true():
        time.sleep(0.05)


@contextmanager
def _worker(where: dict[str, str], processes: int) -> Iterator[None]:
    """A Celery worker with this number of processes, on the benchmark's database."""
    command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--concurrency", str(processes)]
    url = (
        f"postgres://{quote(where['user'], safe='')}:@/{where['dbname']}?{urlencode({'host': where['host']})}"
    )
    worker = subprocess.Popen(
        [*command, "--loglevel", "error", "--without-gossip", "--without-mingle"],
        env=os.environ | {"DATABASE_URL": url},
        cwd=Path(settings.BASE_DIR),
    )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


def _against_bare_typst() -> Row:
    """Every report is rendered once, by one of the two in turn, because typst caches what it has rendered."""
    bare = typst.Compiler(root=str(settings.BASE_DIR), font_paths=fonts.loaded())
    ours, theirs = [], []
    for number, report in enumerate(AnnualReport.objects.order_by("subject_code")):
        if number % 2:
            ours.append(_seconds(lambda it=report: print_report(it)))  # type: ignore[misc]
        else:
            data, pictures = contents(report)
            inputs = {"data": json.dumps(data, ensure_ascii=False)}
            template = (Path(settings.BASE_DIR) / report.builder.template).read_bytes()
            files = {"main.typ": template} | {f"assets/{name}": content for name, content in pictures.items()}
            theirs.append(
                _seconds(
                    lambda files=files, inputs=inputs: bare.compile(  # type: ignore[misc]
                        input=files,
                        format="pdf",
                        sys_inputs=inputs,
                        timestamp=datetime(2026, 1, 1, tzinfo=UTC),
                    )
                )
            )
    mine, reference = median(ours[5:]), median(theirs[5:])
    what = "An annual report's PDF, chart included, to bare typst on the same documents"
    return what, f"{mine * 1000:.0f} ms", f"{reference * 1000:.0f} ms", f"{mine / reference:.2f}", "≤ 1.5"


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
