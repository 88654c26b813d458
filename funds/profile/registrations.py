"""Registrations of this room: menu, work lists, search, and readers of a fund's files."""

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charity_hub.documents.permissions import register_owner
from charity_hub.ledger.kinds import Direction, TransferKind, register_kinds
from charity_hub.ledger.proofs import register_proof
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
from funds.profile.models import Fund, Purpose
from funds.profile.permissions import READERS, sharing_a_fund
from funds.profile.publishing import is_public
from funds.profile.workflow import FUND

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
    register_proof("funds.fund", rule="fund_agrees_with_its_transfers")
    register_menu("desk", _("Funds"), "fund_desk:funds", "building-bank", rule=READERS, order=20)
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


def account_notices(user: User) -> list[WorkItem]:
    """Recent changes of accounts, for everybody who shares a fund with the person concerned.

    Without changes this takes the three queries of ``recent_notices``, otherwise a few more in all.
    """
    notices = recent_notices()
    people = {notice.person for notice in notices}
    shown = people if is_administrator(user) else {user} | sharing_a_fund(user, people)
    return [
        WorkItem(
            notice.sentence,
            "",
            gettext("If you did not ask for this, call an administrator at once.")
            if notice.person == user
            else gettext("If you did not expect this, call them on the number that you already know."),
            since=timezone.localdate(notice.at),
            tone="red",
        )
        for notice in notices
        if notice.person in shown
    ]


def find_funds(user: User, text: str, _address: str | None = None) -> list[WorkItem]:
    """Funds in scope by name, pinyin or code."""
    search = PinyinSearchFilter(fields=["name", "code", "pinyin"])
    return FUND.items(search.filter(Fund.objects.in_scope_of(user), text)[:MOST_FOUND])
