from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    """Time bank and activities."""

    name = "volunteers"
    verbose_name = "Volunteers"
