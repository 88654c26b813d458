from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from charity_hub.people.key_rotation import BATCH, Count, columns, reencrypt, rekey_indexes


class Command(BaseCommand):
    help = "Encrypt all personal data with the first of FIELD_ENCRYPTION_KEYS; may be stopped and run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="rows in one transaction")
        parser.add_argument(
            "--indexes",
            action="store_true",
            help="also key the indexes by which people are found with the first key; "
            "only while the portal stands still, and then keep that key alone",
        )

    def handle(self, *_args: Any, batch: int, indexes: bool, **_options: Any) -> None:
        _ask_for_the_owner()
        unreadable = self._report(reencrypt(batch))
        if not unreadable and indexes:
            unreadable = self._report(rekey_indexes(batch))
        if unreadable:
            raise CommandError(
                _(
                    "%(count)s values were left unchanged because no key decrypts them. Keep "
                    "every key, and look for the missing one."
                )
                % {"count": unreadable}
            )
        self.stdout.write(_last_word(indexes=indexes))

    def _report(self, counts: Iterable[Count]) -> int:
        unreadable = 0
        for count in counts:
            words = {"name": count.name, "rewritten": count.rewritten, "left": count.left}
            self.stdout.write(_("%(name)s: %(rewritten)s rewritten, %(left)s left as they were.") % words)
            if count.unreadable:
                ids = ", ".join(map(str, count.unreadable[:20]))
                self.stderr.write(
                    _("%(name)s: no key decrypts these rows: %(ids)s") % {"name": count.name, "ids": ids}
                )
                unreadable += len(count.unreadable)
        return unreadable


def _last_word(*, indexes: bool) -> str:
    if len(settings.FIELD_ENCRYPTION_KEYS) == 1:
        return _("All data is encrypted with the single key.")
    if indexes:
        return _(
            "All data is encrypted with the first key. Set FIELD_ENCRYPTION_KEYS to it alone "
            "before you start the portal."
        )
    return _(
        "All data is encrypted with the first key. The indexes still depend on the last one: keep it last."
    )


def _ask_for_the_owner() -> None:
    """Only the tables' owner can re-encrypt decided rows; check this before starting."""
    tables = {model._meta.db_table for model, _field in columns()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM unnest(%s::text[]) AS named (name) "
            "WHERE NOT people_owns(quote_ident(named.name)::regclass)",
            [list(tables)],
        )
        (foreign,) = cursor.fetchone()
    if foreign:
        raise CommandError(_("Run this with the DATABASE_URL of the tables' owner, as you run migrate."))
