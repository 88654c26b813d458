from django.apps import AppConfig


class CharityHubConfig(AppConfig):
    """The ground floor: knows none of the apps above."""

    name = "charity_hub"
    verbose_name = "Charity Hub"
