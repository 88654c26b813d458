"""The kinds of transfers: what each is called, which way money goes, and which row each one belongs to.

Each room registers its own in ``registrations.register()``::

    register_kinds(
        TransferKind("gift:person", _("Gifts of people"), Direction.INFLOW, "donations.gift", donated=True),
    )

``migrate`` writes them into ``ledger_transfer_kind``, where PostgreSQL looks them up: a transfer of a kind
that nobody registered, or of another row than its kind says, is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps.registry import Apps
from django.apps.registry import apps as global_apps
from django.utils.functional import Promise


class Direction(StrEnum):
    """Which way money goes, seen from a fund: pages, reports, fees and ratios count by it."""

    INFLOW = "inflow"  # credited to what a purpose holds freely
    OUTFLOW = "outflow"  # debited to what a purpose has committed
    HANDOVER = "handover"  # between funds: out of one, into another
    COMMITMENT = "commitment"  # from free to committed, or back
    MOVE = "move"  # from one place to another


@dataclass(frozen=True, slots=True)
class TransferKind:
    """One kind. ``source`` is the model (``app.model``, lower case) of the row that each transfer belongs to.

    ``donated``: it is a gift, which management fees and ratios are reckoned by. ``paid``: what it is called
    where it went out, if that differs.
    """

    code: str
    label: str | Promise
    direction: Direction
    source: str
    donated: bool = False
    paid: str | Promise = ""


_kinds: dict[str, TransferKind] = {}


def register_kinds(*kinds: TransferKind) -> None:
    """Make kinds known. Registering one again replaces it."""
    _kinds.update({kind.code: kind for kind in kinds})


def registered() -> Iterable[TransferKind]:
    """Every kind, in the order of registration."""
    return _kinds.values()


def codes(*directions: Direction, donated: bool = False) -> list[str]:
    """The codes of the kinds that go this way; with ``donated`` of gifts alone."""
    return [kind.code for kind in _kinds.values() if kind.direction in directions and kind.donated >= donated]


def direction_of(code: str) -> Direction | None:
    """Which way a kind goes; None for one that nobody registers any more."""
    return _kinds[code].direction if code in _kinds else None


def in_words(code: str, *, paid: bool = False) -> str:
    """What a kind is called, on its way out if ``paid``; an unknown one stays as it is written."""
    kind = _kinds.get(code)
    return str((paid and kind.paid) or kind.label) if kind else code


def called(words: str) -> list[str]:
    """The codes of the kinds that go by these words, or by this code."""
    return [words, *(kind.code for kind in _kinds.values() if words in (str(kind.label), str(kind.paid)))]


def write_kinds(*, apps: Apps = global_apps, **_signal: Any) -> None:
    """Write the registered kinds where PostgreSQL reads them; after each ``migrate``, by the tables' owner.

    ``apps`` are the models as migrated: an older state of the database may not know the table yet.
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
