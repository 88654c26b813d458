"""Formatting amounts of the ledger's two units."""

from django.utils.translation import gettext as _

from charity_hub.ledger.models import Unit
from charity_hub.money import yuan


def written(amount: int, unit: str) -> str:
    """Fen as ``¥12,345.60``, minutes as ``2 h 05 min``."""
    if unit == Unit.CNY:
        return yuan(amount)
    hours, minutes = divmod(abs(amount), 60)
    return _("%(sign)s%(hours)d h %(minutes)02d min") % {
        "sign": "-" if amount < 0 else "",
        "hours": hours,
        "minutes": minutes,
    }
