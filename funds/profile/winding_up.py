"""What else ends when a fund winds up: rooms with open business of a fund register it here.

    register_open_business(OpenBusiness(request_warnings, end=end_open_requests))

``closing_warnings`` is shown before the winding-up, ``end`` runs during it and again before the fund closes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from charity_hub.people.models import User
from funds.profile.models import Fund


@dataclass(frozen=True)
class OpenBusiness:
    """A room's open business with a fund.

    ``closing_warnings`` says in whole sentences what will happen to it; ``end`` takes the locked fund, the
    reason and the actor.
    """

    closing_warnings: Callable[[Fund], list[str]]
    end: Callable[[Fund, str, User], None]


_open_business: list[OpenBusiness] = []


def register_open_business(business: OpenBusiness) -> None:
    """End a room's business with a fund when the fund ends."""
    _open_business.append(business)


def closing_warnings(fund: Fund) -> list[str]:
    """What winding up this fund will cause, as whole sentences."""
    return [sentence for business in _open_business for sentence in business.closing_warnings(fund)]


def end_open_business(fund: Fund, reason: str, actor: User) -> None:
    """End all open business with a fund, in the caller's transaction; the fund is locked."""
    for business in _open_business:
        business.end(fund, reason, actor)
