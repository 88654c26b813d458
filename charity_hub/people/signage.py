"""What this room hangs up when the house opens: what guards and notes the door, and a menu entry."""

from importlib import import_module

from django.utils.translation import gettext_lazy as _

from charity_hub.portal.registry import register_menu


def register() -> None:
    """Connect the receivers of sign-in signals and the system checks; called once from ``ready()``."""
    import_module("charity_hub.people.audit")
    import_module("charity_hub.people.checks")
    import_module("charity_hub.people.second_factor")
    register_menu("me", _("My account"), "people:profile", "user-cog", order=900)
    register_menu("desk", _("My account"), "people:profile", "user-cog", order=900)
