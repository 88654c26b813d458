"""Registrations of this room in the portal."""

from django.utils.translation import gettext_lazy as _

from charity_hub.portal.registry import register_home_panel, register_menu
from funds.public.totals import home_panel, recent_payments


def register() -> None:
    register_menu("public", _("Funds"), "funds:list", "building-bank", order=10)
    register_home_panel("funds/public/home.html", home_panel, order=10)
    register_home_panel("funds/public/home_paid.html", recent_payments, order=22)
