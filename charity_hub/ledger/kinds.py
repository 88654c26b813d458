"""The kinds of transfers: label, direction of the money, and model of the rows that they belong to.

Each room registers its own in ``registrations.register()``::

    register_kinds(
        TransferKind("gift:person", _("Gifts of people"), Direction.INFLOW, "donations.gift", donated=True),
    )

``migrate`` writes them to ``ledger_transfer_kind``, which PostgreSQL checks: it refuses a transfer of an
unregistered kind, or with a source of another model.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps.registry import Apps
from django.apps.registry import apps as global_apps
from django.utils.functional import Promise


class Direction(StrEnum):
    """The direction of money, seen from a fund: pages, reports, fees and ratios count by it."""

    INFLOW = "inflow"  # credited to a purpose's available money
    OUTFLOW = "outflow"  # debited to a purpose's committed money
    HANDOVER = "handover"  # from one fund to another
    COMMITMENT = "commitment"  # from available to committed, or back
    MOVE = "move"  # from one place to another


@dataclass(frozen=True, slots=True)
class TransferKind:
    """One kind. ``source`` is the model (``app.model``, lower case) of the row that each transfer belongs to.

    ``donated``: it is a gift, on which management fees and ratios are based. ``paid``: its label as an
    outflow, if that differs.
    """

    code: str
    label: str | Promise
    direction: Direction
    source: str
    donated: bool = False
    paid: str | Promise = ""


_kinds: dict[str, TransferKind] = {}


def register_kinds(*kinds: TransferKind) -> None:
    """Register kinds. A second registration of a kind replaces the first."""
    _kinds.update({kind.code: kind for kind in kinds})


def registered() -> Iterable[TransferKind]:
    """Every kind, in the order of registration."""
    return _kinds.values()


def codes(*directions: Direction, donated: bool = False) -> list[str]:
    """The codes of the kinds with these directions; with ``donated``, of gifts only."""
    return [kind.code for kind in _kinds.values() if kind.direction in directions and kind.donated >= donated]


def direction_of(code: str) -> Direction | None:
    """The direction of a kind; None for a kind that is no longer registered."""
    return _kinds[code].direction if code in _kinds else None


def in_words(code: str, *, paid: bool = False) -> str:
    """The label of a kind, as an outflow if ``paid``; an unknown kind is returned as it is."""
    kind = _kinds.get(code)
    return str((paid and kind.paid) or kind.label) if kind else code


def called(words: str) -> list[str]:
    """The codes of the kinds with this label or code."""
    return [words, *(kind.code for kind in _kinds.values() if words in (str(kind.label), str(kind.paid)))]


def write_kinds(*, apps: Apps = global_apps, **_signal: Any) -> None:
    """Write the registered kinds to the table that PostgreSQL checks; after each ``migrate``, as the tables'
    owner.

    ``apps`` are the migrated models: an older state of the database may not have the table yet.
    """
    try:
        known_kind = apps.get_model("charity_hub", "KnownKind")
    except LookupError:
        return
    known = dict(known_kind.objects.values_list("code", "source"))
    known_kind.objects.bulk_create(
        [
            known_kind(code=kind.code, source=kind.source)
            for kind in registered()
            if known.get(kind.code) != kind.source
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["source"],
    )
