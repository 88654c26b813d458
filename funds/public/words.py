"""How kinds of transfers are called where everybody reads them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funds.spending.models import Use

SOURCES: dict[str, str | Promise] = {
    "gift:person": _("From individuals"),
    "gift:organization": _("From organizations"),
    "gift:anonymous": _("Anonymous gifts"),
    "seed": _("Seed money"),
    "leftover": _("Leftovers from another fund"),
}
USES: dict[str, str | Promise] = {f"payment:{use.value}": use.label for use in Use}
USES["leftover"] = _("Leftovers handed over")
PROMISES: dict[str, str | Promise] = {
    "commit": _("Committed to a request"),
    "release": _("Approval released"),
}


def source(kind: str) -> str:
    """Where money came from, in words."""
    return str(SOURCES.get(kind, kind))


def use(kind: str) -> str:
    """What money went for, in words."""
    return str(USES.get(kind, kind))
