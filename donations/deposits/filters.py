"""What deposits are filtered by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from charity_hub.portal.filters import DayRangeFilter, HubFilter
from donations.deposits.models import CashDeposit
from donations.money.filters import visible_funds, visible_stations


class DepositFilter(HubFilter):
    handed_in_on = DayRangeFilter(label=_("Deposited on"))
    fund = django_filters.ModelChoiceFilter(label=_("Fund"), queryset=visible_funds)
    station = django_filters.ModelChoiceFilter(label=_("Station"), queryset=visible_stations)

    class Meta:
        model = CashDeposit
        fields = ["handed_in_on", "fund", "station", "state"]
