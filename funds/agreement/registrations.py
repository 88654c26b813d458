"""What this room registers: work lists, who reads a version's files, what ends with a fund."""

from charity_hub.documents.permissions import register_owner
from funds.agreement.actions import end_proposals, proposal_warnings
from funds.profile.agreement_models import AgreementVersion
from funds.profile.publishing import is_public
from funds.profile.winding_up import OpenBusiness, register_open_business


def register() -> None:
    register_open_business(OpenBusiness(closing_warnings=proposal_warnings, end=end_proposals))
    register_owner(
        AgreementVersion,
        lambda user, row: AgreementVersion.objects.in_scope_of(user).filter(pk=row.pk).exists(),
        published=is_public,
    )
