"""Gifts on the desk: the list, one gift, asking to void, amending, printing."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from charity_hub.documents.capital_numerals import amount_in_capitals
from charity_hub.errors import Refused
from charity_hub.people.access import access, person, require
from charity_hub.people.masks import mask_name
from charity_hub.portal.form_page import form_page
from charity_hub.portal.list_page import list_page
from donations.money.acknowledgement import (
    acknowledge,
    acknowledgements,
    issued_certificate,
    was_printed,
)
from donations.money.actions import amend_gift, ask_to_void
from donations.money.filters import GiftFilter
from donations.money.forms import AmendForm, AskToVoidForm
from donations.money.models import Donor, Gift
from donations.money.permissions import (
    HANDLERS,
    HANDLING,
    KNOWING,
    READERS,
    RECORDERS,
    donor_visible_to,
    may_handle,
)
from donations.money.queries import facts_of, totals_of
from donations.money.tables import GiftTable
from donations.money.void_models import VoidRequest
from donations.money.workflow import GIFT, VOID_REQUEST, gift_facts, void_gift


@access(READERS)
@require_safe
def gift_list(request: HttpRequest) -> HttpResponseBase:
    gifts = _gifts(request)
    chosen = GiftFilter(request.GET, queryset=gifts, request=request)
    totals = totals_of(chosen.qs if chosen.is_valid() else gifts.none())
    add = (reverse("gifts:add"), _("Record a gift")) if RECORDERS.allows(request.user) else None
    return list_page(
        request,
        queryset=gifts,
        filterset_class=GiftFilter,
        table_class=GiftTable,
        template="donations/money/gift_list.html",
        title=_("Gifts"),
        export_name="gifts",
        count=totals.with_voided,
        context={
            "totals": totals,
            "add": add,
            "empty_action": add,
            "actions": "donations/money/parts/list_actions.html",
            "prints": HANDLERS.allows(request.user),
        },
    )


@access(READERS)
@require_safe
def gift_detail(request: HttpRequest, number: str) -> HttpResponseBase:
    gift, user = gift_in_scope(request, number), person(request)
    certificate = issued_certificate(gift)
    donor_name = _donor_name(request, gift)
    asked = gift.void_requests.waiting().first()
    handles = not gift.voided and may_handle(user, gift)
    shown = GIFT.shown(user, gift)
    return render(
        request,
        "donations/money/gift_detail.html",
        {
            "title": gift.number,
            "gift": gift,
            "facts": facts_of(gift, donor_name),
            "donor_name": donor_name,
            "donor": Donor.objects.in_scope_of(request.user, *KNOWING).filter(gifts=gift).first(),
            "handles": handles,
            "may_ask": handles and not asked and not shown["moves"],
            "asked": asked,
            "decisions": VOID_REQUEST.offered(user, asked) if asked else [],
            "void_requests": gift.void_requests.select_related("asked_by", "decided_by"),
            "certificate": certificate,
            "was_replaced": certificate is None and was_printed(gift),
            "capitals": amount_in_capitals(gift.amount_fen),
            **shown,
        },
    )


@access(HANDLERS)
def gift_ask_to_void(request: HttpRequest, number: str) -> HttpResponseBase:
    """For those who handle the gift but may not void it."""
    gift = _handled(request, number)
    if not void_gift.left_to_others(person(request), gift):
        return redirect(void_gift.url(gift))
    if gift.voided or gift.void_requests.waiting().exists():
        messages.info(request, _("The gift is voided, or the charity has been asked to void it."))
        return redirect(gift.get_absolute_url())
    form = AskToVoidForm(request.POST or None, row=gift)
    form.cancel_url = gift.get_absolute_url()

    def act() -> str:
        ask_to_void(gift, form.cleaned_data["reason"], actor=person(request))
        messages.success(request, _("Requested. The charity's officers decide on it."))
        return gift.get_absolute_url()

    return form_page(
        request,
        form,
        act,
        title=_("Ask to void gift %(number)s") % {"number": gift.number},
        template="donations/money/gift_step.html",
        context=gift_facts(gift),
    )


@access(HANDLERS)
def gift_amend(request: HttpRequest, number: str) -> HttpResponseBase:
    gift = _handled(request, number)
    if gift.voided:
        messages.info(request, _("Gift %(number)s is voided already.") % {"number": gift.number})
        return redirect(gift.get_absolute_url())
    form = AmendForm(request.POST or None, gift=gift)
    form.cancel_url = gift.get_absolute_url()

    def act() -> str:
        amend_gift(gift, **{"publish_name": False} | form.cleaned_data, actor=person(request))
        messages.success(request, _("Saved."))
        return gift.get_absolute_url()

    return form_page(
        request, form, act, title=_("Receipt and consents of %(number)s") % {"number": gift.number}
    )


@access(HANDLERS)
@require_http_methods(["GET", "HEAD", "POST"])
def gift_acknowledgement(request: HttpRequest, number: str) -> HttpResponseBase:
    gift = _handled(request, number)
    return printed(request, [gift], gift.number)


@access(HANDLERS)
@require_http_methods(["GET", "HEAD", "POST"])
def gift_acknowledgements(request: HttpRequest) -> HttpResponseBase:
    """The acknowledgements of a filtered list, one PDF."""
    chosen = GiftFilter(request.GET, queryset=_handled_gifts(request).recorded(), request=request)
    if not chosen.is_valid():
        raise Refused(_("One of the filters cannot be read. Open the list and set it again."))
    found = chosen.qs.order_by("number")
    return printed(request, list(found[:201]), "acknowledgements")


def printed(request: HttpRequest, gifts: Sequence[Gift], name: str) -> HttpResponseBase:
    """The acknowledgements as a PDF: a POST issues their certificates, the GET after it only shows."""
    if request.method == "POST":
        acknowledge(gifts)
        return redirect(request.get_full_path())
    answer = HttpResponse(acknowledgements(gifts), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _whole(gifts: QuerySet[Gift]) -> QuerySet[Gift]:
    return gifts.select_related("fund__host", "purpose", "station", "donor", "recorded_by", "transfer")


def _gifts(request: HttpRequest) -> Any:
    return Gift.objects.in_scope_of(request.user).select_related("fund", "purpose", "station", "donor")


def _handled_gifts(request: HttpRequest) -> Any:
    return _whole(Gift.objects.in_scope_of(request.user, *HANDLING))


def gift_in_scope(request: HttpRequest, number: str) -> Gift:
    """The gift of this number that the person may see, or 404."""
    return get_object_or_404(_whole(Gift.objects.in_scope_of(request.user)), number=number)


def void_request_in_scope(request: HttpRequest, number: str) -> VoidRequest:
    """The latest request to void the gift of this number, or 404."""
    asked = gift_in_scope(request, number).void_requests.select_related(
        "gift__fund__host", "gift__station", "gift__donor", "gift__purpose", "asked_by"
    )
    return get_object_or_404(asked.order_by("-pk")[:1])


def _handled(request: HttpRequest, number: str) -> Gift:
    gift = gift_in_scope(request, number)
    require(may_handle(request.user, gift), _("You can view this gift, but you do not handle it."))
    return gift


def _donor_name(request: HttpRequest, gift: Gift) -> str:
    if gift.donor is None:
        return gift.get_donor_kind_display()
    shown = gift.publish_name or donor_visible_to(request.user)(gift)
    return gift.donor.name if shown else mask_name(gift.donor.name)
