from django.urls import URLPattern, path

from charity_hub.workflow.views import move_urls
from funds.profile import document_views, views
from funds.profile.workflow import FUND

app_name = "fund_desk"


urlpatterns: list[URLPattern] = [
    # Funds
    path("desk/funds/", views.fund_list, name="funds"),
    path("desk/funds/new/", views.propose, name="propose"),
    path("desk/funds/<str:code>/", views.fund, name="fund"),
    path("desk/funds/<str:code>/change/", views.amend, name="amend"),
    path("desk/funds/<str:code>/files/", document_views.papers, name="papers"),
    path("desk/funds/<str:code>/files/<int:pk>/show/", document_views.paper_show, name="paper_show"),
    path("desk/funds/<str:code>/files/<int:pk>/hide/", document_views.paper_hide, name="paper_hide"),
    # A fund's moves
    *move_urls(FUND, "desk/funds/<str:code>/", views.fund_in_scope),
    # A fund's people and purposes
    path("desk/funds/<str:code>/committee/", views.committee, name="committee"),
    path("desk/funds/<str:code>/purposes/new/", views.purpose_add, name="purpose_add"),
    path("desk/funds/<str:code>/purposes/<str:slug>/retire/", views.purpose_retire, name="purpose_retire"),
]
