"""Kept answers: never older than the database, whoever wrote."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from charity_hub import unchanged
from charity_hub.unchanged import while_unchanged
from tests.builders import region


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "_kept", type(unchanged._kept)())


def closing(ask: Callable[..., str]) -> Callable[..., str]:
    """For threads: their connection would keep the test's database."""

    def asked(*arguments: object) -> str:
        try:
            return ask(*arguments)
        finally:
            connection.close()

    return asked


class Maker:
    """Counts how often it was asked, and answers with what is in the database."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM regions_region")
            return f"{cursor.fetchone()[0]} regions"


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_kept_while_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The snapshot stands still here: on a shared server other tests would move it."""
    monkeypatch.setattr(unchanged, "_snapshot", lambda: "100:100:")
    make = Maker()
    assert [while_unchanged("k", make) for _time in range(3)] == ["0 regions"] * 3
    assert make.times == 1


@pytest.mark.django_db(transaction=True)
def test_who_waited_while_it_was_made_makes_it_not_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "_snapshot", lambda: "100:100:")
    make, begun, end = Maker(), threading.Event(), threading.Event()

    def slowly() -> str:
        begun.set()
        assert end.wait(10)
        return make()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(closing(while_unchanged), "k", slowly)
        assert begun.wait(10)
        second = pool.submit(closing(while_unchanged), "k", make)
        end.set()
        assert {first.result(10), second.result(10)} == {"0 regions"}
    assert make.times == 1


@pytest.mark.django_db(transaction=True)
def test_any_write_by_anybody_makes_it_anew() -> None:
    make = Maker()
    while_unchanged("k", make)

    def somebody_else() -> None:
        region("44")
        connection.close()

    other = threading.Thread(target=somebody_else)
    other.start()
    other.join()
    assert while_unchanged("k", make) == "1 regions"


@pytest.mark.django_db(transaction=True)
def test_what_was_read_while_somebody_wrote_is_not_kept() -> None:
    make = Maker()

    def read_and_write() -> str:
        text = make()
        region("44")
        return text

    while_unchanged("k", read_and_write)
    assert while_unchanged("k", make) == "1 regions"


@pytest.mark.django_db(transaction=True)
def test_a_write_that_was_under_way_counts_when_it_commits() -> None:
    make, begun, kept = Maker(), threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            region("44")
            begun.set()
            kept.wait()
        connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    begun.wait()
    assert while_unchanged("k", make) == "0 regions"
    kept.set()
    writer.join()
    assert while_unchanged("k", make) == "1 regions"


@pytest.mark.django_db
def test_inside_a_transaction_it_is_made_every_time() -> None:
    make = Maker()
    while_unchanged("k", make)
    region("44")
    assert while_unchanged("k", make) == "1 regions"


@pytest.mark.django_db(transaction=True)
def test_different_keys_are_kept_apart_and_room_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "ROOM", 2)
    for key in "abc":
        while_unchanged(key, lambda: "x")
    assert list(unchanged._kept) == ["b", "c"]
