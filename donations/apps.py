from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DonationsConfig(AppConfig):
    """Donation stations, gifts of money and goods."""

    name = "donations"
    verbose_name = _("Donations")

    def ready(self) -> None:
        for room in ("stations", "deposits", "money", "registers"):
            if find_spec(f"donations.{room}.registrations"):
                import_module(f"donations.{room}.registrations").register()
