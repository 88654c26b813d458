"""What happens to a fund's requests when the fund winds up.

An undecided request ends with the fund: nothing new is approved any more, so it would stay
open for ever. An approved request is a promise, and is still paid or released before the leftovers are handed
over.
"""

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charity_hub.money import yuan
from charity_hub.people.models import User
from funds.profile.models import Fund
from funds.spending.models import SpendingRequest, SpendingState
from funds.spending.workflow import end_request


def end_open_requests(fund: Fund, reason: str, actor: User) -> None:
    """End every undecided request of a locked fund; each filer reads ``reason`` on the request."""
    for request in SpendingRequest.objects.undecided().filter(fund=fund).order_by("pk"):
        end_request(request, reason, actor=actor)


def request_warnings(fund: Fund) -> list[str]:
    """How many requests will end undecided and how many are still to be paid, as whole sentences."""
    requests = SpendingRequest.objects.filter(fund=fund)
    ended = requests.undecided().count()
    approved = requests.filter(state=SpendingState.APPROVED)
    return [
        *_will_end(ended),
        *_to_be_paid(approved.count(), approved.aggregate(fen=Sum("amount_fen"))["fen"]),
    ]


def _will_end(count: int) -> list[str]:
    if not count:
        return []
    sentence = ngettext(
        "%(count)d open request will be ended, and its filer reads the reason below. Decide on it first if "
        "it is still to be paid.",
        "%(count)d open requests will be ended, and their filers read the reason below. Decide on them "
        "first if they are still to be paid.",
        count,
    )
    return [sentence % {"count": count}]


def _to_be_paid(count: int, fen: int | None) -> list[str]:
    if not count:
        return []
    sentence = _(
        "Approved, not yet paid: %(count)d, %(amount)s in total. Pay or release them before "
        "the leftovers are handed over."
    )
    return [sentence % {"count": count, "amount": yuan(fen or 0)}]
