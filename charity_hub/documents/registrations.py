"""Registrations of this room in the portal."""

from django.utils.translation import gettext_lazy as _

from charity_hub.documents.certificates import false_certificates
from charity_hub.documents.uploads import missing_files
from charity_hub.ledger.verification import register_check
from charity_hub.portal.registry import register_menu


def register() -> None:
    register_check(false_certificates)
    register_check(missing_files)
    register_menu("public", _("Verify a document"), "documents:verify_form", "certificate", order=80)
