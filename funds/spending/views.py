"""The desk pages of spending: list, filing, revising, one request. The pages of its moves are in
``workflow``.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from charity_hub.documents.uploads import documents_of
from charity_hub.people.access import access, has_role, person, require, roles
from charity_hub.people.models import Role
from charity_hub.portal.form_page import form_page
from charity_hub.portal.list_page import list_page
from charity_hub.workflow.actions import history
from funds.profile.document_views import adding_page
from funds.profile.models import Fund, FundState
from funds.profile.permissions import DOERS, READERS, works_for_host, works_for_street
from funds.profile.views import fund_in_scope
from funds.spending.actions import file_request
from funds.spending.filters import SpendingFilter
from funds.spending.forms import FundChoiceForm, RequestForm
from funds.spending.models import SpendingRequest, SpendingState
from funds.spending.tables import SpendingTable
from funds.spending.workflow import SPENDING, revise_request

# Shown above the answers on the confirmation page.
BEYOND = "funds/spending/parts/beyond.html"


def request_in_scope(request: HttpRequest, number: str) -> SpendingRequest:
    """The request with this number, or 404 for people who may not read it."""
    requests = SpendingRequest.objects.in_scope_of(request.user).select_related(
        "fund__host",
        "purpose__net_account",
        "purpose__committed_account",
        "filed_by",
        "approved_by",
        "paid_by",
    )
    return get_object_or_404(requests, number=number)


@access(READERS)
@require_safe
def request_list(request: HttpRequest) -> HttpResponseBase:
    return list_page(
        request,
        queryset=SpendingRequest.objects.in_scope_of(request.user).select_related("fund", "purpose"),
        filterset_class=SpendingFilter,
        table_class=SpendingTable,
        title=_("Spending"),
        export_name="spending",
        template="funds/profile/list.html",
        context={
            "lead": _("Filed by the street, approved by one officer of the host charity, paid by another."),
            "actions": "funds/spending/parts/list_actions.html",
            "may_file": has_role(request.user, Role.STREET_STAFF),
        },
    )


@access(READERS)
@require_safe
def request_detail(request: HttpRequest, number: str) -> HttpResponseBase:
    spending = request_in_scope(request, number)
    user = person(request)
    context = {
        "title": spending.number,
        "row": spending,
        "documents": documents_of(spending),
        "told": _told(spending),
        "may_add_papers": works_for_street(user, spending.fund) or works_for_host(user, spending.fund),
        **SPENDING.shown(user, spending),
    }
    return render(request, "funds/spending/request.html", context)


def _told(spending: SpendingRequest) -> str:
    """What the host charity tells the filer of a request that was returned or ended."""
    if spending.state not in {SpendingState.RETURNED, SpendingState.ENDED}:
        return ""
    last = history(spending).last()
    return last.why if last else ""


@access(roles(Role.STREET_STAFF))
@require_http_methods(["GET", "POST"])
def choose_fund(request: HttpRequest) -> HttpResponseBase:
    funds = Fund.objects.served_by(person(request)).active()
    if len(codes := funds.values_list("code", flat=True)[:2]) == 1:
        return redirect("spending:file", code=codes[0])
    form = FundChoiceForm(request.POST or None, funds=funds)
    form.cancel_url = reverse("spending:requests")
    lead = (
        ""
        if codes
        else _(
            "No fund of your street is active, and only an active fund spends. Have a suspended fund resumed "
            "by its host charity, or propose a new one."
        )
    )
    return form_page(
        request,
        form,
        lambda: reverse("spending:file", args=[form.cleaned_data["fund"].code]),
        title=_("File a spending request"),
        context={"lead": lead},
    )


@access(roles(Role.STREET_STAFF))
@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, code: str) -> HttpResponseBase:
    fund = fund_in_scope(request, code)
    require(works_for_street(request.user, fund))
    if fund.state != FundState.ACTIVE:
        messages.info(
            request,
            _(
                "This fund is “%(state)s”: spending is filed and approved only for an active "
                "fund. Have it resumed if it is suspended, or choose another fund."
            )
            % {"state": fund.get_state_display()},
        )
        return redirect("fund_desk:fund", code=fund.code)
    form = RequestForm(request.POST or None, request.FILES or None, fund=fund)
    form.cancel_url = reverse("fund_desk:fund", args=[fund.code])

    def act() -> str:
        papers = form.cleaned_data["papers"]
        spending = file_request(form.terms(), fund=fund, actor=person(request), papers=papers)
        said = _("Filed. The number is %(number)s; the host charity decides on it.")
        messages.success(request, said % {"number": spending.number})
        return spending.get_absolute_url()

    return form_page(
        request,
        form,
        act,
        title=_("File a spending request"),
        template="funds/spending/form.html",
        confirm=True,
        draft=f"spending:{fund.code}",
        context={"lead": fund.name, "confirm_label": _("File the request"), "confirm_part": BEYOND},
    )


@access(roles(Role.STREET_STAFF))
@require_http_methods(["GET", "POST"])
def revise(request: HttpRequest, number: str) -> HttpResponseBase:
    spending = request_in_scope(request, number)
    require(works_for_street(request.user, spending.fund))
    require(
        spending.filed_by_id == person(request).pk,
        _("Only the person who filed this request can edit it. Withdraw it and file a new one."),
    )
    if request.method != "POST" and spending.state != SpendingState.RETURNED:
        messages.info(request, _("Only returned requests can be edited. The present state is shown below."))
        return redirect(spending.get_absolute_url())
    form = RequestForm(request.POST or None, request.FILES or None, fund=spending.fund, request=spending)
    form.cancel_url = spending.get_absolute_url()

    def act() -> str:
        papers = form.cleaned_data["papers"]
        revise_request(spending, actor=person(request), terms=form.terms(), papers=papers)
        messages.success(request, _("Filed again; the host charity decides on it."))
        return spending.get_absolute_url()

    last = history(spending).last()
    return form_page(
        request,
        form,
        act,
        title=_("Edit %(number)s") % {"number": spending.number},
        template="funds/spending/form.html",
        confirm=True,
        draft=f"spending:{spending.number}",
        context={
            "lead": last.why if last else "",
            "confirm_label": _("File it again"),
            "confirm_part": BEYOND,
        },
    )


@access(DOERS)
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, number: str) -> HttpResponseBase:
    spending = request_in_scope(request, number)
    return adding_page(
        request,
        spending,
        spending.fund,
        title=_("Add files · %(number)s") % {"number": spending.number},
        done=_("The files are kept with the request."),
        back=spending.get_absolute_url(),
    )


@access(roles(Role.STREET_STAFF))
@require_safe
def holds(request: HttpRequest, code: str) -> HttpResponse:
    """The present balance of the chosen purpose, for the form."""
    fund = fund_in_scope(request, code)
    chosen = request.GET.get("purpose", "")
    purposes = fund.purposes.select_related("net_account")
    purpose = purposes.filter(pk=chosen).first() if chosen.isdecimal() else None
    return render(request, "funds/spending/parts/holds.html", {"purpose": purpose})
