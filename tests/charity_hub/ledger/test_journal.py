"""The journal is accepted by the programs it is for, and their balances are ours to the fen."""

import csv
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import realization
from beancount.core.data import Open
from django.core.management import CommandError, call_command

from charity_hub.ledger.actions import Line, post, reverse
from charity_hub.ledger.models import Account, AccountKind, Unit
from tests.builders import account, book, posted

pytestmark = pytest.mark.django_db

with_hledger = pytest.mark.skipif(
    shutil.which("hledger") is None and os.environ.get("CI") != "true", reason="hledger is not installed"
)


@pytest.fixture
def journal(tmp_path: Path) -> Callable[..., Path]:
    def export(dialect: str, *arguments: str) -> Path:
        path = tmp_path / f"books.{dialect}"
        call_command("export_journal", "--format", dialect, "--output", str(path), *arguments)
        return path

    return export


@pytest.fixture(autouse=True)
def _awkward_books() -> None:
    """Odd codes and memos, two books, hours beside money, a reversal, large and small amounts."""
    other = book("JJ-示例-02", "另一账簿")
    bank = account("bank:JJ-440605011-01")
    net = account("net:JJ-440605011-01:elder-home-safety", AccountKind.NET_ASSETS)
    children = account("net:JJ-440605011-01:困境儿童 (2025)", AccountKind.NET_ASSETS)
    alike = account("net:JJ-440605011-01:困境儿童 [2025]", AccountKind.NET_ASSETS)
    committed = account("committed:x;y  z", AccountKind.COMMITTED)
    elsewhere = account("bank:02", within=other)
    net_elsewhere = account("net:02", AccountKind.NET_ASSETS, within=other)
    member = account("hours:兰", AccountKind.LIABILITY, unit=Unit.TIME)
    issued = account("issued", AccountKind.CONTRA, unit=Unit.TIME, floor=None)
    posted(bank, net, 144_101_923, memo='第一笔 "quoted" \\ back; semi | pipe\nnew line 𠮷')
    posted(bank, children, 1)
    posted(bank, alike, 2_000_000_007)
    posted(net, committed, 5_000, kind="trial:committed", occurred_on=date(2024, 12, 31))
    reverse(posted(bank, net, 300), "wrong; really", actor=None)
    posted(elsewhere, net_elsewhere, 12_345, key='key "with"; all')
    lines = [Line(net, 700), Line(bank, -700), Line(elsewhere, 700), Line(net_elsewhere, -700)]
    post("trial:came", lines, key="between", occurred_on=date(2025, 6, 30))
    posted(issued, member, 135, kind="trial:came")


def ours(*, of: str | None = None) -> dict[str, Decimal]:
    """Each account's balance by its code, yuan or minutes."""
    accounts = Account.objects.filter(**{"book__code": of} if of else {})
    return {a.code: Decimal(a.balance) / (1 if a.unit == Unit.TIME else 100) for a in accounts}


def hledger(path: Path, *arguments: str) -> str:
    command = [shutil.which("hledger") or "hledger", "-f", str(path), *arguments]
    run = subprocess.run(  # noqa: S603 - our own file, our own arguments
        command,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=os.environ | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def hledger_balances(path: Path) -> dict[str, Decimal]:
    rows = csv.DictReader(StringIO(hledger(path, "balance", "--flat", "--empty", "--no-total", "-O", "csv")))
    return {row["account"]: Decimal(row["balance"].split()[0]) for row in rows}


@with_hledger
def test_hledger_accepts_the_journal_strictly(journal: Callable[..., Path]) -> None:
    hledger(journal("hledger"), "check", "--strict")


@with_hledger
def test_hledger_finds_our_balances(journal: Callable[..., Path]) -> None:
    theirs = hledger_balances(journal("hledger"))
    assert sorted(theirs.values()) == sorted(ours().values())
    assert theirs["bank:JJ-440605011-01"] == Decimal("21441012.31") == ours()["bank:JJ-440605011-01"]


@with_hledger
def test_hledger_refuses_a_journal_with_a_wrong_fen(journal: Callable[..., Path]) -> None:
    path = journal("hledger")
    text = path.read_text()
    assert text.count(" 0.01 CNY") == 1
    path.write_text(text.replace(" 0.01 CNY", " 0.02 CNY").replace(" -0.01 CNY\n", " -0.02 CNY\n", 1))
    with pytest.raises(AssertionError, match="assertion"):
        hledger(path, "check")


@with_hledger
def test_hledger_takes_one_fund(journal: Callable[..., Path]) -> None:
    path = journal("hledger", "--fund", "JJ-示例-02")
    hledger(path, "check", "--strict")
    theirs = hledger_balances(path)
    assert {code: theirs[code] for code in ("bank:02", "net:02")} == ours(of="JJ-示例-02")


def beancount_balances(path: Path) -> dict[str, Decimal]:
    """Balances by our code, which each account carries as metadata."""
    entries, errors, _options = loader.load_file(str(path))
    assert errors == []
    codes = {entry.account: entry.meta["code"] for entry in entries if isinstance(entry, Open)}
    root = realization.realize(entries)  # type: ignore[no-untyped-call]
    held = {}
    for name, code in codes.items():
        inventory = realization.get(root, name).balance  # type: ignore[no-untyped-call]
        held[code] = sum((position.units.number for position in inventory), Decimal(0))
    return held


def test_beancount_finds_our_balances(journal: Callable[..., Path]) -> None:
    assert beancount_balances(journal("beancount")) == {" ".join(c.split()): b for c, b in ours().items()}


def test_beancount_takes_one_fund(journal: Callable[..., Path]) -> None:
    theirs = beancount_balances(journal("beancount", "--fund", "JJ-示例-02"))
    assert {code: theirs[code] for code in ("bank:02", "net:02")} == ours(of="JJ-示例-02")


def test_beancount_refuses_a_journal_with_a_wrong_fen(journal: Callable[..., Path]) -> None:
    path = journal("beancount")
    text = path.read_text()
    assert text.count("  0.01 CNY") == 1
    path.write_text(text.replace("  0.01 CNY", "  0.02 CNY").replace("  -0.01 CNY\n", "  -0.02 CNY\n", 1))
    _entries, errors, _options = loader.load_file(str(path))
    assert errors


@pytest.mark.parametrize("dialect", ["hledger", "beancount"])
def test_books_without_a_transfer_make_a_journal(dialect: str, journal: Callable[..., Path]) -> None:
    book("JJ-示例-03")
    path = journal(dialect, "--fund", "JJ-示例-03")
    if dialect == "beancount":
        assert beancount_balances(path) == {}
    else:
        assert "CNY" in path.read_text()


def test_an_unknown_fund_is_told() -> None:
    with pytest.raises(CommandError, match="JJ-none"):
        call_command("export_journal", "--fund", "JJ-none")


def test_the_journal_goes_to_standard_output() -> None:
    out = StringIO()
    call_command("export_journal", stdout=out)
    assert "account bank:02" in out.getvalue()
