"""Builders: what an app above registers so that its subjects get annual reports.

register_builder(Builder(
    kind="fund",
    title=_("Community charity fund"),
    subjects=reported_funds,
    subject=fund_subject,
    compute=compute,
    hold=hold,
    mark=mark,
    rows=readable_rows,
    template="funds/annual_report/typst/report.typ",
    assets=charts,
))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise

from charity_hub.people.access import AnyUser
from charity_hub.people.models import User
from charity_hub.reports.frozen_figures import Figures

type Label = str | Promise


class Subject(NamedTuple):
    """What a report is about, and the years that it can have a report of."""

    code: str
    name: str
    region_id: str
    first_year: int
    last_year: int


class Row(NamedTuple):
    """One readable figure: its group, what it is, and its value in words (``¥12,345.60``).

    ``charted`` ones stand in the page's chart and its table already.
    """

    group: Label
    label: Label
    value: str
    key: str
    charted: bool = False


class Closing(NamedTuple):
    """How a subject's books are closed through a year, for those that close them with their report.

    ``is_closed(code, year)`` says whether they are. ``open_items(code, year)`` are sentences about what the
    year leaves undone. ``close(code, year, actor)`` closes them for good, quietly when they are.
    """

    is_closed: Callable[[str, int], bool]
    open_items: Callable[[str, int], list[str]]
    close: Callable[[str, int, User], None]


@dataclass(frozen=True)
class Builder:
    """How one kind of subject is reported on.

    ``subjects(user, year)`` are the rows (with ``code``, ``name``, ``region``) whose reports this person
    may see on the desk; with a year, those that can have a report of it.
    ``subject(code)`` raises ``LookupError`` when there is none, ``Refused`` when it can have no report.
    ``compute(code, year)`` returns figures (``freezing.Figures``); its key ``books`` holds what the books
    say, all
    else may differ later without the books having changed. It raises ``Refused`` when the books contradict
    themselves.
    ``hold(code)`` keeps everybody from changing the subject's books until the transaction ends.
    ``mark(code)`` is a text that differs as soon as the books or the terms do, for a small query or two.
    ``rows(figures)`` says the books' figures in words. ``terms(figures)`` says in words what else must still
    be so when the report is issued, e.g. which agreement holds, as far as these figures tell it: a row that
    older figures lack is not compared. ``assets(figures)`` are the template's pictures.
    ``layout`` names the files besides the template that decide how the pages look. ``closing`` is None for a
    kind whose books are not closed with its report.
    """

    kind: str
    title: Label
    subjects: Callable[[AnyUser, int | None], QuerySet[Any]]
    subject: Callable[[str], Subject]
    compute: Callable[[str, int], Figures]
    hold: Callable[[str], None]
    mark: Callable[[str], str]
    rows: Callable[[Figures], list[Row]]
    template: str
    assets: Callable[[Figures], Mapping[str, bytes]] = field(default=lambda _figures: {})
    terms: Callable[[Figures], list[Row]] = field(default=lambda _figures: [])
    layout: tuple[str, ...] = ()
    closing: Closing | None = None


_builders: dict[str, Builder] = {}


def register_builder(builder: Builder) -> None:
    """Let subjects of this kind have annual reports. Registering the same kind again replaces it."""
    _builders[builder.kind] = builder


def builder_of(kind: str) -> Builder:
    return _builders[kind]


def builders() -> list[Builder]:
    return list(_builders.values())
