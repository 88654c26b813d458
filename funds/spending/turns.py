"""Whose turn it is, as a sentence for everybody who opens a request and finds no button there."""

from django.utils.translation import gettext as _

from funds.profile.models import FundState
from funds.spending.models import SpendingRequest, SpendingState

RESTS = {SpendingState.FILED, SpendingState.APPROVED}


def whose_turn(request: SpendingRequest) -> str:
    """Who acts next on the request; empty once it is paid or over."""
    names = {"host": request.fund.host, "filer": request.filed_by, "approver": request.approved_by}
    if request.fund.state == FundState.SUSPENDED and request.state in RESTS:
        sentence = _(
            "The fund is suspended: the request waits until an officer of %(host)s resumes the fund."
        )
    else:
        sentence = _sentence(request.state)
    return sentence % names


def _sentence(state: str) -> str:
    match state:
        case SpendingState.FILED:
            return _("Next: an officer of %(host)s approves the request or returns it.")
        case SpendingState.RETURNED:
            return _("Next: %(filer)s edits the request and files it again, or withdraws it.")
        case SpendingState.APPROVED:
            return _(
                "Next: an officer of %(host)s other than %(approver)s, who approved it, pays and records the "
                "payment."
            )
    return ""
