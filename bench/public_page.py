"""A fund's public page: its time for funds of different size, and its rate compared with a bare Django
view.
"""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import batched, count, islice
from statistics import median
from urllib.parse import quote, urlencode

import psycopg2
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from bench.load import requests_per_second, served
from bench.scratch import GIFTS, migrated_database
from charity_hub.ledger.actions import Line, Posting, post_many
from funds.profile.accounts import bank_of
from funds.profile.models import Fund
from funds.public.periods import latest_months
from tests.builders import active_fund

type Row = tuple[str, str, str, str, str]

SIZES = (1_000, 100_000, 1_000_000)
TIMES = 120
SECONDS = 8.0
WRITES = 20


def run() -> Iterator[Row]:
    """Three funds of three sizes, measured in turn; then the page of the largest one under load."""
    with migrated_database() as where, override_settings(DEBUG=False, PUBLIC_PAGE_SECONDS=0):
        funds = [_fund(number, size) for number, size in enumerate(SIZES, start=1)]
        _settle()
        (least, fewest), *larger = _measured(funds)
        for size, (seconds, queries) in zip(SIZES[1:], larger, strict=True):
            yield _growth(size, seconds, least)
            yield _queries(size, queries, fewest)
        yield from _rates(where, f"/funds/{funds[-1].code}/")


def _fund(number: int, entries: int) -> Fund:
    """A fund with this number of ledger entries."""
    began = date(2024, 1, 1)
    fund = active_fund(f"JJ-440605011-{number:02}", signed_on=began, starts_on=began, on=began)
    for batch in batched(islice(_postings(fund), entries // 2 - 1), 1_000):
        post_many(batch)
    return fund


def _postings(fund: Fund) -> Iterator[Posting]:
    """Endless gifts, over 24 months, of three kinds and for all purposes."""
    bank = bank_of(fund).pk
    nets = [purpose.accounts[0].pk for purpose in fund.purposes.select_related("net_account")]
    months = latest_months(timezone.localdate()).months
    for number in count():
        fen = 100 + number % 9_900
        lines = [Line(bank, fen), Line(nets[number % len(nets)], -fen)]
        yield Posting(
            kind=GIFTS[number % len(GIFTS)],
            lines=lines,
            key=uuid.uuid4().hex,
            occurred_on=months[number % len(months)],
        )


def _settle() -> None:
    """What autovacuum does in the background of a site in use."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _measured(funds: list[Fund]) -> list[tuple[float, int]]:
    """Median seconds of each fund's page without cache, measured in turn, and its queries."""
    client = Client(headers={"host": "127.0.0.1"})

    def ask(fund: Fund) -> float:
        start = time.perf_counter()
        answer = client.get(f"/funds/{fund.code}/")
        took = time.perf_counter() - start
        assert answer.status_code == 200, answer.status_code
        return took

    for _warming in range(10):
        list(map(ask, funds))
    rounds = [list(map(ask, funds)) for _time in range(TIMES)]
    columns = zip(*rounds, strict=True)
    return [(median(times), _asked(ask, fund)) for times, fund in zip(columns, funds, strict=True)]


def _asked(ask: Callable[[Fund], float], fund: Fund) -> int:
    with CaptureQueriesContext(connection) as queries:
        ask(fund)
    return len(queries)


def _growth(size: int, seconds: float, least: float) -> Row:
    what = f"A fund's page made anew with {size:,} entries, to one with {SIZES[0]:,}"
    return what, f"{seconds * 1e3:.1f} ms", f"{least * 1e3:.1f} ms", f"{seconds / least:.2f}", "< 1.3"


def _queries(size: int, queries: int, least: int) -> Row:
    what = f"Its queries with {size:,} entries"
    return what, f"{queries}", f"{least}", f"{queries / least:.2f}", "= 1"


def _rates(where: dict[str, str], path: str) -> Iterator[Row]:
    environment = {"DATABASE_URL": _url(where)}
    with served("bench.bare.site:application", environment) as port:
        bare = requests_per_second(port, "/", SECONDS)
    with served("config.wsgi:application", environment) as port:
        yield _rate("nothing being written", requests_per_second(port, path, SECONDS), bare)
        with writing(where):
            yield _rate(f"{WRITES} writes a second", requests_per_second(port, path, SECONDS), bare)


def _rate(meanwhile: str, ours: float, bare: float) -> Row:
    what = f"Its requests a second with {SIZES[-1]:,} entries, {meanwhile}, to a bare view with 20 rows"
    return what, f"{ours:,.0f}/s", f"{bare:,.0f}/s", f"{ours / bare:.2f}", "≥ 0.8"


@contextmanager
def writing(where: dict[str, str]) -> Iterator[None]:
    """Transactions are committed meanwhile."""
    stop = threading.Event()

    def write() -> None:
        writer = psycopg2.connect(**where)
        writer.autocommit = True
        with writer.cursor() as cursor:
            while not stop.wait(1 / WRITES):
                cursor.execute("SELECT pg_current_xact_id()")
        writer.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _url(where: dict[str, str]) -> str:
    rest = urlencode({"host": where["host"]} if "host" in where else {})
    sign_in = f"{quote(where.get('user', ''))}:{quote(where.get('password', ''))}"
    return f"postgres://{sign_in}@/{where['dbname']}?{rest}"
