"""The moves of a proposed version of an agreement: the street proposes, the host charity agrees."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from charity_hub.people.models import Role, User
from charity_hub.workflow.actions import lock, record
from charity_hub.workflow.moves import Data, Move, Reason, Tell, Workflow
from charity_hub.workflow.rules import holders, holders_for, named
from funds.agreement.changes import beside_the_one_before
from funds.agreement.rules import check_fund_changes, first_day_problems, recipient_problems
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.agreements import versions_of
from funds.profile.models import CHANGING_STATES
from funds.profile.rules import raise_first

PROPOSED, RETURNED = VersionState.PROPOSED, VersionState.RETURNED
STREET = holders(Role.STREET_STAFF, region="fund__region")
HOST = holders(Role.CHARITY_OFFICER, organization="fund__host")
tell_the_host = Tell[AgreementVersion](
    "agreement_proposed",
    lambda version: holders_for(version, Role.CHARITY_OFFICER, organization="fund__host"),
    lambda version: {"fund": str(version.fund), "changes": version.reason},
)
CHANGES = Q(fund__state__in=CHANGING_STATES)


def _agreed(version: AgreementVersion, actor: User, data: Data) -> Data:
    """Set its number, officer and day (``on``, today by default).

    Raises ``Refused`` if its first day is now in a closed month or taken by another version, or if the
    fund named for the leftovers can no longer take them.
    """
    fund, on = version.fund, data.get("on")
    check_fund_changes(fund)
    if fund.book:
        fund.book = lock(fund.book)  # so that no month of it is closed meanwhile
    raise_first(first_day_problems(fund, version.valid_from, on))
    raise_first(recipient_problems(fund, version.leftover_fund))
    number = versions_of(fund)[-1].number + 1
    return {"number": number, "agreed_by": actor, "agreed_on": on or timezone.localdate()}


def _tell_the_fund(version: AgreementVersion, actor: User, _data: Data) -> None:
    """Record in the fund's own history which version begins when, and why."""
    fund = version.fund
    with override(settings.LANGUAGE_CODE):
        why = gettext("Agreement: version %(number)d is in force from %(day)s. %(reason)s") % {
            "number": version.number,
            "day": version.valid_from,
            "reason": version.reason,
        }
    record(fund, fund.state, fund.state, actor=actor, why=why)


agree_version = Move[AgreementVersion](
    "agree",
    PROPOSED,
    VersionState.AGREED,
    by=HOST,
    not_by=["proposed_by"],
    left_to=_("You proposed this change. Another officer of the host charity must agree to it."),
    reason=Reason.MAY_BE_GIVEN,
    changes=_agreed,
    effect=_tell_the_fund,
    label=_("Agree to the change"),
    lead=_("The agreement is in force with these terms from that day. Later changes need another version."),
    done=_("Agreed. The fund's page shows the new version from its first day on."),
    icon="circle-check",
    waiting=_("Changed agreements"),
    where=CHANGES,
)
return_version = Move[AgreementVersion](
    "give-back",
    PROPOSED,
    RETURNED,
    by=HOST,
    reason=Reason.NEEDED,
    label=_("Return"),
    lead=_("The street sees what to fix and can propose the change again."),
    done=_("Returned to the street."),
    icon="arrow-back-up",
)
withdraw_version = Move[AgreementVersion](
    "withdraw",
    [PROPOSED, RETURNED],
    VersionState.WITHDRAWN,
    by=STREET,
    label=_("Withdraw"),
    lead=_("The agreement stays as it is. You can propose a change again."),
    done=_("The proposal is withdrawn."),
    icon="arrow-back",
    waiting=_("Returned changes of agreements"),
    waits_for=STREET & named("proposed_by"),
    where=CHANGES
    & Q(state=RETURNED)
    & ~Exists(AgreementVersion.objects.filter(fund=OuterRef("fund"), pk__gt=OuterRef("pk"))),
    tone="orange",
)
end_version = Move[AgreementVersion]("end", PROPOSED, VersionState.ENDED)


def _over(version: AgreementVersion) -> str | None:
    """Nobody can propose again once the fund winds up."""
    return "" if version.state == RETURNED and version.fund.state not in CHANGING_STATES else None


def _item(version: AgreementVersion) -> tuple[str, str]:
    return version.fund.name, version.reason[:80]


AGREEMENT = Workflow(
    AgreementVersion,
    moves=[agree_version, return_version, withdraw_version, end_version],
    start=[PROPOSED],
    locks=["fund"],
    namespace="agreement",
    url=lambda version: reverse("agreement:version", args=[version.fund.code, version.pk]),
    item=_item,
    related=["fund"],
    colours={
        PROPOSED: "yellow",
        RETURNED: "orange",
        VersionState.WITHDRAWN: "grey",
        VersionState.ENDED: "grey",
        VersionState.AGREED: "green",
    },
    turns={
        PROPOSED: _("Next: an officer of %(host)s agrees to the change or returns it."),
        RETURNED: _("Next: the street proposes the change again or withdraws it."),
    },
    turn_instead=_over,
    names=lambda version: {"host": version.fund.host},
    template="funds/agreement/step.html",
    context=beside_the_one_before,
)
