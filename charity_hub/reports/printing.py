"""The pages: made from frozen figures, the words and the facts of the issue alone, so they can be made again.

The same figures, words and facts give the same bytes as long as the layout is the same; ``layout`` in the
facts says which one it was (template, house layout, typst's and the chart library's versions).
"""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from charity_hub.documents.certificates import verify_url
from charity_hub.documents.pdf import render
from charity_hub.documents.qr import svg
from charity_hub.money import yuan
from charity_hub.reports.models import AnnualReport
from charity_hub.reports.registry import Builder, builder_of

SHARED_LAYOUT = (
    "charity_hub/documents/typst/hub.typ",
    "charity_hub/documents/charts.py",
    "static/css/colours.css",
    "package-lock.json",
)
LIBRARIES = ("typst", "vl-convert-python", "segno")


class Remade(NamedTuple):
    """A report's pages made again beside what was issued.
    ``stored`` is the hash of the file in the archive.
    """

    pages: bytes
    hash: str
    stored: str
    same: bool
    same_layout: bool


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@cache
def layout_of(kind: str) -> str:
    """A fingerprint of everything that decides how the pages look, besides the report itself."""
    builder = builder_of(kind)
    digest = hashlib.sha256()
    for name in (builder.template, *builder.layout, *SHARED_LAYOUT):
        digest.update((Path(settings.BASE_DIR) / name).read_bytes())
    for library in LIBRARIES:
        digest.update(f"{library}=={version(library)}".encode())
    return digest.hexdigest()


def file_name(report: AnnualReport) -> str:
    suffix = f" v{report.version}" if report.version > 1 else ""
    return f"{report.subject_name} {report.year}{suffix}.pdf"


def certified_facts(report: AnnualReport) -> dict[str, object]:
    """What the certificate of an issued report says of it."""
    totals = report.figures["books"]["totals"] if report.figures else {}
    return {
        "subject": report.subject_name,
        "code": report.subject_code,
        "year": report.year,
        "version": report.version,
        "issued_on": timezone.localdate(report.issued_at).isoformat(),
        "figures_hash": report.figures_hash,
        "address": report.get_absolute_url(),
        **{name: yuan(totals[name]) for name in ("opening", "in", "out", "closing")},
    }


def facts_of_issue(report: AnnualReport) -> dict[str, Any]:
    """What the pages print beside figures and words. Needs ``issued_at``,
    ``issued_by`` and ``certificate``.
    """
    if report.certificate is None or report.issued_at is None:
        raise ValueError("facts_of_issue() needs a report that is being issued")
    return {
        "version": report.version,
        "issued_on": timezone.localdate(report.issued_at).isoformat(),
        "issued_by": str(report.issued_by or ""),
        "code": report.certificate.code,
        "verify_url": verify_url(report.certificate),
        "correction_note": report.correction_note,
        "layout": layout_of(report.subject_kind),
    }


def contents(report: AnnualReport) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What goes into the template: its data, and its pictures by name."""
    builder: Builder = report.builder
    figures = report.figures or {}
    facts = report.issue_facts or {}
    data = {
        "figures": figures,
        "figures_hash": report.figures_hash,
        "words": {"results": report.results, "problems": report.problems, "next_plan": report.next_plan},
        "issue": {"version": report.version, "correction_note": report.correction_note} | facts,
    }
    pictures = dict(builder.assets(figures))
    if facts:
        pictures["qr.svg"] = svg(facts["verify_url"]).encode()
    return data, pictures


def print_report(report: AnnualReport) -> bytes:
    """The report as PDF: a draft is marked as one on every page; an issued one is always the same bytes."""
    data, pictures = contents(report)
    dated = report.issued_at if report.issue_facts else None
    return render(report.builder.template, data, assets=pictures, dated=dated)


def make_again(report: AnnualReport) -> Remade:
    """Print an issued report once more and compare it with what was issued, bit for bit."""
    if report.pdf is None or report.issue_facts is None:
        raise ValueError("make_again() needs an issued report")
    pages = print_report(report)
    with report.pdf.file.open("rb") as file:
        stored = sha256(file.read())
    again = sha256(pages)
    same_layout = report.issue_facts.get("layout") == layout_of(report.subject_kind)
    return Remade(pages, again, stored, again == report.pdf_hash == stored, same_layout)
