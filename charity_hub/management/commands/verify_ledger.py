from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from charity_hub.ledger.models import Entry, Transfer
from charity_hub.ledger.verification import differences


class Command(BaseCommand):
    help = (
        "Recompute sums, balances, month totals, floors, reversals and seals of the whole ledger, print what "
        "differs, and exit with 1 when anything does."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = 0
        for difference in differences():
            found += 1
            self.stdout.write(difference)
        if found:
            raise CommandError(_("%(count)s differences found. Nothing has been changed.") % {"count": found})
        counts = {"transfers": Transfer.objects.count(), "entries": Entry.objects.count()}
        self.stdout.write(
            _("The books are right: %(transfers)s transfers, %(entries)s entries, all recomputed.") % counts
        )
