"""What the ground floor and the fund's page show of gifts."""

from django.utils.translation import gettext_lazy as _

from charity_hub.documents.certificates import register_kind
from donations.money.acknowledgement import KIND
from donations.money.annual_report import gifts_of_year
from funds.annual_report.sections import register_section


def register() -> None:
    register_kind(KIND, _("Acknowledgement of a gift"), "donations/money/verify.html")
    register_section("gifts", gifts_of_year)
