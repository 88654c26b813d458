"""What this room puts up in the portal."""

from django.utils.translation import gettext_lazy as _

from charity_hub.ledger.kinds import name_kinds
from charity_hub.portal.registry import register_home_panel, register_menu
from funds.public.totals import home_panel, paid_lately
from funds.public.words import PROMISES, SOURCES, USES


def register() -> None:
    name_kinds(SOURCES | USES | PROMISES)
    register_menu("public", _("Funds"), "funds:list", "building-bank", order=10)
    register_home_panel("funds/public/home.html", home_panel, order=10)
    register_home_panel("funds/public/home_paid.html", paid_lately, order=22)
