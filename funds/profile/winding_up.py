"""What else ends when a fund winds up: rooms that keep open business with a fund register it here.

    register_ending(Ending(foresee=open_requests, end=end_open_requests))

``foresee`` is shown before the winding-up, ``end`` runs within it and again before the fund closes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from charity_hub.people.models import User
from funds.profile.models import Fund


@dataclass(frozen=True)
class Ending:
    """A room's open business with a fund. ``foresee`` says in whole sentences what will become of it;
    ``end`` takes the fund, locked, the reason and who acts."""

    foresee: Callable[[Fund], list[str]]
    end: Callable[[Fund, str, User], None]


_endings: list[Ending] = []


def register_ending(ending: Ending) -> None:
    """Let a room end its business with a fund together with the fund."""
    _endings.append(ending)


def foreseen(fund: Fund) -> list[str]:
    """What winding this fund up will bring with it, as whole sentences."""
    return [sentence for ending in _endings for sentence in ending.foresee(fund)]


def end_all(fund: Fund, reason: str, actor: User) -> None:
    """End what is still open with a fund, in the caller's transaction; the fund is locked."""
    for ending in _endings:
        ending.end(fund, reason, actor)
