"""The desk pages of files: add files to a fund or a row of it, publish them, withdraw them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from charity_hub.documents.models import Document
from charity_hub.people.access import access, person, require
from charity_hub.people.models import User
from charity_hub.portal.form_page import confirm_page, form_page
from funds.profile.actions import add_papers
from funds.profile.forms import PapersForm
from funds.profile.models import Fund
from funds.profile.permissions import DOERS, works_for_host, works_for_street
from funds.profile.publishing import hide_paper, papers_of, show_paper
from funds.profile.views import fund_in_scope


def adding_page(
    request: HttpRequest, owner: models.Model, fund: Fund, *, title: str, done: str, back: str
) -> HttpResponseBase:
    """Add files to a row of this fund, for people of its street and its host charity."""
    user = _of_street_or_host(request, fund)
    form = PapersForm(request.POST or None, request.FILES or None)
    form.cancel_url = back

    def act() -> str:
        add_papers(form.cleaned_data["papers"], owner=owner, fund=fund, actor=user)
        messages.success(request, done)
        return back

    return form_page(request, form, act, title=title)


def _of_street_or_host(request: HttpRequest, fund: Fund) -> User:
    user = person(request)
    require(works_for_street(user, fund) or works_for_host(user, fund))
    return user


@access(DOERS)
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, code: str) -> HttpResponseBase:
    fund = fund_in_scope(request, code)
    return adding_page(
        request,
        fund,
        fund,
        title=_("Add files · %(fund)s") % {"fund": fund},
        done=_("The files are kept with the fund."),
        back=reverse("fund_desk:fund", args=[fund.code]),
    )


@dataclass(frozen=True)
class Publishing:
    """Publishing a file or withdrawing it: the action and the texts of its page."""

    act: Callable[..., bool]
    title: Promise
    lead: Promise
    label: Promise
    done: Promise


SHOW = Publishing(
    act=show_paper,
    title=gettext_lazy("Publish “%(name)s”"),
    lead=gettext_lazy(
        "Anybody can read and download this file on the fund's public page. Check it first: it "
        "must not contain any person's ID number, phone, address or account."
    ),
    label=gettext_lazy("Publish"),
    done=gettext_lazy("“%(name)s” is published."),
)
HIDE = Publishing(
    act=hide_paper,
    title=gettext_lazy("Unpublish “%(name)s”"),
    lead=gettext_lazy("Only staff can open this file from now on. Copies already downloaded remain."),
    label=gettext_lazy("Unpublish"),
    done=gettext_lazy("“%(name)s” is unpublished."),
)


@access(DOERS)
@require_http_methods(["GET", "POST"])
def paper_show(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    return _publishing_page(request, code, pk, SHOW)


@access(DOERS)
@require_http_methods(["GET", "POST"])
def paper_hide(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    return _publishing_page(request, code, pk, HIDE)


def _publishing_page(request: HttpRequest, code: str, pk: int, step: Publishing) -> HttpResponseBase:
    fund = fund_in_scope(request, code)
    user = _of_street_or_host(request, fund)
    document: Document = get_object_or_404(papers_of(fund), pk=pk)
    named, back = {"name": document}, reverse("fund_desk:fund", args=[fund.code])

    def act() -> str:
        step.act(document, actor=user)
        messages.success(request, step.done % named)
        return back

    return confirm_page(request, act, title=step.title % named, lead=step.lead, label=step.label, back=back)
