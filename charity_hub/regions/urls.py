from django.urls import URLPattern, path

from charity_hub.regions import views

app_name = "regions"

urlpatterns: list[URLPattern] = [
    path("regions/search/", views.search, name="search"),
]
