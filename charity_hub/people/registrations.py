"""What this room registers: signal receivers that guard and note sign-ins, menu entries, one's roles."""

from importlib import import_module
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.people.access import is_administrator
from charity_hub.people.models import FactorReset, User
from charity_hub.people.permissions import roles_of
from charity_hub.portal.registry import (
    WorkItem,
    WorkList,
    register_desk_panel,
    register_me_panel,
    register_menu,
    register_worklist,
)


def register() -> None:
    """Connect the receivers of sign-in signals and the system checks; called once from ``ready()``."""
    import_module("charity_hub.people.alerts")
    import_module("charity_hub.people.audit")
    import_module("charity_hub.people.checks")
    import_module("charity_hub.people.second_factor")
    register_worklist(
        WorkList("factor-resets", _("Resets of second factors"), "fingerprint", resets_to_decide)
    )
    register_me_panel("people/parts/my_reset.html", my_reset, order=5)
    register_menu("me", _("My account"), "people:profile", "user-cog", order=900)
    register_menu("desk", _("My account"), "people:profile", "user-cog", order=900)
    register_desk_panel("people/desk.html", roles_of, order=90)


def resets_to_decide(user: User) -> list[WorkItem]:
    """For administrators: what is to be confirmed, carried out or stopped. For the person: to be stopped."""
    waiting = FactorReset.objects.open().select_related("person", "actor").order_by("pk")
    if not is_administrator(user):
        waiting = waiting.filter(person=user)
    return [
        WorkItem(
            _("Your second factor is to be reset") if reset.person_id == user.pk else str(reset.person),
            reverse("people:stop_factor_reset")
            if reset.person_id == user.pk
            else reverse("admin:charity_hub_factorreset_change", args=[reset.pk]),
            f"{reset.actor} · {reset.get_state_display()}",
            since=timezone.localdate(reset.at),
            tone="red",
        )
        for reset in waiting
    ]


def my_reset(request: HttpRequest) -> dict[str, Any]:
    """The reset of one's own second factor that waits, for ``/me/``."""
    mine = FactorReset.objects.open().select_related("actor")
    return {"reset": mine.filter(person=request.user.pk).first()}
