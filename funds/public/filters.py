from collections.abc import Iterable

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from charity_hub.portal.filters import HubFilter, PinyinSearchFilter
from charity_hub.regions.models import Region
from funds.profile.models import PUBLIC_STATES, Fund, FundState

LEVELS = (4, 6, 9)


def region_choices() -> list[tuple[str, str]]:
    """The cities, districts and streets with public funds, grouped by city."""
    codes = Fund.objects.public().order_by().values_list("region_id", flat=True).distinct()
    wanted = {code[:level] for code in codes for level in LEVELS if len(code) >= level}
    regions = Region.objects.filter(code__in=wanted).order_by("code")
    return [(region.code, region.full_name) for region in regions]


def state_choices() -> Iterable[tuple[str, str]]:
    return [(state.value, str(state.label)) for state in FundState if state in PUBLIC_STATES]


class FundFilter(HubFilter):
    """Search and filters of the public list."""

    q = PinyinSearchFilter(
        fields=["name", "code", "pinyin", "region__full_name", "host__name"],
        label=_("Name, place or charity"),
    )
    region = django_filters.ChoiceFilter(
        label=_("Place"), choices=region_choices, method="lies_within", empty_label=_("Everywhere")
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=state_choices, empty_label=_("All"))

    class Meta:
        model = Fund
        fields = ["q", "region", "state"]

    def lies_within(self, funds: QuerySet[Fund], _name: str, code: str) -> QuerySet[Fund]:
        return funds.filter(region__code__startswith=code)
