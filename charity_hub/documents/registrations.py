"""Registrations of this room in the portal."""

from django.utils.translation import gettext_lazy as _

from charity_hub.portal.registry import register_menu


def register() -> None:
    register_menu("public", _("Verify a document"), "documents:verify_form", "certificate", order=80)
