from django.urls import URLPattern, path

from charity_hub.jobs import views

app_name = "jobs"

urlpatterns: list[URLPattern] = [
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/progress/", views.job_progress, name="progress"),
    path("jobs/<int:pk>/retry/", views.job_retry, name="retry"),
]
