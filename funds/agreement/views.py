"""The pages of an agreement's versions: propose, read, decide; and a public page for each version."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from charity_hub.documents.uploads import documents_of
from charity_hub.people.access import ANYONE, access, person, require, roles
from charity_hub.people.models import Role
from charity_hub.portal.form_page import form_page
from charity_hub.portal.page_cache import cached_for_visitors
from charity_hub.workflow.actions import history
from funds.agreement.actions import propose_version
from funds.agreement.changes import beside_the_one_before, differences
from funds.agreement.forms import VersionForm
from funds.agreement.workflow import AGREEMENT
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.agreement_terms import AgreedTerms
from funds.profile.agreements import Version, versions_of
from funds.profile.document_views import adding_page
from funds.profile.models import CHANGING_STATES, Fund
from funds.profile.permissions import DOERS, READERS, works_for_host, works_for_street
from funds.profile.views import fund_in_scope


def version_in_scope(request: HttpRequest, code: str, pk: int) -> AgreementVersion:
    """The version with this id, or 404 for people who may not read its fund."""
    versions = AgreementVersion.objects.in_scope_of(request.user).select_related(
        "fund__region", "fund__host", "fund__book", "leftover_fund", "proposed_by", "agreed_by"
    )
    return get_object_or_404(versions, fund__code=code, pk=pk)


def _url(version: AgreementVersion) -> str:
    return reverse("agreement:version", args=[version.fund.code, version.pk])


@access(roles(Role.STREET_STAFF))
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, code: str) -> HttpResponseBase:
    fund = fund_in_scope(request, code)
    require(works_for_street(request.user, fund))
    if request.method != "POST" and (instead := _not_now(request, fund)):
        return redirect(instead)
    agreed, given_back = _to_begin_with(fund)
    form = VersionForm(request.POST or None, request.FILES or None, fund=fund, agreed=agreed)
    form.cancel_url = reverse("fund_desk:fund", args=[fund.code])
    if given_back:
        form.initial.update(reason=given_back.reason, valid_from=given_back.valid_from)

    def act() -> str:
        version = propose_version(
            fund,
            form.terms(),
            valid_from=form.cleaned_data["valid_from"],
            reason=form.cleaned_data["reason"],
            actor=person(request),
            papers=form.cleaned_data["papers"],
        )
        messages.success(request, _("Proposed. An officer of the host charity agrees to it or returns it."))
        return _url(version)

    return form_page(
        request,
        form,
        act,
        title=_("Change the agreement · %(fund)s") % {"fund": fund},
        draft=f"agreement:{fund.code}",
        context={
            "lead": _(
                "The current version is kept: the change becomes a new version once an officer "
                "of the host charity has agreed to it."
            )
        },
    )


def _not_now(request: HttpRequest, fund: Fund) -> str:
    """The address to redirect to when no change can be proposed; empty when one can."""
    if fund.state not in CHANGING_STATES:
        messages.info(request, _("Only the agreement of an active or suspended fund can be changed."))
        return reverse("fund_desk:fund", args=[fund.code])
    if waiting := AgreementVersion.objects.proposed().filter(fund=fund).first():
        messages.info(
            request,
            _("This change is awaiting the host charity. Another one can be proposed after its decision."),
        )
        return _url(waiting)
    return ""


def _to_begin_with(fund: Fund) -> tuple[AgreedTerms, AgreementVersion | None]:
    """The terms that the form starts with: those of the proposal given back last, else those in force."""
    last = AgreementVersion.objects.filter(fund=fund).last()
    if last and last.state == VersionState.RETURNED:
        return last, last
    return versions_of(fund)[-1].terms, None


@access(READERS)
@require_safe
def version(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    row = version_in_scope(request, code, pk)
    user = person(request)
    street = works_for_street(user, row.fund)
    context = {
        **beside_the_one_before(row),
        "title": f"{row} · {row.fund.name}",
        "told": _told(row),
        "may_propose": street and row.state == VersionState.RETURNED and row.fund.state in CHANGING_STATES,
        "may_add_papers": street or works_for_host(user, row.fund),
        **AGREEMENT.shown(user, row),
    }
    return render(request, "funds/agreement/version.html", context)


def _told(row: AgreementVersion) -> str:
    """What the street reads on a proposal that was given back or ended."""
    if row.state not in {VersionState.RETURNED, VersionState.ENDED}:
        return ""
    last = history(row).last()
    return last.why if last else ""


@access(DOERS)
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    row = version_in_scope(request, code, pk)
    return adding_page(
        request,
        row,
        row.fund,
        title=_("Add files · %(version)s") % {"version": row},
        done=_("The files are kept with the version."),
        back=_url(row),
    )


@access(ANYONE)
@require_safe
@cached_for_visitors
def public(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Public page of one version, present or earlier, with its differences from the version before."""
    funds = Fund.objects.public().select_related("region", "host", "leftover_fund")
    fund = get_object_or_404(funds, code=code)
    versions = versions_of(fund)
    if not 1 <= number <= len(versions):
        raise Http404
    shown = versions[number - 1]
    context = {
        "title": _("Agreement, version %(number)d · %(fund)s") % {"number": number, "fund": fund.name},
        "fund": fund,
        "agreement": shown,
        "versions": versions[::-1],
        "differences": differences(versions[number - 2].terms, shown.terms) if number > 1 else [],
        "documents": _public_papers(shown),
    }
    return render(request, "funds/agreement/public.html", context)


def _public_papers(version: Version) -> Any:
    if not isinstance(version.terms, AgreementVersion):
        return []
    return documents_of(version.terms).filter(public_paper__isnull=False)
