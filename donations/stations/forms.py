"""Forms of a station."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charity_hub.organizations.models import Organization
from charity_hub.people.access import Scope, scope_of
from charity_hub.people.models import Role, User
from charity_hub.portal.fields import FindableSelect
from charity_hub.portal.forms import HubModelForm
from charity_hub.regions.models import Level, Region
from donations.stations.actions import TAKES_MONEY
from donations.stations.models import Station
from funds.profile.models import Fund


class StationForm(HubModelForm):
    """What a station publishes, who runs it, and for whom it collects."""

    cards = [
        (_("The station"), ["region", "name", "operator"]),
        (
            _("How people find it"),
            ["address", "opening_hours", ("contact", "phone")],
            _("Shown on the public page: use plain words."),
        ),
        (_("Accepts gifts for"), ["funds"], _("The station accepts gifts only for the funds ticked here.")),
    ]

    class Meta:
        model = Station
        fields = ["region", "name", "operator", "address", "opening_hours", "contact", "phone", "funds"]
        widgets = {"funds": forms.CheckboxSelectMultiple, "operator": FindableSelect}
        help_texts = {
            "opening_hours": _("For example: Monday to Friday 9:00–12:00, 14:00–17:00."),
            "operator": _("Its station workers may record gifts here."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = scope_of(user, Role.STREET_STAFF)
        held = self.instance.funds.all() if self.instance.pk else Fund.objects.none()
        open_funds = Q(state__in=TAKES_MONEY) & (Q() if scope.everything else scope.regions_q())
        self.fields["funds"].queryset = Fund.objects.filter(  # type: ignore[attr-defined]
            open_funds | Q(pk__in=held.values("pk"))
        )
        self.fields["operator"].queryset = _operators(scope)  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["region"]
        else:
            self.fields["region"].queryset = _places(scope)  # type: ignore[attr-defined]
            self.fields["region"].empty_label = None  # type: ignore[attr-defined]


def _places(scope: Scope) -> Any:
    """Streets and communities where a station may stand; for administrators those that have a fund."""
    wanted = Q(level__in=[Level.STREET, Level.COMMUNITY])
    if scope.everything:
        codes = Fund.objects.values_list("region", flat=True).distinct()
        scope = Scope(regions=tuple(codes))
    inside = Q(pk__in=[])
    for code in scope.regions:
        inside |= Q(pk__startswith=code)
    return Region.objects.filter(wanted & inside)


def _operators(scope: Scope) -> Any:
    """Organizations of the districts that the scope lies in."""
    organizations = Organization.objects.filter(active=True).order_by("name")
    if scope.everything:
        return organizations
    districts = Q(pk__in=[])
    for code in scope.regions:
        districts |= Q(region__pk__startswith=code[: Level.DISTRICT])
    return organizations.filter(districts)
