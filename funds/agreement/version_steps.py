"""The steps of a proposed version, as its page offers them."""

from django.utils.translation import gettext_lazy as _

from charity_hub.people.models import User
from charity_hub.portal.forms import Carded
from funds.agreement.actions import agree_version, give_back_version, withdraw_version
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.forms import ReasonForm, RemarkForm
from funds.profile.permissions import works_for_host, works_for_street
from funds.profile.steps import Step


def _street(user: User, version: AgreementVersion) -> bool:
    return works_for_street(user, version.fund)


def _host(user: User, version: AgreementVersion) -> bool:
    return works_for_host(user, version.fund)


def _proposed_it(user: User, version: AgreementVersion) -> bool:
    return version.proposed_by_id == user.pk


def _reason(_version: AgreementVersion) -> type[Carded]:
    return ReasonForm


VERSION_STEPS: dict[str, Step[AgreementVersion]] = {
    step.address.removeprefix("agreement:"): step
    for step in [
        Step[AgreementVersion](
            address="agreement:agree",
            label=_("Agree to the change"),
            lead=_(
                "The agreement is in force with these terms from that day. Later changes need "
                "another version."
            ),
            done=_("Agreed. The fund's page shows the new version from its first day on."),
            icon="circle-check",
            states=frozenset({VersionState.PROPOSED}),
            may=_host,
            act=lambda version, data, actor: agree_version(version, actor=actor, remark=data["remark"]),
            form=lambda _version: RemarkForm,
            own=_proposed_it,
            left_to=_("You proposed this change. Another officer of the host charity must agree to it."),
        ),
        Step[AgreementVersion](
            address="agreement:give_back",
            label=_("Return"),
            lead=_("The street sees what to fix and can propose the change again."),
            done=_("Returned to the street."),
            icon="arrow-back-up",
            states=frozenset({VersionState.PROPOSED}),
            may=_host,
            act=lambda version, data, actor: give_back_version(version, data["reason"], actor=actor),
            form=_reason,
        ),
        Step[AgreementVersion](
            address="agreement:withdraw",
            label=_("Withdraw"),
            lead=_("The agreement stays as it is. You can propose a change again."),
            done=_("The proposal is withdrawn."),
            icon="arrow-back",
            states=frozenset({VersionState.PROPOSED, VersionState.RETURNED}),
            may=_street,
            act=lambda version, _data, actor: withdraw_version(version, actor=actor),
        ),
    ]
}
