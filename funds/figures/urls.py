from django.urls import URLPattern, path

from funds.figures import views

app_name = "fund_figures"

urlpatterns: list[URLPattern] = [
    path("desk/funds/<str:code>/figures/", views.figures, name="figures"),
]
