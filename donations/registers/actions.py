"""The verbs of registers: upload, confirm the columns, check, import the good rows, discard.

``actor`` records gifts at the register's station; None where the command line acts.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from charity_hub.documents.models import Document
from charity_hub.documents.uploads import store_made
from charity_hub.errors import Refused
from charity_hub.jobs.actions import enqueue
from charity_hub.people.access import entitled
from charity_hub.people.models import User
from charity_hub.workflow.actions import lock, move, record
from donations.money.duties import may_record
from donations.money.models import Way
from donations.money.rules import check_place
from donations.registers.importing import JOB_KIND, nothing_yet, run_import
from donations.registers.models import REGISTER_FLOW, Register, RegisterState, RememberedColumn
from donations.registers.sources import Source, local_copy, open_register, open_source, way_before
from donations.registers.survey import survey
from donations.stations.models import Station
from funds.profile.models import Fund

AT_ONCE = 2_000  # rows; more are imported by a job
# A register that the command brought in is counted while it is imported: broken off, it has no count yet.
BEYOND = AT_ONCE + 1

_CONTENT_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".csv": "text/csv",
    ".txt": "text/plain",
}


def upload_register(
    file: File[bytes],
    *,
    station: Station,
    fund: Fund,
    actor: User | None,
    sheet: str = "",
    default_way: str = Way.CASH,
) -> Register:
    """Keep a register file and propose what its columns hold. Mended rows have the way of their register.

    Raises ``Refused`` for a file that is no readable register, a suspended fund, a closed station.
    """
    _entitle(actor, station)
    with _opened(file, station, fund, sheet, default_way) as (path, source):
        way = way_before(source, station, fund) or default_way
        return _stored(file, path, proposed_columns(source, way), station, fund, actor)


@contextmanager
def _opened(
    file: File[bytes], station: Station, fund: Fund, sheet: str, default_way: str
) -> Iterator[tuple[Path, Source]]:
    check_place(station, fund)
    name = file.name or ""
    with (
        local_copy(file) as path,
        open_source(
            path, station=station, fund=fund, sheet=sheet, default_way=default_way, file_name=name
        ) as source,
    ):
        yield path, source


def proposed_columns(source: Source, default_way: str) -> dict[str, Any]:
    """What is kept of a register's layout: the sheet, and what each column holds."""
    head = source.choice.head
    columns = head.columns
    return {
        "sheet": source.choice.sheet.name,
        "others": source.choice.others,
        "default_way": default_way,
        "fields": {title: columns.meaning_of(place) for place, title in enumerate(columns.titles)},
        "head_row": head.last + 1,
        "unit": columns.unit,
    }


@transaction.atomic
def _stored(
    file: File[bytes], path: Path, columns: dict[str, Any], station: Station, fund: Fund, actor: User | None
) -> Register:
    suffix = Path(file.name or "").suffix.lower()
    content_type = _CONTENT_TYPES.get(suffix, _CONTENT_TYPES[".xlsx"])
    name = (file.name or "") if suffix in _CONTENT_TYPES else f"{file.name}.xlsx"
    document: Document = store_made(name, path.read_bytes(), content_type, owner=None, actor=actor)
    register = Register.objects.create(
        station=station, fund=fund, file=document, columns=columns, uploaded_by=actor
    )
    Document.objects.filter(pk=document.pk).update(
        owner_type=ContentType.objects.get_for_model(register), owner_id=register.pk
    )
    why = "" if actor else _("Imported from the command line.")
    record(register, "", RegisterState.UPLOADED, actor=actor, why=why)
    return register


def choose_sheet_of(register: Register, sheet: str, *, actor: User | None) -> Register:
    """Read another sheet of the workbook instead; its columns are proposed anew. Raises ``Refused``."""
    _entitle(actor, register.station)
    with transaction.atomic():
        register = lock(register)
        _still_open(register)
        default_way = register.columns.get("default_way", Way.CASH)
        register.columns = {"sheet": sheet, "default_way": default_way}
        with open_register(register) as source:
            register.columns = proposed_columns(source, default_way)
        register.save(update_fields=["columns"])
    return register


