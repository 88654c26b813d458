"""Have the books or the terms changed since? The frozen figures beside those of this moment."""

from typing import NamedTuple

from django.core.cache import cache
from django.db import connection, transaction
from django.utils.translation import get_language

from charity_hub.reports.frozen_figures import Figures, digest, leaves
from charity_hub.reports.models import AnnualReport
from charity_hub.reports.registry import Label, Row

KEPT_FOR = 24 * 60 * 60


class Change(NamedTuple):
    """A figure that is no longer what the report says."""

    group: Label
    label: Label
    then: str
    now: str


def figures_now(report: AnnualReport) -> Figures:
    """What the books say at this moment, all figures from one snapshot.
    Raises ``Refused`` when they contradict themselves.
    """
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return report.builder.compute(report.subject_code, report.year)


def books_differ(report: AnnualReport, now: Figures | None = None) -> bool:
    """Whether the books give other figures than the frozen ones."""
    now = figures_now(report) if now is None else now
    return digest((report.figures or {})["books"]) != digest(now["books"])


def terms_changed(report: AnnualReport, now: Figures) -> list[Change]:
    """What the report states beside the books and is no longer so. What it does not state is not compared:
    older figures know less.
    """
    then_rows, now_rows = report.builder.terms(report.figures or {}), report.builder.terms(now)
    stated = {row.key for row in then_rows}
    return _changed_rows(then_rows, [row for row in now_rows if row.key in stated])


def changes_since(report: AnnualReport) -> list[Change]:
    """Every figure and term that is different now, in readable words; empty when nothing has changed."""
    now = figures_now(report)
    return [*terms_changed(report, now), *_changed_books(report, now)]


def _changed_books(report: AnnualReport, now: Figures) -> list[Change]:
    if not books_differ(report, now):
        return []
    then_rows, now_rows = report.builder.rows(report.figures or {}), report.builder.rows(now)
    return _changed_rows(then_rows, now_rows) or _changed_leaves(report, now)


def changes_kept(report: AnnualReport) -> list[Change]:
    """``changes_since`` of an issued report for everybody: computed once, and anew only when something was
    posted into the subject's books or its terms changed, however often and by how many it is asked for.
    """
    mark = report.builder.mark(report.subject_code)  # before the look at the books, so it is never too new
    key = f"report-changes:{report.pk}:{mark}:{get_language()}"
    kept: list[Change] | None = cache.get(key)
    if kept is None:
        kept = [Change(*map(str, change)) for change in changes_since(report)]
        cache.set(key, kept, KEPT_FOR)
    return kept


def _changed_rows(then: list[Row], now: list[Row]) -> list[Change]:
    before, after = ({row.key: row for row in rows} for rows in (then, now))
    changes = []
    for key in before | after:
        old, new = before.get(key), after.get(key)
        row = new or old
        if row is not None and (old is None or new is None or old.value != new.value):
            changes.append(Change(row.group, row.label, old.value if old else "", new.value if new else ""))
    return changes


def _changed_leaves(report: AnnualReport, now: Figures) -> list[Change]:
    """Details that no readable row shows, by their place in the JSON."""
    before, after = (dict(leaves(figures["books"])) for figures in (report.figures or {}, now))
    return [
        Change("", " › ".join(path), str(before.get(path, "")), str(after.get(path, "")))
        for path in before | after
        if before.get(path) != after.get(path)
    ]
