import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from charity_hub.organizations.models import Organization
from charity_hub.portal.fields import FindableSelect
from charity_hub.portal.filters import HubFilter, PinyinSearchFilter
from charity_hub.regions.models import Region
from funds.profile.models import Fund


def _regions(request: HttpRequest) -> QuerySet[Region]:
    return Region.objects.filter(pk__in=Fund.objects.in_scope_of(request.user).values("region"))


def _hosts(request: HttpRequest) -> QuerySet[Organization]:
    return Organization.objects.filter(pk__in=Fund.objects.in_scope_of(request.user).values("host"))


class FundFilter(HubFilter):
    """By name (Chinese or pinyin) or code, state, region, host charity."""

    q = PinyinSearchFilter(fields=["name", "code", "pinyin"])
    region = django_filters.ModelChoiceFilter(
        queryset=_regions, label=_("Region"), empty_label=_("All"), widget=FindableSelect
    )
    host = django_filters.ModelChoiceFilter(
        queryset=_hosts, label=_("Host charity"), empty_label=_("All"), widget=FindableSelect
    )

    class Meta:
        model = Fund
        fields = ["q", "state", "region", "host"]
