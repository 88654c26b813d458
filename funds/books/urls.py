from django.urls import URLPattern, path

from funds.books import views

app_name = "books"

urlpatterns: list[URLPattern] = [
    path("desk/funds/<str:code>/close-months/", views.close_months, name="close"),
]
