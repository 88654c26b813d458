"""``manage.py reset_second_factor PHONE --reason WHY``: for an only administrator who lost the factor."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.people.factor_reset import notify_of_reset, reset_from_command_line
from charity_hub.people.models import User
from charity_hub.people.phones import parse_phone


class Command(BaseCommand):
    help = "Take a lost second factor away; at the next sign-in the person sets up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("phone", help="the person's phone, as +8613900000001")
        parser.add_argument("--reason", required=True, help="why, and how you know that it is them")

    def handle(self, *_args: Any, phone: str, reason: str, **_options: Any) -> None:
        person = User.objects.filter(phone=parse_phone(phone)).first()
        if person is None:
            raise CommandError(_("Nobody has this phone number."))
        try:
            reset = reset_from_command_line(person, reason=reason)
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(_("The second factor is reset. At the next sign-in a new one is set up."))
        for unreached in notify_of_reset(reset):
            sentence = _("%(name)s could not be told by text message just now. Call them.")
            self.stderr.write(sentence % {"name": unreached.name})
