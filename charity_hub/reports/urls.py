from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from charity_hub.reports import desk_views, views
from charity_hub.reports.workflow import REPORTS
from charity_hub.workflow.views import move_urls

app_name = "reports"


class CodeWithoutKind(StringConverter):
    """A subject's code: unlike a kind it begins with a capital letter."""

    regex = "[A-Z][^/]*"


register_converter(CodeWithoutKind, "code_without_kind")

ONE = "reports/<slug:kind>/<str:code>/<int:year>"
# Printed and certified before there were kinds.
OLD = "reports/<code_without_kind:code>/<int:year>"

urlpatterns: list[URLPattern] = [
    # Issued reports, for anyone
    path("reports/", views.report_list, name="list"),
    path(f"{OLD}/", views.moved, {"to": "reports:report"}),
    path(f"{OLD}/<int:version>/", views.moved, {"to": "reports:version"}),
    path(f"{OLD}/<int:version>/figures.json", views.moved, {"to": "reports:figures"}),
    path(f"{ONE}/", views.report, name="report"),
    path(f"{ONE}/<int:version>/", views.report, name="version"),
    path(f"{ONE}/<int:version>/figures.json", views.figures, name="figures"),
    # All of them, on the desk
    path("desk/reports/", desk_views.desk_list, name="desk_list"),
    path("desk/reports/years/", desk_views.desk_years, name="desk_years"),
    path("desk/reports/make/", desk_views.desk_make, name="desk_make"),
    # One of them, on the desk
    path("desk/reports/<int:pk>/", desk_views.desk_detail, name="desk_detail"),
    path("desk/reports/<int:pk>/preview.pdf", desk_views.desk_preview, name="desk_preview"),
    path("desk/reports/<int:pk>/words/", desk_views.desk_words, name="desk_words"),
    path("desk/reports/<int:pk>/again/", desk_views.desk_again, name="desk_again"),
    # Its moves
    path("desk/reports/<int:pk>/issue/", desk_views.desk_issue, name="issue"),
    path("desk/reports/<int:pk>/correct/", desk_views.desk_correct, name="correct"),
    *move_urls(REPORTS, "desk/reports/<int:pk>/", desk_views.report_in_scope),
]
