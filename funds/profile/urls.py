from django.urls import URLPattern

app_name = "fund_desk"

urlpatterns: list[URLPattern] = []
