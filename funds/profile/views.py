"""The desk pages of funds: list, proposal, one fund, its documents, people and purposes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from charity_hub.people.access import access, has_role, person, require, roles
from charity_hub.people.models import Role
from charity_hub.portal.form_page import NoQuestions, form_page
from charity_hub.portal.list_page import list_page
from charity_hub.workflow.actions import history
from funds.profile.accounts import money_of
from funds.profile.actions import amend_fund, propose_fund
from funds.profile.agreements import agreement_of
from funds.profile.filters import FundFilter
from funds.profile.forms import CommitteeForm, FundForm, PurposeForm, seated
from funds.profile.lifecycle import add_purpose, change_committee, retire_purpose
from funds.profile.models import CHANGING_STATES, Fund, FundState
from funds.profile.permissions import READERS, works_for_host, works_for_street
from funds.profile.publishing import papers_of
from funds.profile.rules import submission_errors
from funds.profile.tables import FundTable, with_money
from funds.profile.workflow import FUND

IN_FORCE = {FundState.ACTIVE, FundState.SUSPENDED, FundState.WINDING_UP}


def fund_in_scope(request: HttpRequest, code: str) -> Fund:
    """The fund with this code, or 404 for people who may not read it."""
    funds = Fund.objects.in_scope_of(request.user).select_related("region", "host", "leftover_fund", "book")
    return get_object_or_404(funds, code=code)


def _url(fund: Fund) -> str:
    return reverse("fund_desk:fund", args=[fund.code])


@access(READERS)
@require_safe
def fund_list(request: HttpRequest) -> HttpResponseBase:
    return list_page(
        request,
        queryset=with_money(Fund.objects.in_scope_of(request.user).select_related("region", "host")),
        filterset_class=FundFilter,
        table_class=FundTable,
        title=_("Funds"),
        export_name="funds",
        template="funds/profile/list.html",
        context={
            "lead": _("Community charity funds of your region or charity, and their current balances."),
            "actions": "funds/profile/parts/list_actions.html",
            "may_propose": has_role(request.user, Role.STREET_STAFF),
        },
    )


@access(READERS)
@require_safe
def fund(request: HttpRequest, code: str) -> HttpResponseBase:
    fund = fund_in_scope(request, code)
    user = person(request)
    draft = fund.state in {FundState.DRAFT, FundState.UNDER_REVIEW}
    context = {
        "title": fund.name,
        "fund": fund,
        "money": None if draft else money_of(fund),
        "problems": list(submission_errors(fund)) if draft else [],
        "row": fund,
        "told": _why_given_back(fund),
        "purposes": fund.purposes.all(),
        **agreement_of(fund),
        **seated(fund),
        "documents": papers_of(fund).select_related("public_paper"),
        "may": _tasks(user, fund),
        **FUND.shown(user, fund),
    }
    return render(request, "funds/profile/fund.html", context)


def _why_given_back(fund: Fund) -> str:
    """Why the host charity gave a draft back; empty for a draft that was never submitted."""
    if fund.state != FundState.DRAFT:
        return ""
    returned = history(fund).filter(old=FundState.UNDER_REVIEW, new=FundState.DRAFT).last()
    return returned.why if returned else ""


def _tasks(user: Any, fund: Fund) -> dict[str, bool]:
    street, host = works_for_street(user, fund), works_for_host(user, fund)
    return {
        "amend": street and fund.state == FundState.DRAFT,
        "file": street and fund.state == FundState.ACTIVE,
        "add_papers": street or host,
        "change_agreement": street and fund.state in CHANGING_STATES,
        "change_committee": host and fund.state in IN_FORCE,
        "change_purposes": host and fund.state in CHANGING_STATES,
    }


@access(roles(Role.STREET_STAFF))
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponseBase:
    form = FundForm(request.POST or None, request.FILES or None, user=request.user)
    form.cancel_url = reverse("fund_desk:funds")

    def act() -> str:
        papers = form.cleaned_data["paper"]
        fund = propose_fund(form.proposal(), actor=person(request), papers=papers)
        messages.success(
            request,
            _("The draft is saved as %(code)s. Check it and submit it.") % {"code": fund.code},
        )
        return _url(fund)

    return form_page(
        request,
        form,
        act,
        title=_("Propose a fund"),
        template="funds/profile/form.html",
        draft="fund:new",
        context={"lead": _("The street office proposes, the host charity reviews and activates.")},
    )


@access(roles(Role.STREET_STAFF))
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, code: str) -> HttpResponseBase:
    fund = fund_in_scope(request, code)
    require(works_for_street(request.user, fund))
    if fund.state != FundState.DRAFT:
        messages.info(request, _("Only a draft can be changed. Ask the host charity to return the fund."))
        return redirect(_url(fund))
    form = FundForm(request.POST or None, request.FILES or None, user=request.user, instance=fund)
    form.cancel_url = _url(fund)

    def act() -> str:
        papers = form.cleaned_data["paper"]
        amended = amend_fund(fund, form.proposal(), actor=person(request), papers=papers)
        messages.success(request, _("The draft is changed."))
        return _url(amended)

    return form_page(
        request,
        form,
        act,
        title=_("Change the draft %(code)s") % {"code": fund.code},
        template="funds/profile/form.html",
        draft=f"fund:{fund.code}",
        context={"lead": fund.region.full_name},
    )


@access(roles(Role.CHARITY_OFFICER))
@require_http_methods(["GET", "POST"])
def committee(request: HttpRequest, code: str) -> HttpResponseBase:
    fund = fund_in_scope(request, code)
    require(works_for_host(request.user, fund))
    form = CommitteeForm(request.POST or None, initial=seated(fund))
    form.cancel_url = _url(fund)

    def act() -> str:
        change_committee(fund, form.seats(), form.cleaned_data["reason"], actor=person(request))
        messages.success(request, _("The committee is changed."))
        return _url(fund)

    return form_page(
        request,
        form,
        act,
        title=_("Change the committee · %(fund)s") % {"fund": fund},
        template="funds/profile/form.html",
    )


@access(roles(Role.CHARITY_OFFICER))
@require_http_methods(["GET", "POST"])
def purpose_add(request: HttpRequest, code: str) -> HttpResponseBase:
    fund = fund_in_scope(request, code)
    require(works_for_host(request.user, fund))
    form = PurposeForm(request.POST or None)
    form.cancel_url = _url(fund)
    form.submit_label = _("Add the purpose")

    def act() -> str:
        purpose = add_purpose(fund, form.cleaned_data["name"], actor=person(request))
        messages.success(request, _("Gifts can now be given for “%(purpose)s”.") % {"purpose": purpose})
        return _url(fund)

    return form_page(request, form, act, title=_("Add a purpose · %(fund)s") % {"fund": fund})


@access(roles(Role.CHARITY_OFFICER))
@require_http_methods(["GET", "POST"])
def purpose_retire(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    fund = fund_in_scope(request, code)
    require(works_for_host(request.user, fund))
    purpose = get_object_or_404(fund.purposes, slug=slug)
    form = NoQuestions(request.POST if request.method == "POST" else None)
    form.submit_label, form.cancel_url = _("Retire the purpose"), _url(fund)

    def act() -> str:
        retire_purpose(purpose, actor=person(request))
        messages.success(request, _("“%(purpose)s” is retired.") % {"purpose": purpose})
        return _url(fund)

    return form_page(
        request,
        form,
        act,
        title=_("Retire “%(purpose)s”") % {"purpose": purpose},
        context={
            "lead": _("Nothing can be given for it or spent from it any more. Its balance must be zero.")
        },
    )
