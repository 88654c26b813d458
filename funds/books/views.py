"""The page for closing a fund's months."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from charity_hub.people.access import access, person, require
from charity_hub.portal.form_page import form_page
from funds.books.closing import close_books, end_of, finished_months, may_close, months_to_close
from funds.books.forms import ClosingForm
from funds.books.open_items import open_items, reports_missing
from funds.profile.permissions import DOERS
from funds.profile.views import fund_in_scope


@access(DOERS)
@require_http_methods(["GET", "POST"])
def close_months(request: HttpRequest, code: str) -> HttpResponseBase:
    """Choose a finished month, read what can no longer be done afterwards, close the book through it."""
    fund = fund_in_scope(request, code)
    require(may_close(request.user, fund))
    back = reverse("fund_desk:fund", args=[fund.code])
    waiting = months_to_close(fund)
    if request.method == "GET" and not waiting:
        messages.info(request, _("Every finished month of this fund is closed."))
        return redirect(back)
    # A second submission finds the month closed; this is not an error.
    form = ClosingForm(
        request.POST or None, months=finished_months(fund) if request.method == "POST" else waiting
    )
    form.cancel_url = back

    def act() -> str:
        month = form.cleaned_data["through"]
        close_books(fund, month, actor=person(request))
        messages.success(
            request, _("The books of this fund are closed through %(day)s.") % {"day": end_of(month)}
        )
        return back

    shown: dict[str, Any] = {
        "lead": _("Nothing can be recorded in a closed month. A year is usually closed with its report."),
        "confirm_lead": _("this cannot be undone"),
        "confirm_label": _("Close the months"),
        "confirm_part": "funds/books/before_closing.html",
    }
    if form.is_bound and form.is_valid():
        through = end_of(form.cleaned_data["through"])
        shown |= {
            "through": through,
            "ends": open_items(fund, through),
            "missing": reports_missing(fund, through),
        }
    return form_page(
        request, form, act, title=_("Close months · %(fund)s") % {"fund": fund}, confirm=True, context=shown
    )
