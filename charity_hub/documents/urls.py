from django.urls import URLPattern, path

from charity_hub.documents import views

app_name = "documents"

urlpatterns: list[URLPattern] = [
    # Files
    path("documents/<int:pk>/", views.document, name="document"),
    # Verification
    path("verify/", views.verify_form, name="verify_form"),
    path("verify/<str:code>/", views.verify, name="verify"),
]