def confirm_columns(
    register: Register, fields: Mapping[str, str], *, default_way: str, actor: User | None
) -> Register:
    """Take the columns as a person confirmed them (title → meaning), remember them, and check the register.

    Raises ``Refused`` when no amount, or neither donor nor date, is left.
    """
    _entitle(actor, register.station)
    with transaction.atomic():
        register = lock(register)
        _still_open(register)
        register.columns |= {"fields": dict(fields), "default_way": default_way}
        register.save(update_fields=["columns"])
        _remember(register.station, fields)
    return check_register(register, actor=actor)


def _entitle(actor: User | None, station: Station) -> None:
    entitled(
        actor is None or may_record(actor, station),
        _("Gifts at this station are recorded by its own workers."),
    )


def _still_open(register: Register) -> None:
    if register.state not in {RegisterState.UPLOADED, RegisterState.CHECKED}:
        raise Refused(
            _("This register is being imported or is finished. Upload the file again to start over.")
        )


def _remember(station: Station, fields: Mapping[str, str]) -> None:
    rows = [
        RememberedColumn(station=station, title=title, field=meaning)
        for title, meaning in fields.items()
        if len(title) <= 120 and not title.startswith("[")
    ]
    RememberedColumn.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["station", "title"], update_fields=["field"]
    )


def check_register(register: Register, *, actor: User | None) -> Register:
    """Read the whole register and keep what it comes to. Writes no gift. May be called again."""
    _entitle(actor, register.station)
    check_place(register.station, register.fund)
    with open_register(register) as source:
        summary = survey(source, register.station, register.fund).as_summary()
    with transaction.atomic():
        register = lock(register)
        _still_open(register)
        if not move(register, RegisterState.CHECKED, REGISTER_FLOW, actor=actor, summary=summary):
            register.summary = summary
            register.save(update_fields=["summary"])
    return register


def import_good_rows(register: Register, *, skip_doubles: bool = False, actor: User | None) -> Register:
    """Record every acceptable row of a checked register, once, however often and by however many it is asked.

    Up to 2,000 rows are recorded at once, more by a job. An import that broke off goes on where it stopped.
    Raises ``Refused`` when the fund or the station takes no money any more.
    """
    _entitle(actor, register.station)
    check_place(register.station, register.fund)
    with transaction.atomic():
        register = _begun(register, skip_doubles=skip_doubles, actor=actor)
        if register.state == RegisterState.IMPORTED:
            return register
        if register.summary.get("acceptable", BEYOND) > AT_ONCE:
            key = f"{JOB_KIND}:{register.pk}"
            register.job = enqueue(JOB_KIND, key=key, arguments={"register": register.pk}, actor=actor)
            register.save(update_fields=["job"])
            return register
    with open_register(register) as source:
        run_import(register, source, actor=actor)
    register.refresh_from_db()
    return register


def _begun(register: Register, *, skip_doubles: bool, actor: User | None) -> Register:
    """The register locked and being imported (one begun before keeps its count), or imported already."""
    register = lock(register)
    if register.state != RegisterState.IMPORTED:
        summary = {"import": nothing_yet(skip_doubles=skip_doubles)} | register.summary
        move(register, RegisterState.IMPORTING, REGISTER_FLOW, actor=actor, summary=summary)
    return register


def import_file(
    file: File[bytes],
    *,
    station: Station,
    fund: Fund,
    actor: User | None,
    sheet: str = "",
    default_way: str = Way.CASH,
    skip_doubles: bool = False,
) -> Register:
    """Upload a register, take its columns as proposed, and record its good rows: one reading, at once.

    What the pages do step by step. Raises ``Refused`` like they do.
    """
    _entitle(actor, station)
    with _opened(file, station, fund, sheet, default_way) as (path, source):
        with transaction.atomic():
            columns = proposed_columns(source, default_way)
            register = _stored(file, path, columns, station, fund, actor)
            move(lock(register), RegisterState.CHECKED, REGISTER_FLOW, actor=actor)
            register = _begun(register, skip_doubles=skip_doubles, actor=actor)
        run_import(register, source, actor=actor)
    register.refresh_from_db()
    return register


def discard_register(register: Register, *, actor: User | None) -> Register:
    """Put a register aside that is not to be imported. Its file stays."""
    _entitle(actor, register.station)
    with transaction.atomic():
        register = lock(register)
        move(register, RegisterState.DISCARDED, REGISTER_FLOW, actor=actor)
    return register
