"""Money that moves in a fund's books by the kinds of the tests, which belong to no row."""

from datetime import date

from charity_hub.ledger.actions import Line, post
from charity_hub.ledger.kinds import Direction, direction_of
from charity_hub.ledger.models import Transfer
from funds.profile.accounts import bank_of
from funds.profile.models import Fund
from tests.builders import purpose_of

_keys = iter(range(1, 10**9))


def moved(fund: Fund, kind: str, fen: int, on: date, slug: str = "unrestricted") -> Transfer:
    """``fen`` into the purpose (an inflow), from free to committed money, or out (an outflow)."""
    net, committed = purpose_of(fund, slug).accounts
    debit, credit = {
        Direction.COMMITMENT: (net, committed),
        Direction.OUTFLOW: (committed, bank_of(fund)),
    }.get(direction_of(kind) or Direction.INFLOW, (bank_of(fund), net))
    lines = [Line(debit, fen), Line(credit, -fen)]
    return post(kind, lines, key=f"public-test:{next(_keys)}", occurred_on=on)
