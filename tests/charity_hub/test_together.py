"""Work shared by those who wait for it: once for all of them, and never begun before they asked."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Semaphore

import pytest

from charity_hub import together as module
from charity_hub.together import together


class Work:
    """Work that begins when it is asked for and ends when the test says so; its answers count up."""

    def __init__(self) -> None:
        self.begun = [Event(), Event(), Event()]
        self.end = [Event(), Event(), Event()]
        self.times = 0

    def __call__(self) -> str:
        turn = self.times
        self.times += 1
        self.begun[turn].set()
        assert self.end[turn].wait(10)
        return f"answer {turn}"


class Counted(Future[str]):
    """A future that says when somebody waits for it."""

    waits = Semaphore(0)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        self.waits.release()
        return super().exception(timeout)


def test_alone_one_does_it_oneself() -> None:
    assert together("k", lambda: "x") == "x"
    assert module._rounds == {}


def test_who_asks_while_it_is_done_gets_the_next_answer() -> None:
    work = Work()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(together, "k", work)
        assert work.begun[0].wait(10)
        second = pool.submit(together, "k", work)
        work.end[1].set()
        work.end[0].set()
        assert (first.result(10), second.result(10)) == ("answer 0", "answer 1")
    assert module._rounds == {}


def test_all_who_wait_share_one_doing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Future", Counted)
    work = Work()
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(together, "k", work)
        assert work.begun[0].wait(10)
        waiting = [pool.submit(together, "k", work) for _number in range(5)]
        for _one in waiting:
            assert Counted.waits.acquire(timeout=10)
        work.end[1].set()
        work.end[0].set()
        assert [future.result(10) for future in waiting] == ["answer 1"] * 5
    assert first.result() == "answer 0"
    assert work.times == 2


def test_who_fails_fails_alone() -> None:
    begun, end = Event(), Event()

    def fails() -> str:
        begun.set()
        assert end.wait(10)
        raise ValueError("mine")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(together, "k", fails)
        assert begun.wait(10)
        second = pool.submit(together, "k", lambda: "fine")
        end.set()
        assert second.result(10) == "fine"
        with pytest.raises(ValueError, match="mine"):
            first.result(10)
    assert module._rounds == {}
