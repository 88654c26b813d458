"""Registrations of this room: work lists, readers of a version's files, what ends with a fund."""

from django.utils.translation import gettext_lazy as _

from charity_hub.documents.permissions import register_owner
from charity_hub.notices.registry import NoticeKind, register_notices
from charity_hub.people.access import roles
from charity_hub.people.models import Role
from funds.agreement.actions import end_proposals, proposal_warnings
from funds.profile.agreement_models import AgreementVersion
from funds.profile.publishing import is_public
from funds.profile.winding_up import OpenBusiness, register_open_business


def register() -> None:
    register_notices(
        NoticeKind(
            "agreement_proposed",
            _("A change of an agreement awaits our decision"),
            _("A change of the agreement of %(fund)s awaits the host charity's decision: %(changes)s"),
            rule=roles(Role.CHARITY_OFFICER),
        )
    )
    register_open_business(OpenBusiness(closing_warnings=proposal_warnings, end=end_proposals))
    register_owner(
        AgreementVersion,
        lambda user, row: AgreementVersion.objects.in_scope_of(user).filter(pk=row.pk).exists(),
        published=is_public,
    )
