"""My gifts: what a signed-in person gave, found by their verified phone, in every charity (Charity Law
42).
"""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from charity_hub.people.access import SIGNED_IN, AnyUser, access
from charity_hub.people.encryption import blind_index
from charity_hub.people.models import User
from donations.money.models import Gift, GiftQuerySet
from donations.money.queries import totals_of
from donations.money.views import printed

CARDS_A_PAGE = 20


def gifts_of(user: AnyUser) -> GiftQuerySet:
    """The gifts of donors who gave this person's phone; none until the phone is verified."""
    known = user.phone if isinstance(user, User) and user.phone_verified else ""
    return Gift.objects.given_by_phone(blind_index(known))


@access(SIGNED_IN)
@require_safe
@never_cache
def my_gifts(request: HttpRequest) -> HttpResponseBase:
    gifts = gifts_of(request.user)
    whole = gifts.select_related("fund", "purpose", "station", "donor")
    page = Paginator(whole, CARDS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "donations/money/my_gifts.html",
        {"title": _("My gifts"), "page": page, "totals": totals_of(gifts)},
    )


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def my_acknowledgement(request: HttpRequest, number: str) -> HttpResponseBase:
    gifts = gifts_of(request.user).select_related("fund__host", "purpose", "station", "donor")
    gift = get_object_or_404(gifts, number=number)
    return printed(request, [gift], gift.number)
