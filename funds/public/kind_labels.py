"""The public labels of transfer kinds."""

from charity_hub.ledger.kinds import in_words


def source(kind: str) -> str:
    """The label of a source of money."""
    return in_words(kind)


def use(kind: str) -> str:
    """The label of a use of money."""
    return in_words(kind, paid=True)
