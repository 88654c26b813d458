"""What this room registers: menu, work lists, search, and who reads a fund's files."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charity_hub.documents.permissions import register_owner
from charity_hub.ledger.kinds import Direction, TransferKind, register_kinds
from charity_hub.ledger.models import Account
from charity_hub.people.access import is_administrator
from charity_hub.people.fund_keys import register_fund_key
from charity_hub.people.models import User
from charity_hub.people.notices import recent_notices
from charity_hub.portal.filters import PinyinSearchFilter
from charity_hub.portal.registry import (
    WorkItem,
    WorkList,
    register_menu,
    register_search,
    register_worklist,
)
from charity_hub.workflow.actions import with_last_move
from charity_hub.workflow.models import Transition
from funds.profile.models import Fund, FundState, Purpose
from funds.profile.permissions import READERS
from funds.profile.publishing import is_public

MOST_FOUND = 12


def register() -> None:
    register_kinds(
        TransferKind("seed", _("Seed money"), Direction.INFLOW, "funds.fund"),
        TransferKind(
            "leftover",
            _("Leftovers from another fund"),
            Direction.HANDOVER,
            "funds.fund",
            paid=_("Leftovers handed over"),
        ),
    )
    register_menu("desk", _("Funds"), "fund_desk:funds", "building-bank", rule=READERS, order=20)
    register_worklist(WorkList("funds-to-review", _("Funds to review"), "building-bank", funds_to_review))
    register_worklist(WorkList("funds-to-finish", _("Funds to finish"), "pencil", funds_to_finish))
    register_worklist(
        WorkList("funds-to-hand-over", _("Funds that wind up"), "hourglass-low", funds_winding_up)
    )
    register_worklist(
        WorkList("accounts-changed", _("Changed accounts"), "shield-exclamation", account_notices)
    )
    register_search("funds", _("Funds"), find_funds)
    register_fund_key(Purpose._meta.get_field("fund"))
    register_owner(
        Fund,
        lambda user, fund: Fund.objects.in_scope_of(user).filter(pk=fund.pk).exists(),
        published=is_public,
    )


def _items(funds: QuerySet[Fund], tone: str = "blue") -> list[WorkItem]:
    return [
        WorkItem(
            title=fund.name,
            url=reverse("fund_desk:fund", args=[fund.code]),
            detail=f"{fund.code} · {fund.region.name}",
            since=timezone.localdate(fund.moved_at or fund.created_at),
            tone=tone,
        )
        for fund in with_last_move(funds.select_related("region"))
    ]


def funds_to_review(user: User) -> list[WorkItem]:
    """For officers of the host: what the streets submitted, unless they proposed it themselves."""
    waiting = Fund.objects.hosted_by(user).filter(state=FundState.UNDER_REVIEW)
    return _items(waiting.exclude(proposed_by=user), "yellow")


def funds_to_finish(user: User) -> list[WorkItem]:
    """For the street: one's own drafts, new or given back."""
    return _items(Fund.objects.served_by(user).filter(state=FundState.DRAFT, proposed_by=user))


def funds_winding_up(user: User) -> list[WorkItem]:
    """For officers of the host: funds to be emptied and closed. Who began it waits until they are empty."""
    began = Transition.objects.filter(
        source_type=ContentType.objects.get_for_model(Fund),
        source_id=OuterRef("pk"),
        new=FundState.WINDING_UP,
        actor=user,
    )
    left = Account.objects.filter(book=OuterRef("book")).exclude(balance=0)
    ending = Fund.objects.hosted_by(user).filter(state=FundState.WINDING_UP)
    return _items(ending.exclude(Exists(began.exclude(old=FundState.WINDING_UP)), Exists(left)), "orange")


def account_notices(user: User) -> list[WorkItem]:
    """For everybody who shares a fund with somebody whose account was changed: what happened lately.

    While nothing happened this is the three queries of ``recent_notices``; else a few more for each person.
    """
    notices = recent_notices()
    mine = Fund.objects.in_scope_of(user)
    shown = {
        person: person == user
        or is_administrator(user)
        or mine.filter(pk__in=Fund.objects.in_scope_of(person).values("pk")).exists()
        for person in {notice.person for notice in notices}
    }
    return [
        WorkItem(
            notice.sentence,
            "",
            gettext("If you did not want this, call an administrator at once.")
            if notice.person == user
            else gettext("If this surprises you, ask them, on the number that you know."),
            since=timezone.localdate(notice.at),
            tone="red",
        )
        for notice in notices
        if shown[notice.person]
    ]


def find_funds(user: User, text: str) -> list[WorkItem]:
    """Funds in scope by name, pinyin or code."""
    search = PinyinSearchFilter(fields=["name", "code", "pinyin"])
    return _items(search.filter(Fund.objects.in_scope_of(user), text)[:MOST_FOUND])
