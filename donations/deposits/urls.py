from django.urls import URLPattern, path

from charity_hub.workflow.views import move_urls
from donations.deposits import views
from donations.deposits.workflow import DEPOSIT

app_name = "deposits"

urlpatterns: list[URLPattern] = [
    path("desk/deposits/", views.deposit_list, name="list"),
    path("desk/deposits/add/", views.deposit_add, name="add"),
    path("desk/deposits/<str:number>/", views.deposit_detail, name="detail"),
    *move_urls(DEPOSIT, "desk/deposits/<str:number>/", views.deposit_in_scope),
]
