from django.urls import URLPattern, path

from funds.agreement import views

app_name = "agreement"


def step(verb: str, name: str) -> URLPattern:
    """A page that asks once more before a step of ``version_steps``."""
    return path(f"desk/funds/<str:code>/agreement/<int:pk>/{verb}/", views.step, {"name": name}, name=name)


urlpatterns: list[URLPattern] = [
    path("desk/funds/<str:code>/agreement/new/", views.propose, name="propose"),
    path("desk/funds/<str:code>/agreement/<int:pk>/", views.version, name="version"),
    path("desk/funds/<str:code>/agreement/<int:pk>/files/", views.papers, name="papers"),
    step("agree", "agree"),
    step("give-back", "give_back"),
    step("withdraw", "withdraw"),
    # For everybody
    path("funds/<str:code>/agreement/<int:number>/", views.public, name="public"),
]
