"""Posting, compared with bare psycopg2 and with django-hordak, and eight clients compared with one."""

import gc
import json
import multiprocessing
import os
import subprocess
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median

import psycopg2
from django.conf import settings
from django.db import connection

from bench.scratch import GIFTS, empty_database, migrated_database
from charity_hub.ledger.actions import Line, Posting, open_account, open_book, post, post_many
from charity_hub.ledger.models import AccountKind
from charity_hub.ledger.postings import STATEMENT, array_of

type Row = tuple[str, str, str, str, str]
type Poster = Callable[[int, int], None]

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2025, 3, 5)
CLIENTS = 8
SECONDS = 1.5


def run() -> Iterator[Row]:
    """The ledger's rows of the table: what, ours, reference, ratio, wanted."""
    with migrated_database() as where:
        yield _against_bare_statements(where)
        batches = _batches()
        yield _against_hordak(batches)
        yield from _eight_clients(where)
        yield _two_cores()


def accounts_of(fund: str) -> tuple[int, int]:
    """A fund's bank and net assets, by id."""
    book = open_book(fund, fund)
    bank = open_account(book, f"bank:{fund}", fund, AccountKind.ASSET)
    net = open_account(book, f"net:{fund}", fund, AccountKind.NET_ASSETS)
    return bank.pk, net.pk


def gift(bank: int, net: int) -> Posting:
    return Posting(
        kind=GIFTS[0], lines=[Line(bank, 500), Line(net, -500)], key=str(uuid.uuid4()), occurred_on=DAY
    )


def post_one(bank: int, net: int) -> None:
    post(GIFTS[0], [Line(bank, 500), Line(net, -500)], key=str(uuid.uuid4()), occurred_on=DAY)


def bare_poster(where: dict[str, str]) -> Poster:
    """Posts as ``post_one`` does, over its own connection, without Django and without checks."""
    connection = psycopg2.connect(**where)
    connection.autocommit = True
    cursor = connection.cursor()

    def statements(bank: int, net: int) -> None:
        cursor.execute("BEGIN")
        key = str(uuid.uuid4())
        head: list[list[object]] = [[key], [GIFTS[0]], [DAY], [""], [None], [None], [None], [None]]
        columns: list[list[object]] = [*head, [key, key], [bank, net], [500, -500]]
        cursor.execute(STATEMENT, [array_of(column) for column in columns])
        cursor.fetchall()
        cursor.execute("COMMIT")

    return statements


def rate(work: Callable[[], None], times: int) -> float:
    """Calls per second."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return times / (time.perf_counter() - start)


def row(what: str, ours: float, reference: float, wanted: float | None, unit: str = "transfers/s") -> Row:
    least = "–" if wanted is None else f"≥ {wanted}"
    return what, f"{ours:,.0f} {unit}", f"{reference:,.0f} {unit}", f"{ours / reference:.2f}", least


def _against_bare_statements(where: dict[str, str]) -> Row:
    """The same three statements (BEGIN, the posting, COMMIT), sent by psycopg2 without Django or checks."""
    bank, net = accounts_of("bare")
    bare = bare_poster(where)
    ours, theirs = [], []
    for _round in range(12):
        ours.append(rate(lambda: post_one(bank, net), 100))
        theirs.append(rate(lambda: bare(bank, net), 100))
    return row("Posting, one client, to bare psycopg2", median(ours[2:]), median(theirs[2:]), 0.5)


def _batches() -> float:
    bank, net = accounts_of("batches")
    rates = []
    for _batch in range(7):
        postings = [gift(bank, net) for _ in range(1000)]
        start = time.perf_counter()
        post_many(postings)
        rates.append(1000 / (time.perf_counter() - start))
    return median(rates[2:])


def _against_hordak(ours: float) -> Row:
    with empty_database("bench_hordak") as where:
        command = [str(_hordak()), str(ROOT / "bench/hordak_posting.py"), json.dumps(where), "500"]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return row("post_many in batches of 1,000, to django-hordak one by one", ours, float(out), 15)


def _hordak() -> Path:
    """The Python of an environment with django-hordak, created on first use from requirements-bench.txt."""
    environment = Path(settings.VAR_DIR) / "hordak-venv"
    python = environment / "bin/python"
    uv = str(Path(sys.executable).parent / "uv")
    if not python.exists():
        subprocess.run([uv, "venv", "--quiet", str(environment)], check=True)
    requirements = str(ROOT / "requirements-bench.txt")
    subprocess.run([uv, "pip", "sync", "--quiet", "--python", str(python), requirements], check=True)
    return python


def _eight_clients(where: dict[str, str]) -> Iterator[Row]:
    """Whole processes, each with its own connection and its own fund; with the portal, and with bare
    statements.

    The second row is what eight clients can gain on this server, disk and machine; the third is the share of
    it
    that the ledger achieves.
    """
    what = "Posting, eight clients on eight funds, to one client"
    bare_too = f"{what}: the bare statements"
    rates: dict[tuple[str, int], list[float]] = defaultdict(list)
    for _round in range(7):
        for count in (1, CLIENTS):
            rates[what, count].append(_clients(count, lambda: post_one))
            rates[bare_too, count].append(_clients(count, lambda: bare_poster(where)))
    middle = {key: median(measured[1:]) for key, measured in rates.items()}
    yield row(what, middle[what, CLIENTS], middle[what, 1], 2)
    yield row(bare_too, middle[bare_too, CLIENTS], middle[bare_too, 1], None)
    ours, bare = (middle[which, CLIENTS] / middle[which, 1] for which in (what, bare_too))
    beside = f"{what}: the gain, to that of the bare statements"
    yield beside, f"{ours:.2f} times", f"{bare:.2f} times", f"{ours / bare:.2f}", "≥ 0.9"


def _clients(count: int, connected: Callable[[], Poster]) -> float:
    """Transfers per second of this number of clients at once, measured while all of them are running."""
    funds = [accounts_of(f"client-{number}") for number in range(count)]
    connection.close()
    gc.collect()
    gc.freeze()  # otherwise the first garbage collection in each client copies all memory shared by the fork
    fork = multiprocessing.get_context("fork")
    start, posted = fork.Barrier(count), fork.SimpleQueue()
    clients = [fork.Process(target=_client, args=(start, posted, connected, *fund)) for fund in funds]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    times: list[int] = [posted.get() for _client in clients]
    return sum(times) / SECONDS


def _client(
    start: Barrier, posted: "SimpleQueue[int]", connected: Callable[[], Poster], bank: int, net: int
) -> None:
    poster = connected()
    for _ in range(50):
        poster(bank, net)
    start.wait()
    end, times = time.perf_counter() + SECONDS, 0
    while time.perf_counter() < end:
        poster(bank, net)
        times += 1
    posted.put(times)


def _two_cores() -> Row:
    """The machine alone: as many busy processes as it has cores, compared with one. No posting."""
    cores = os.cpu_count() or 1
    one, all_of_them = [], []
    for _round in range(5):
        one.append(_busy(1))
        all_of_them.append(_busy(cores))
    what = f"This machine's {cores} cores, computing alone, to one of them"
    return row(what, median(all_of_them), median(one), None, "loops/s")


def _busy(count: int) -> float:
    with multiprocessing.get_context("fork").Pool(count) as pool:
        return sum(pool.map(_loops, [1.0] * count, chunksize=1))


def _loops(seconds: float) -> int:
    end, loops = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        sum(range(1_000))
        loops += 1
    return loops
