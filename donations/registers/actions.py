"""The verbs of registers: upload, confirm the columns, check, import the good rows, discard.

``actor`` records gifts at the register's station; None where the command line acts.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from charity_hub.documents.models import Document
from charity_hub.documents.uploads import store_made
from charity_hub.errors import Refused
from charity_hub.jobs.actions import enqueue, progress
from charity_hub.jobs.models import Job
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.workflow.actions import lock, record
from donations.money.models import Way
from donations.money.permissions import may_record
from donations.money.rules import check_place
from donations.registers.dry_run import dry_run, states_total
from donations.registers.duplicates import LookupsUsedUp
from donations.registers.import_job import JOB_KIND, nothing_yet, run_import
from donations.registers.layout import proposed_columns
from donations.registers.models import (
    CHANGEABLE,
    Register,
    RegisterAnswer,
    RegisterState,
    RememberedColumn,
)
from donations.registers.questions import about_total, listed, open_count
from donations.registers.reading.limits import Allowance, TooSlowForPage, whole
from donations.registers.source_file import (
    Source,
    local_copy,
    open_register,
    open_source,
    page_allowance,
    way_before,
)
from donations.registers.workbooks import keep_bad_rows
from donations.registers.workflow import begin_import, finish_check, put_aside, read_again
from donations.stations.models import Station
from funds.profile.models import Fund

READING_KIND = "read_register"
MOST_WAITING = 10  # large files of one person that wait to be read
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

    A large one is read by a job, which the register then names. Raises ``Refused`` for a file that is no
    readable register, a suspended fund, a closed station.
    """
    _entitle(actor, station)
    check_place(station, fund)
    with local_copy(file) as path:
        try:
            with (
                page_allowance() as allowance,
                _opened(file, path, station, fund, sheet, default_way, allowance) as source,
            ):
                way = way_before(source, station, fund) or default_way
                return _stored(file, path, proposed_columns(source, way), station, fund, actor)
        except TooSlowForPage:
            with transaction.atomic():
                register = _stored(file, path, {"default_way": default_way}, station, fund, actor)
                return _read_later(register, "columns", actor, sheet=sheet)


def _opened(
    file: File[bytes],
    path: Path,
    station: Station,
    fund: Fund,
    sheet: str,
    default_way: str,
    allowance: Allowance | None = None,
) -> AbstractContextManager[Source]:
    return open_source(
        path,
        station=station,
        fund=fund,
        sheet=sheet,
        default_way=default_way,
        file_name=file.name or "",
        allowance=allowance,
    )


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


def _read_later(register: Register, step: str, actor: User | None, **arguments: str) -> Register:
    """Have a job take the step; until it is done the register counts as not checked."""
    waiting = Job.objects.open().filter(kind=READING_KIND, requested_by=actor).count()
    if waiting >= MOST_WAITING:
        raise Refused(
            _("You have sent %(number)d files that are still being read. Wait until they are done.")
            % {"number": waiting},
            "file",
        )
    with transaction.atomic():
        register = lock(register)
        if register.state == RegisterState.CHECKED:
            read_again(register, actor=actor)
            register = lock(register)
        key = f"{READING_KIND}:{register.pk}"
        arguments |= {"step": step}
        register.job = enqueue(
            READING_KIND, key=key, arguments=arguments | {"register": register.pk}, actor=actor
        )
        register.save(update_fields=["job"])
    return register


def reading_job(job: Job) -> None:
    """Find a large register's columns, or check it, as a job. One that is no register is put aside."""
    register = Register.objects.select_related("station", "fund__book", "file").get(
        pk=job.arguments["register"]
    )
    actor = job.requested_by
    try:
        if job.arguments["step"] == "columns":
            _propose(register, job.arguments["sheet"], whole())
        else:
            _check(register, actor, whole(), lambda done, of: progress(job, done, of))
            keep_bad_rows(register, actor=actor)
    except Refused as refused:
        if "fields" not in register.columns:
            put_aside(register, str(refused), actor=actor)
        raise


def choose_sheet_of(register: Register, sheet: str, *, actor: User | None) -> Register:
    """Read another sheet of the workbook instead; its columns are proposed anew. Raises ``Refused``."""
    _entitle(actor, register.station)
    _still_open(register)
    try:
        with page_allowance() as allowance:
            return _propose(register, sheet, allowance)
    except TooSlowForPage:
        return _read_later(register, "columns", actor, sheet=sheet)


def _propose(register: Register, sheet: str, allowance: Allowance) -> Register:
    default_way = register.columns.get("default_way", Way.CASH)
    station, fund = register.station, register.fund
    with local_copy(register.file.file) as path:
        file = File(register.file.file, register.file.name)
        with _opened(file, path, station, fund, sheet, default_way, allowance) as source:
            columns = proposed_columns(source, way_before(source, station, fund) or default_way)
    with transaction.atomic():
        register = lock(register)
        _still_open(register)
        register.columns = columns
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
        if register.state == RegisterState.CHECKED and register.columns["fields"] != dict(fields):
            read_again(register, actor=actor)
            register = lock(register)
        register.columns |= {"fields": dict(fields), "default_way": default_way}
        register.save(update_fields=["columns"])
        _remember(register.station, fields)
    return check_register(register, actor=actor)


def _entitle(actor: User | None, station: Station) -> None:
    require(
        actor is None or may_record(actor, station),
        _("Gifts at this station are recorded by its own workers."),
    )


def _still_open(register: Register) -> None:
    if register.state not in CHANGEABLE:
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
    """Read the whole register and keep what it comes to. Writes no gift. May be called again.

    A large one is read by a job, which the register then names.
    """
    _entitle(actor, register.station)
    check_place(register.station, register.fund)
    try:
        with page_allowance() as allowance:
            return _check(register, actor, allowance)
    except TooSlowForPage:
        return _read_later(register, "check", actor)


