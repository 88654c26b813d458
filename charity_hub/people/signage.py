"""What this room hangs up when the house opens: what guards and notes the door, menu entries, one's roles."""

from importlib import import_module

from django.utils.translation import gettext_lazy as _

from charity_hub.people.duties import roles_of
from charity_hub.portal.registry import register_desk_panel, register_menu


def register() -> None:
    """Connect the receivers of sign-in signals and the system checks; called once from ``ready()``."""
    import_module("charity_hub.people.audit")
    import_module("charity_hub.people.checks")
    import_module("charity_hub.people.second_factor")
    register_menu("me", _("My account"), "people:profile", "user-cog", order=900)
    register_menu("desk", _("My account"), "people:profile", "user-cog", order=900)
    register_desk_panel("people/desk.html", roles_of, order=90)
