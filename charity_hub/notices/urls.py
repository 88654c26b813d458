from django.urls import URLPattern, path

from charity_hub.notices import views

app_name = "notices"

urlpatterns: list[URLPattern] = [
    path("me/notices/", views.notices, name="list"),
    path("me/notices/read/", views.read_all, name="read_all"),
    path("me/notices/choices/", views.choices, name="choices"),
    path("me/notices/<int:pk>/", views.read, name="read"),
]
