"""Money that moves in a fund's books, posted as the rooms that own the business post it."""

from datetime import date

from charity_hub.ledger.actions import Line, post
from charity_hub.ledger.models import Transfer
from funds.profile.accounts import bank_of
from funds.profile.models import Fund
from tests.builders import purpose_of

_keys = iter(range(1, 10**9))


def moved(fund: Fund, kind: str, fen: int, on: date, slug: str = "unrestricted") -> Transfer:
    """``fen`` into the purpose (a gift), from free to committed money (``commit``), or out (a payment)."""
    net, committed = purpose_of(fund, slug).accounts
    debit, credit = {
        "commit": (net, committed),
        "release": (committed, net),
        "payment": (committed, bank_of(fund)),
    }.get(kind.split(":")[0], (bank_of(fund), net))
    lines = [Line(debit, fen), Line(credit, -fen)]
    return post(kind, lines, key=f"public-test:{next(_keys)}", occurred_on=on)
