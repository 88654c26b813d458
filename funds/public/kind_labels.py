"""How kinds of transfers are called where everybody reads them."""

from charity_hub.ledger.kinds import in_words


def source(kind: str) -> str:
    """Where money came from, in words."""
    return in_words(kind)


def use(kind: str) -> str:
    """What money went for, in words."""
    return in_words(kind, paid=True)
