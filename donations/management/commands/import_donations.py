"""``manage.py import_donations FILE --station CODE``: the same import as the pages of desk/registers/."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.money import yuan
from charity_hub.people.models import User
from charity_hub.people.phones import parse_phone
from donations.money.models import Way
from donations.money.rules import check_place
from donations.registers.actions import import_file
from donations.registers.dry_run import dry_run
from donations.registers.messages import reasons, remedies
from donations.registers.models import RegisterState
from donations.registers.source_file import open_source
from donations.stations.models import Station
from funds.profile.models import Fund


class Command(BaseCommand):
    help = "Record the gifts of a station's register (Excel, csv)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--station", required=True, metavar="CODE")
        parser.add_argument("--fund", metavar="CODE", help="default: the first fund of the station")
        parser.add_argument(
            "--sheet", default="", metavar="NAME", help="default: the one that looks like a register"
        )
        parser.add_argument(
            "--way", default=Way.CASH, choices=Way.values, help="where the register does not say"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing")
        parser.add_argument("--json", action="store_true", help="report as JSON")
        parser.add_argument(
            "--why-total",
            default="",
            metavar="TEXT",
            help="why the register's own total differs from its rows",
        )
        parser.add_argument("--skip-doubles", action="store_true", help="leave likely doubles out")
        parser.add_argument(
            "--as",
            dest="phone",
            metavar="PHONE",
            help="who records; default: nobody is named, the command line",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            summary = self._summary(**options)
        except (Refused, PermissionDenied) as refused:
            raise CommandError(str(refused)) from refused
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(summary), ensure_ascii=False))
        else:
            self._tell(summary)

    def _summary(
        self, *, file: Path, station: str, fund: str | None, dry_run: bool, **options: Any
    ) -> dict[str, Any]:
        if not file.is_file():
            raise CommandError(_("There is no file “%(name)s”.") % {"name": file})
        place = _station(station)
        if dry_run:
            return self._dry_run(file, place, _fund(place, fund), **options)
        return self._import(file, place, _fund(place, fund), **options)

    def _dry_run(
        self, file: Path, station: Station, fund: Fund, *, sheet: str, way: str, **_options: Any
    ) -> dict[str, Any]:
        check_place(station, fund)
        with open_source(file, station=station, fund=fund, sheet=sheet, default_way=way) as source:
            self._say_sheet(source.choice.sheet.name, source.choice.others)
            return dry_run(source, station, fund, most=None).as_summary()

    def _import(
        self,
        file: Path,
        station: Station,
        fund: Fund,
        *,
        sheet: str,
        way: str,
        skip_doubles: bool,
        why_total: str,
        phone: str | None,
        **_options: Any,
    ) -> dict[str, Any]:
        actor = _actor(phone)
        with file.open("rb") as stream:
            sent = File(stream, name=file.name)
            register = import_file(
                sent,
                station=station,
                fund=fund,
                actor=actor,
                sheet=sheet,
                default_way=way,
                skip_doubles=skip_doubles,
                why_total=why_total,
            )
        self._say_sheet(register.columns["sheet"], register.columns["others"])
        if register.state == RegisterState.CHECKED:
            self.stderr.write(
                _("Rows in question are not recorded. Decide them on the page of register %(ref)s.")
                % {"ref": register.reference}
            )
        return dict(register.summary)

    def _say_sheet(self, sheet: str, others: list[str]) -> None:
        if others:
            self.stderr.write(
                _(
                    "Sheet “%(sheet)s” is read; other sheets look like registers too: %(others)s."
                    " Choose with --sheet."
                )
                % {"sheet": sheet, "others": "、".join(others)}
            )

    def _tell(self, summary: dict[str, Any]) -> None:
        self.stdout.write(
            _(
                "%(rows)d rows, %(acceptable)d ready to import, worth %(sum)s; %(rejected_count)d to fix;"
                " %(question_count)d in question; %(double_count)d likely duplicates."
            )
            % {**summary, "sum": yuan(summary["fen"])}
        )
        for entry in summary["rejected"]:
            words = {
                "row": entry["row"],
                "reason": reasons(entry["problems"]),
                "remedy": remedies(entry["problems"], summary["purposes"]),
            }
            self.stdout.write(_("Row %(row)d: %(reason)s %(remedy)s") % words)
        for entry in summary["questions"]:
            words = {"row": entry["row"], "reason": reasons(entry["problems"])}
            self.stdout.write(_("Row %(row)d is in question: %(reason)s") % words)
        for entry in summary["doubles"]:
            self.stdout.write(_("Row %(row)d may repeat row %(of)d.") % entry)
        for entry in summary.get("twins", []):
            self.stdout.write(_("Row %(row)d may repeat gift %(gift)s.") % entry)
        if summary.get("there"):
            self.stdout.write(_("%(there)d rows were recorded earlier.") % summary)
        if counts := summary.get("import"):
            self.stdout.write(
                _(
                    "%(added)d gifts recorded, worth %(sum)s; %(there)d were recorded before; "
                    "%(left_out)d likely duplicates left out."
                )
                % {**counts, "sum": yuan(counts["added_fen"])}
            )


def _as_json(summary: dict[str, Any]) -> dict[str, Any]:
    report = {
        "rows": summary["rows"],
        "acceptable": summary["acceptable"],
        "fen": summary["fen"],
        "rejected": [
            [entry["row"], entry["column"], reasons(entry["problems"])] for entry in summary["rejected"]
        ],
        "questions": [
            [entry["row"], entry["column"], reasons(entry["problems"])] for entry in summary["questions"]
        ],
        "doubles": [entry["row"] for entry in summary["doubles"]],
        "warn_id": summary["warn_id"],
        "warn_phone": summary["warn_phone"],
        "total_differs": summary["total_differs"],
    }
    counts = summary.get("import", {})
    return report | {name: counts[name] for name in ("added", "added_fen", "there", "left_out") if counts}


def _station(code: str) -> Station:
    station = Station.objects.filter(code=code).first()
    if station is None:
        raise CommandError(_("There is no station with the code “%(code)s”.") % {"code": code})
    return station


def _fund(station: Station, code: str | None) -> Fund:
    funds = station.funds.select_related("book", "host")
    fund = funds.filter(code=code).first() if code else funds.order_by("code").first()
    if fund is None:
        known = "、".join(funds.values_list("code", flat=True)) or _("none")
        raise CommandError(
            _("The station does not accept gifts for that fund. Its funds: %(codes)s.") % {"codes": known}
        )
    return fund


def _actor(phone: str | None) -> User | None:
    """The person of this phone; nobody, the command line itself, where none is given."""
    if phone is None:
        return None
    actor = User.objects.filter(is_active=True, phone=parse_phone(phone) or "").first()
    if actor is None:
        raise CommandError(
            _("Nobody who can sign in has the phone number %(phone)s. Check the number after --as.")
            % {"phone": phone}
        )
    return actor
