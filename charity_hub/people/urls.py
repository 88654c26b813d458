from django.urls import URLPattern, path

from charity_hub.people import sign_in_views, views

app_name = "people"

urlpatterns: list[URLPattern] = [
    # my account
    path("me/profile/", views.profile, name="profile"),
    path("me/second-factor/stop-reset/", views.stop_factor_reset, name="stop_factor_reset"),
    path("stop/<str:token>/", views.stop_by_link, name="stop"),
    path("accounts/password/new/", sign_in_views.new_password, name="new_password"),
    # while DEBUG is on
    path("dev/sms/", views.sms, name="sms"),
]
