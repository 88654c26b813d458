from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from charity_hub.people.access import ANYONE, access
from charity_hub.portal.list_page import clean_address
from charity_hub.portal.page_cache import cached_for_visitors
from funds.profile.models import Fund
from funds.public.downloads import FORMATS
from funds.public.figures import figures_of, with_balances
from funds.public.filters import FundFilter
from funds.public.periods import asked_period, asked_year, latest_months, one_year, whole_life
from funds.public.queries import page_of, table_of

CARDS = 24


@access(ANYONE)
@require_safe
@cached_for_visitors
def fund_list(request: HttpRequest) -> HttpResponse:
    """All public funds with their balances, searchable by name and place."""
    funds = Fund.objects.public().select_related("region", "host")
    filterset = FundFilter(request.GET, queryset=funds, request=request)
    found = filterset.qs if filterset.is_valid() else funds.none()
    page = Paginator(found, CARDS).get_page(request.GET.get("page"))
    shown = {
        "title": _("Community charity funds"),
        "filter": filterset,
        "page": page,
        "cards": with_balances(page),
    }
    partial = request.headers.get("HX-Request-Type") == "partial"
    answer = render(request, "funds/public/list.html#cards" if partial else "funds/public/list.html", shown)
    if partial:
        answer["HX-Push-Url"] = clean_address(request)
    patch_vary_headers(answer, ["HX-Request-Type"])
    return answer


@access(ANYONE)
@require_safe
@cached_for_visitors
def fund(request: HttpRequest, code: str) -> HttpResponse:
    """The public page of one fund: sources, uses, committee."""
    found, today = _public(code), timezone.localdate()
    shown = page_of(found, asked_period(request.GET.get("year", ""), today), today)
    return render(request, "funds/public/fund.html", {"title": found.name, **shown})


@access(ANYONE)
@require_safe
@cached_for_visitors
def month_table(request: HttpRequest, code: str) -> HttpResponse:
    """The figures of the page's bars as a table; for htmx only the table."""
    found, today = _public(code), timezone.localdate()
    period = asked_period(request.GET.get("year", ""), today)
    shown = {
        "title": _("Monthly figures · %(fund)s") % {"fund": found.name},
        "fund": found,
        "period": period,
        "rows": table_of(found, period),
    }
    partial = "#table" if request.headers.get("HX-Request") else ""
    answer = render(request, f"funds/public/months.html{partial}", shown)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@access(ANYONE)
@require_safe
def months(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """The table of months as open data, for one year or since the fund began."""
    if form not in FORMATS:
        raise Http404
    found, today = _public(code), timezone.localdate()
    chosen = asked_year(request.GET.get("year", ""), today)
    if chosen is None:
        first = figures_of(found, latest_months(today)).first_month or today
        period = whole_life(first, today)
    else:
        period = one_year(chosen, today)
    rows = figures_of(found, period).months
    return FORMATS[form](found, rows, f"{found.code}-{chosen or 'all'}")


def _public(code: str) -> Fund:
    return get_object_or_404(Fund.objects.public().select_related("region", "host"), code=code)
