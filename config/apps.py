from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    """The top layer as an app, for commands that need every app."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        from charity_hub import sql

        # Once, after every app's tables; apps without models get no signal.
        last = [app for app in apps.get_app_configs() if app.models_module][-1]
        post_migrate.connect(sql.install, sender=last)