def _check(
    register: Register,
    actor: User | None,
    allowance: Allowance,
    report: Callable[[int, int], None] = lambda _done, _of: None,
) -> Register:
    with open_register(register, allowance) as source:
        lines = source.choice.sheet.height
        try:
            found = dry_run(
                source,
                register.station,
                register.fund,
                reader=register.uploaded_by,
                noted=register.summary.get("matched", ()),
                read_before=register.state == RegisterState.CHECKED,
                report=lambda done: report(done, lines),
            )
        except LookupsUsedUp as stopped:
            _keep_matches(register, stopped.matched, actor)
            raise
    summary = found.as_summary() | {"matched": sorted(found.known.noted)}
    with transaction.atomic():
        register = lock(register)
        _still_open(register)
        if "import" in register.summary:
            summary["import"] = register.summary["import"]
        register.summary = summary
        register.save(update_fields=["summary"])
        finish_check(register, actor=actor)
        return lock(register)


@transaction.atomic
def _keep_matches(register: Register, matched: list[int], actor: User | None) -> None:
    """Remember what a reading told that was stopped; the register counts as not checked."""
    register = lock(register)
    _still_open(register)
    read_again(register, actor=actor)
    register.summary |= {"matched": matched}
    register.save(update_fields=["summary"])


def answer_questions(register: Register, decided: Mapping[str, bool], *, actor: User | None) -> Register:
    """Keep what was decided about rows in question (question → take it), and check the register again."""
    _entitle(actor, register.station)
    with transaction.atomic():
        register = lock(register)
        _still_open(register)
        entries = listed(register.summary)
        rows = {entry["about"]: entry["row"] for entry in entries}
        rows |= {entry["about_id"]: entry["row"] for entry in entries if entry.get("about_id")}
        for asked, take in decided.items():
            if asked in rows:
                values = {"row": rows[asked], "take": take, "answered_by": actor}
                RegisterAnswer.objects.update_or_create(register=register, about=asked, defaults=values)
    return check_register(register, actor=actor)


def _explain_total(register: Register, summary: Mapping[str, Any], why: str, actor: User | None) -> None:
    """Keep why the register's own total disagrees. Raises ``Refused`` while nobody has said so."""
    if not summary.get("total_differs"):
        return
    asked = about_total(summary)
    if why.strip():
        values = {"row": 0, "take": True, "why": why.strip()[:300], "answered_by": actor}
        RegisterAnswer.objects.update_or_create(register=register, about=asked, defaults=values)
    elif not register.answers.filter(about=asked).exists():
        raise Refused(
            _("The register's own total differs from its rows. Say why before it is recorded."), "why_total"
        )


def import_good_rows(
    register: Register, *, leave_open: bool = False, why_total: str = "", actor: User | None
) -> Register:
    """Record every acceptable row of a checked register, once, however often and by however many it is asked.

    Rows in question and likely doubles must be decided; with ``leave_open`` those that are not stay out.
    ``why_total`` says why the register's own total disagrees with its rows.

    Up to 2,000 rows are recorded at once, more by a job. An import that broke off goes on where it stopped.
    Raises ``Refused`` when the fund or the station takes no money any more.
    """
    _entitle(actor, register.station)
    check_place(register.station, register.fund)
    with transaction.atomic():
        register = lock(register)
        if register.state == RegisterState.CHECKED:
            if open_count(register.summary) and not leave_open:
                raise Refused(_("Some rows are still to be decided. Decide them, or leave them out."))
            _explain_total(register, register.summary, why_total, actor)
        register = _begun(register, skip_doubles=leave_open, actor=actor)
        if register.state == RegisterState.IMPORTED:
            return register
        if register.summary.get("acceptable", BEYOND) > AT_ONCE:
            return _import_later(register, actor)
    try:
        with page_allowance() as allowance, open_register(register, allowance) as source:
            run_import(register, source, actor=actor)
    except TooSlowForPage:
        return _import_later(register, actor)
    register.refresh_from_db()
    return register


def _import_later(register: Register, actor: User | None) -> Register:
    key = f"{JOB_KIND}:{register.pk}"
    register.job = enqueue(JOB_KIND, key=key, arguments={"register": register.pk}, actor=actor)
    register.save(update_fields=["job"])
    return register


def _begun(register: Register, *, skip_doubles: bool, actor: User | None) -> Register:
    """The register locked and being imported (one begun before keeps its count), or imported already."""
    register = lock(register)
    if register.state != RegisterState.IMPORTED and begin_import(register, actor=actor):
        register = lock(register)
        before = register.summary.get("import", {}).get("at", [])
        register.summary |= {"import": nothing_yet(skip_doubles=skip_doubles, at=before)}
        register.save(update_fields=["summary"])
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
    why_total: str = "",
) -> Register:
    """Upload a register, take its columns as proposed, and record its good rows: one reading, at once.

    What the pages do step by step. Rows in question stay out, and the register stays open until they are
    decided. Raises ``Refused`` like they do.
    """
    _entitle(actor, station)
    check_place(station, fund)
    with local_copy(file) as path, _opened(file, path, station, fund, sheet, default_way) as source:
        totals = dry_run(source, station, fund).as_summary() if states_total(source) else {}
        with transaction.atomic():
            columns = proposed_columns(source, default_way)
            register = _stored(file, path, columns, station, fund, actor)
            _explain_total(register, totals, why_total, actor)
            finish_check(register, actor=actor)
            register = _begun(register, skip_doubles=skip_doubles, actor=actor)
        run_import(register, source, actor=actor)
    register.refresh_from_db()
    return register
