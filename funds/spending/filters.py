import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from charity_hub.portal.fields import FindableSelect
from charity_hub.portal.filters import DayRangeFilter, HubFilter, PinyinSearchFilter
from funds.profile.models import Fund
from funds.spending.models import SpendingRequest


def _funds(request: HttpRequest) -> QuerySet[Fund]:
    return Fund.objects.in_scope_of(request.user).public()


class SpendingFilter(HubFilter):
    """By number, title or payee (Chinese or pinyin), fund, state, use, day of filing and day of payment."""

    q = PinyinSearchFilter(fields=["number", "title", "payee_name", "pinyin", "fund__name", "fund__pinyin"])
    fund = django_filters.ModelChoiceFilter(
        queryset=_funds, label=_("Fund"), empty_label=_("All"), widget=FindableSelect
    )
    filed_at = DayRangeFilter(label=_("Filed on"))
    paid_on = DayRangeFilter(label=_("Paid on"))

    class Meta:
        model = SpendingRequest
        fields = ["q", "fund", "state", "use", "filed_at", "paid_on"]
