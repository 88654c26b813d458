from django.urls import URLPattern, path

from funds.spending import views

app_name = "spending"


def step(verb: str, name: str) -> URLPattern:
    """A page that asks once more before a step of ``request_steps``."""
    return path(f"desk/spending/<str:number>/{verb}/", views.step, {"name": name}, name=name)


urlpatterns: list[URLPattern] = [
    # Requests of all funds
    path("desk/spending/", views.request_list, name="requests"),
    path("desk/spending/new/", views.choose_fund, name="choose_fund"),
    # A fund's new request
    path("desk/funds/<str:code>/spending/new/", views.file, name="file"),
    path("desk/funds/<str:code>/spending/holds/", views.holds, name="holds"),
    # One request
    path("desk/spending/<str:number>/", views.request_detail, name="request"),
    path("desk/spending/<str:number>/revise/", views.revise, name="revise"),
    path("desk/spending/<str:number>/files/", views.papers, name="papers"),
    # Its steps
    step("withdraw", "withdraw"),
    step("approve", "approve"),
    step("give-back", "give_back"),
    step("release", "release"),
    path("desk/spending/<str:number>/pay/", views.pay, name="pay"),
]
