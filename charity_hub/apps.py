from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CharityHubConfig(AppConfig):
    """The base layer: it imports none of the other apps."""

    name = "charity_hub"
    verbose_name = _("Charity Hub")

    def ready(self) -> None:
        from charity_hub.documents import certificates
        from charity_hub.documents import registrations as documents
        from charity_hub.ledger.kinds import write_kinds
        from charity_hub.notices import registrations as notices
        from charity_hub.people import registrations as people
        from charity_hub.portal import registrations as portal
        from charity_hub.reports import registrations as reports

        documents.register()
        notices.register()
        people.register()
        portal.register()
        reports.register()
        post_migrate.connect(write_kinds, sender=self)
        post_migrate.connect(certificates.write_kinds, sender=self, dispatch_uid="kinds of certificates")
