from django.apps import AppConfig


class FundsConfig(AppConfig):
    """Community charity funds."""

    name = "funds"
    verbose_name = "Funds"
