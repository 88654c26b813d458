from django.urls import URLPattern, path

from charity_hub.workflow.views import move_urls
from funds.agreement import views
from funds.agreement.workflow import AGREEMENT

app_name = "agreement"


urlpatterns: list[URLPattern] = [
    path("desk/funds/<str:code>/agreement/new/", views.propose, name="propose"),
    path("desk/funds/<str:code>/agreement/<int:pk>/", views.version, name="version"),
    path("desk/funds/<str:code>/agreement/<int:pk>/files/", views.papers, name="papers"),
    *move_urls(AGREEMENT, "desk/funds/<str:code>/agreement/<int:pk>/", views.version_in_scope),
    # For everybody
    path("funds/<str:code>/agreement/<int:number>/", views.public, name="public"),
]
