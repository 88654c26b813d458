"""A small room of made-up pages on the portal's parts, so that the parts are tested as rooms use them."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import engines
from django.urls import path

from charity_hub.errors import Refused
from charity_hub.organizations.models import Organization
from charity_hub.people.access import ANYONE, access
from charity_hub.portal.filters import HubFilter, PinyinSearchFilter
from charity_hub.portal.form_page import confirm_page, form_page
from charity_hub.portal.forms import DayField, HubForm, YuanField
from charity_hub.portal.list_page import list_page
from charity_hub.portal.tables import HubTable, NumberColumn
from config.urls import urlpatterns as of_the_portal

ACTED: list[dict[str, object]] = []


class OrganizationFilter(HubFilter):
    q = PinyinSearchFilter(fields=["name", "address"], spelled=["name"])

    class Meta:
        model = Organization
        fields = ["q", "kind", "active"]


class OrganizationTable(HubTable):
    id = NumberColumn()

    class Meta(HubTable.Meta):
        model = Organization
        fields = ("name", "address", "region", "id")


class GiftForm(HubForm):
    cards = [("The gift", [("amount", "day"), "purpose"], "Count it first."), ("The rest", ["note"])]
    amount = YuanField(label="Amount")
    day = DayField(label="Day", past=True)
    purpose = forms.ChoiceField(label="Purpose", choices=[("school", "Schooling"), ("home", "Safe homes")])
    note = forms.CharField(label="Note", required=False)
    paper = forms.FileField(label="Paper", required=False)


@access(ANYONE)
def organizations(request: HttpRequest) -> HttpResponseBase:
    return list_page(
        request,
        queryset=Organization.objects.select_related("region"),
        filterset_class=OrganizationFilter,
        table_class=OrganizationTable,
        title="Organizations",
        export_name="organizations",
        context={"layout": "layouts/public.html", "empty": "Nobody is here yet."},
    )


@access(ANYONE)
def give(request: HttpRequest) -> HttpResponseBase:
    form = GiftForm(request.POST or None, request.FILES or None)

    def act() -> str:
        if form.cleaned_data["note"] == "refuse":
            raise Refused("The purpose holds ¥1.00 only.", "amount")
        paper = form.cleaned_data["paper"]
        ACTED.append(form.cleaned_data | {"paper": paper.read() if paper else None})
        messages.success(request, "Recorded.")
        return "/"

    return form_page(request, form, act, title="Give", confirm=True, draft="give:1")


@access(ANYONE)
def remove(request: HttpRequest) -> HttpResponseBase:
    def act() -> str:
        raise Refused("It is gone already.")

    return confirm_page(request, act, title="Remove it?", back="/")


@access(ANYONE)
def refuse(_request: HttpRequest) -> HttpResponseBase:
    raise Refused("The purpose holds ¥1.00 only. Ask for less.")


CHART = (
    '{% extends "layouts/public.html" %}{% load hub %}{% block content %}'
    '{% chart spec "Money by month" rows %}<button hx-get="/sample/refuse/">Ask</button>{% endblock %}'
)


@access(ANYONE)
def chart(request: HttpRequest) -> HttpResponse:
    spec = {
        "data": {"values": [{"month": "2026-02", "yuan": 1}, {"month": "2026-03", "yuan": 2}]},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "x": {"field": "month", "type": "ordinal"},
            "y": {"field": "yuan", "type": "quantitative"},
        },
    }
    rows = [["Month", "In"], ["2026-02", "¥1.00"], ["2026-03", "¥2.00"]]
    page = engines["django"].from_string(CHART)
    return HttpResponse(page.render({"spec": spec, "rows": rows, "title": "Chart"}, request))


@access(ANYONE)
def fail(_request: HttpRequest) -> HttpResponseBase:
    raise ValueError


urlpatterns = [
    path("sample/organizations/", organizations),
    path("sample/give/", give),
    path("sample/remove/", remove),
    path("sample/refuse/", refuse),
    path("sample/fail/", fail),
    path("sample/chart/", chart),
    *of_the_portal,
]
