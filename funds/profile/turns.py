"""Whose turn it is, as a sentence for everybody who opens a fund and finds no button there."""

from django.utils.translation import gettext as _

from charity_hub.workflow.actions import history
from funds.profile.accounts import is_empty
from funds.profile.models import Fund, FundState


def whose_turn(fund: Fund) -> str:
    """Who acts next on the fund; empty where nobody must."""
    match fund.state:
        case FundState.UNDER_REVIEW:
            sentence = _("Next: an officer of %(host)s reviews the fund and activates it or returns it.")
        case FundState.SUSPENDED:
            sentence = _("The fund is suspended until an officer of %(host)s resumes it.")
        case FundState.WINDING_UP if is_empty(fund):
            sentence = _("The accounts are empty. Next: an officer of %(host)s closes the fund.")
        case FundState.WINDING_UP:
            sentence = _(
                "Next: what is approved is paid or released; then an officer of %(host)s who did "
                "not begin the winding up hands over the leftovers, and the fund is closed."
            )
        case _other:
            return ""
    return sentence % {"host": fund.host}


def why_given_back(fund: Fund) -> str:
    """What the host charity asked the street to mend in a draft; empty for a draft that it has not seen."""
    if fund.state != FundState.DRAFT:
        return ""
    returned = history(fund).filter(old=FundState.UNDER_REVIEW, new=FundState.DRAFT).last()
    return returned.why if returned else ""
