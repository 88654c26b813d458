from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundsConfig(AppConfig):
    """Community charity funds."""

    name = "funds"
    verbose_name = _("Funds")

    def ready(self) -> None:
        for room in ("profile", "agreement", "spending", "public", "annual_report", "books", "figures"):
            if find_spec(f"funds.{room}.registrations"):
                import_module(f"funds.{room}.registrations").register()
