"""The portal's own registrations: the first entries of each menu."""

from django.utils.translation import gettext_lazy as _

from charity_hub.portal.registry import register_menu


def register() -> None:
    register_menu("public", _("Home"), "portal:home", "home", order=0)
    register_menu("desk", _("Desk"), "portal:desk", "layout-dashboard", order=0)
    register_menu("me", _("My page"), "portal:me", "user", order=0)
