"""What this room registers: work lists, who reads a version's files, what ends with a fund."""

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.documents.permissions import register_owner
from charity_hub.people.models import User
from charity_hub.portal.registry import WorkItem, WorkList, register_worklist
from charity_hub.workflow.actions import with_last_move
from funds.agreement.actions import end_proposals, foresee_proposals
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.models import CHANGING_STATES, Fund
from funds.profile.publishing import is_public
from funds.profile.winding_up import Ending, register_ending


def register() -> None:
    register_worklist(WorkList("agreements-to-agree", _("Changed agreements"), "file-check", to_agree))
    register_worklist(
        WorkList("agreements-returned", _("Returned changes of agreements"), "arrow-back-up", returned)
    )
    register_ending(Ending(foresee=foresee_proposals, end=end_proposals))
    register_owner(
        AgreementVersion,
        lambda user, row: AgreementVersion.objects.in_scope_of(user).filter(pk=row.pk).exists(),
        published=is_public,
    )


def _items(versions: QuerySet[AgreementVersion], tone: str) -> list[WorkItem]:
    return [
        WorkItem(
            title=version.fund.name,
            url=reverse("agreement:version", args=[version.fund.code, version.pk]),
            detail=version.reason[:80],
            since=timezone.localdate(version.moved_at or version.proposed_at),
            tone=tone,
        )
        for version in with_last_move(versions.select_related("fund").order_by("pk"))
    ]


def to_agree(user: User) -> list[WorkItem]:
    """For officers of the host: what a street proposes, unless they proposed it themselves."""
    funds = Fund.objects.hosted_by(user).filter(state__in=CHANGING_STATES)
    waiting = AgreementVersion.objects.proposed().filter(fund__in=funds)
    return _items(waiting.exclude(proposed_by=user), "yellow")


def returned(user: User) -> list[WorkItem]:
    """For who proposed it: what came back, until it is proposed anew or withdrawn, or their role ends."""
    later = AgreementVersion.objects.filter(fund=OuterRef("fund"), pk__gt=OuterRef("pk"))
    funds = Fund.objects.served_by(user).filter(state__in=CHANGING_STATES)
    mine = AgreementVersion.objects.filter(proposed_by=user, state=VersionState.RETURNED, fund__in=funds)
    return _items(mine.exclude(Exists(later)), "orange")
