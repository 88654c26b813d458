"""Formatting money. Amounts are integers of fen and never floats."""

from decimal import Decimal

# The limits of one payment or gift: 1 fen to ¥100,000,000.
LEAST_FEN = 1
MOST_FEN = 10_000_000_000


def yuan(fen: int) -> str:
    """Fen as text: ``yuan(1234560)`` is ``¥12,345.60``."""
    sign = "-" if fen < 0 else ""
    whole, part = divmod(abs(fen), 100)
    return f"{sign}¥{whole:,}.{part:02}"


def as_decimal(fen: int) -> Decimal:
    """Fen as an exact decimal of yuan, for spreadsheets."""
    return Decimal(fen) / 100
