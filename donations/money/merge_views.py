"""Correcting a donor, and making one of two entries that are one person."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from charity_hub.errors import Refused
from charity_hub.people.access import access, person, require
from charity_hub.people.client_address import address_of
from charity_hub.people.masks import mask_id, mask_phone
from charity_hub.portal.form_page import form_page
from donations.money.donor_actions import (
    SameDonor,
    comparable,
    correct_donor,
    likely_same,
    merge_donors,
    merge_problem,
)
from donations.money.donor_forms import CorrectionForm, MergeForm
from donations.money.donor_lookup import id_indexes, look_up, phone_indexes
from donations.money.models import Donor, Gift
from donations.money.permissions import HANDLERS, HANDLING, KNOWING, may_handle_donor
from donations.money.queries import totals_of
from donations.money.search import donors_matching

MOST_OFFERED = 20


@access(HANDLERS)
def donor_correct(request: HttpRequest, pk: int) -> HttpResponseBase:
    donor = _handled(request, pk)
    form = CorrectionForm(request.POST or None, donor=donor)
    form.cancel_url = donor.get_absolute_url()

    def act() -> str:
        data = form.cleaned_data
        donors = Donor.objects.filter(charity=donor.charity_id)
        phones, ids = phone_indexes(data["phone"]), id_indexes(data["id_number"])
        user, address = person(request), address_of(request)
        if look_up(user, donors, *HANDLING, phones=phones, ids=ids, address=address).limited:
            raise Refused(_("Too many numbers were looked up within the hour. Correct the donor later."))
        try:
            corrected = correct_donor(
                donor,
                form.correction,
                withdraw_name=data["withdraw_name"],
                reason=data["reason"],
                actor=person(request),
            )
        except SameDonor as same:
            form.other = same.other if may_handle_donor(request.user, same.other) else None
            raise
        messages.success(
            request,
            _("Corrected. Acknowledgements with the old name are replaced: print them again.")
            if corrected.name != donor.name
            else _("Corrected. Acknowledgements already printed stay valid."),
        )
        return donor.get_absolute_url()

    return form_page(
        request,
        form,
        act,
        title=_("Correct “%(name)s”") % {"name": donor.name},
        template="donations/money/donor_correct.html",
        confirm=True,
        once=False,  # a refusal would roll back that a number was tried; the same correction changes nothing
        context={"donor": donor},
    )


@access(HANDLERS)
@require_safe
def donor_doubles(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The other entries that may be the same person; by name, pinyin or phone any of the clerk's donors."""
    donor = _handled(request, pk)
    near = Donor.objects.in_scope_of(request.user, *HANDLING).select_related("charity")
    text = request.GET.get("q", "")[:120].strip()
    others = likely_same(donor, near)
    if text:
        match = donors_matching(person(request), text, address_of(request))
        others = comparable(donor, near).filter(match)
    return render(
        request,
        "donations/money/donor_doubles.html",
        {
            "title": _("Choose the duplicate of “%(name)s”") % {"name": donor.name},
            "donor": donor,
            "others": others[:MOST_OFFERED],
            "q": request.GET.get("q", ""),
        },
    )


@access(HANDLERS)
def donor_merge(request: HttpRequest, pk: int, other: int) -> HttpResponseBase:
    """Both entries side by side; nothing happens before the button below them is pressed."""
    pair = _handled(request, pk), _handled(request, other)
    form = MergeForm(request.POST or None, pair=pair)
    form.cancel_url = pair[0].get_absolute_url()

    def act() -> str:
        chosen = form.cleaned_data["keep"]
        kept, gone = pair if pair[0].pk == chosen else reversed(pair)
        merge_donors(gone, kept, reason=form.cleaned_data["reason"], actor=person(request))
        messages.success(request, _("Merged. All gifts of the donor are listed here."))
        return kept.get_absolute_url()

    return form_page(
        request,
        form,
        act,
        title=_("Are these the same person?"),
        template="donations/money/donor_merge.html",
        context={
            "sides": [_side(request, donor, side) for donor, side in zip(pair, "AB", strict=True)],
            "problem": merge_problem(*pair),
            "lead": _("All gifts of the other record move to the one you keep. This cannot be undone."),
        },
    )


def _side(request: HttpRequest, donor: Donor, side: str) -> dict[str, Any]:
    gifts = Gift.objects.in_scope_of(request.user, *HANDLING).filter(donor=donor)
    return {
        "side": side,
        "donor": donor,
        "facts": [
            (_("Name"), donor.name),
            (_("Phone"), mask_phone(donor.phone)),
            (_("ID or credit code"), mask_id(donor.id_number)),
            (_("First recorded"), timezone.localdate(donor.created_at).isoformat()),
        ],
        "totals": totals_of(gifts),
        "gifts": gifts.select_related("fund", "station")[:5],
    }


def _handled(request: HttpRequest, pk: int) -> Donor:
    donors = Donor.objects.in_scope_of(request.user, *KNOWING).unmerged().select_related("charity")
    donor = get_object_or_404(donors, pk=pk)
    require(may_handle_donor(request.user, donor), _("You can view this donor, but you do not handle them."))
    return donor
