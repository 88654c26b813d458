"""Whose turn it is, as a sentence for everybody who opens a version and finds no button there."""

from django.utils.translation import gettext as _

from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.models import CHANGING_STATES


def whose_turn(version: AgreementVersion) -> str:
    """Who acts next on the version; empty once it is agreed on or over, or its fund winds up."""
    match version.state:
        case VersionState.PROPOSED:
            sentence = _("Next: an officer of %(host)s agrees to the change or returns it.")
        case VersionState.RETURNED if version.fund.state in CHANGING_STATES:
            sentence = _("Next: the street proposes the change again or withdraws it.")
        case _other:
            return ""
    return sentence % {"host": version.fund.host}
