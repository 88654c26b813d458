from django.urls import URLPattern, path

from charity_hub.workflow.views import move_urls
from funds.spending import views
from funds.spending.workflow import SPENDING

app_name = "spending"


urlpatterns: list[URLPattern] = [
    # Requests of all funds
    path("desk/spending/", views.request_list, name="requests"),
    path("desk/spending/new/", views.choose_fund, name="choose_fund"),
    # A fund's new request
    path("desk/funds/<str:code>/spending/new/", views.file, name="file"),
    path("desk/funds/<str:code>/spending/holds/", views.holds, name="holds"),
    # One request
    path("desk/spending/<str:number>/", views.request_detail, name="request"),
    path("desk/spending/<str:number>/revise/", views.revise, name="revise"),
    path("desk/spending/<str:number>/files/", views.papers, name="papers"),
    # Its moves
    *move_urls(SPENDING, "desk/spending/<str:number>/", views.request_in_scope),
]
