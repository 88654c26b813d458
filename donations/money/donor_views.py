"""Donors on the desk."""

from django.db.models import BigIntegerField, Count, Max, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from charity_hub.people.access import access, require
from charity_hub.people.disclosures import record_look
from charity_hub.portal.list_page import list_page
from charity_hub.workflow.actions import history
from donations.money.donor_actions import DonorStep
from donations.money.filters import DonorFilter
from donations.money.models import Donor, Gift
from donations.money.permissions import HANDLERS, KNOWERS, KNOWING, may_handle_donor
from donations.money.queries import totals_of
from donations.money.tables import DonorTable

LATEST_SHOWN = 50
SHOWN_WHOLE = {"phone", "id_number"}


@access(KNOWERS)
@require_safe
def donor_list(request: HttpRequest) -> HttpResponseBase:
    gifts = Gift.objects.in_scope_of(request.user, *KNOWING).recorded().filter(donor=OuterRef("pk"))
    of_donor = gifts.order_by().values("donor")
    donors = (
        Donor.objects.in_scope_of(request.user, *KNOWING)
        .unmerged()
        .select_related("charity")
        .annotate(
            gift_count=Coalesce(Subquery(of_donor.values_list(Count("pk"))), 0),
            given_fen=Coalesce(
                Subquery(of_donor.values_list(Sum("amount_fen"))), 0, output_field=BigIntegerField()
            ),
            last_on=Subquery(of_donor.values_list(Max("given_on"))),
        )
    )
    return list_page(
        request,
        queryset=donors,
        filterset_class=DonorFilter,
        table_class=DonorTable,
        title=_("Donors"),
        export_name="donors",
        context={"lead": _("Phones and IDs are masked here and in the export.")},
    )


@access(KNOWERS)
@require_safe
def donor_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    kept = Donor.objects.in_scope_of(request.user, *KNOWING).filter(taken_in=pk).first()
    if kept:
        return redirect("gifts:donor", pk=kept.pk)
    donor = _donor(request, pk)
    gifts = Gift.objects.in_scope_of(request.user, *KNOWING).filter(donor=donor)
    return render(
        request,
        "donations/money/donor_detail.html",
        {
            "title": donor.name,
            "donor": donor,
            "gifts": gifts.select_related("fund", "purpose", "station")[:LATEST_SHOWN],
            "totals": totals_of(gifts),
            "may_see_whole": _may_see_whole(request, donor),
            "steps": [
                {"what": DonorStep(step.new).label, "who": step.actor or "", "at": step.at, "why": step.why}
                for step in history(donor)
            ],
        },
    )


@access(HANDLERS)
@require_POST
@never_cache
def donor_show(request: HttpRequest, pk: int, field: str) -> HttpResponseBase:
    """Show a phone or an ID whole, and record that it was looked at."""
    donor = _donor(request, pk)
    require(
        field in SHOWN_WHOLE and _may_see_whole(request, donor),
        _("You do not have permission to see this."),
    )
    record_look(request, donor, field)
    shown = {"donor": donor, "field": field, "whole": getattr(donor, field), "title": donor.name}
    partial = request.headers.get("HX-Request")
    template = "donations/money/parts/whole.html" if partial else "donations/money/donor_whole.html"
    return render(request, template, shown)


def _donor(request: HttpRequest, pk: int) -> Donor:
    donors = Donor.objects.in_scope_of(request.user, *KNOWING).select_related("charity")
    return get_object_or_404(donors, pk=pk)


def _may_see_whole(request: HttpRequest, donor: Donor) -> bool:
    return may_handle_donor(request.user, donor)
