from django.urls import URLPattern, path

from funds.public import views

app_name = "funds"

urlpatterns: list[URLPattern] = [
    path("funds/", views.fund_list, name="list"),
    path("funds/<str:code>/", views.fund, name="detail"),
    path("funds/<str:code>/months/", views.month_table, name="month_table"),
    # Open data
    path("funds/<str:code>/months.<str:form>", views.months, name="months"),
]
