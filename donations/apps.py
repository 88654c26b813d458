from django.apps import AppConfig


class DonationsConfig(AppConfig):
    """Donation stations, gifts of money and goods."""

    name = "donations"
    verbose_name = "Donations"
