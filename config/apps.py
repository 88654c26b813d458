from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The top floor as an app, so that commands which know every app have a home."""

    name = "config"
    label = "config"
