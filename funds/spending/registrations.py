"""Registrations of this room: menu, work lists, search, and readers of a request's files."""

from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.documents.permissions import register_owner
from charity_hub.ledger.kinds import Direction, TransferKind, register_kinds
from charity_hub.ledger.proofs import register_proof
from charity_hub.notices.registry import NoticeKind, register_notices
from charity_hub.people.access import roles
from charity_hub.people.models import Role, User
from charity_hub.portal.filters import PinyinSearchFilter
from charity_hub.portal.registry import (
    WorkItem,
    WorkList,
    register_desk_panel,
    register_menu,
    register_search,
    register_start,
    register_worklist,
)
from charity_hub.workflow.models import Transition
from funds.profile.models import Fund
from funds.profile.permissions import READERS
from funds.profile.winding_up import OpenBusiness, register_open_business
from funds.spending.models import OPEN_STATES, SpendingRequest, SpendingState, Use
from funds.spending.winding_up import end_open_requests, request_warnings
from funds.spending.workflow import SPENDING

SOURCE = "funds.spendingrequest"
FILERS = roles(Role.STREET_STAFF)
MOST_FOUND = 12
ENDED_SHOWN = timedelta(days=14)


def register() -> None:
    register_kinds(
        TransferKind("commit", _("Committed to a request"), Direction.COMMITMENT, SOURCE),
        TransferKind("release", _("Approval released"), Direction.COMMITMENT, SOURCE),
        *(TransferKind(f"payment:{use.value}", use.label, Direction.OUTFLOW, SOURCE) for use in Use),
    )
    register_proof("funds.spendingrequest", rule="spending_agrees_with_its_transfers")
    register_notices(
        NoticeKind(
            "spending_returned",
            _("A request that I filed was returned"),
            _("Spending request %(number)s was returned: %(reason)s"),
            rule=FILERS,
        ),
        NoticeKind(
            "spending_paid",
            _("A request that I filed was paid"),
            _("Spending request %(number)s was paid: %(amount)s"),
            rule=FILERS,
        ),
    )
    register_menu("desk", _("Spending"), "spending:requests", "receipt", rule=READERS, order=30)
    register_start(_("File a spending request"), "spending:choose_fund", "receipt", rule=FILERS, order=30)
    register_desk_panel("funds/spending/desk.html", by_state, rule=READERS, order=20)
    register_search("spending", _("Spending"), find_requests)
    register_worklist(
        WorkList("spending-ended", _("Requests that ended with their fund"), "hourglass-empty", ended)
    )
    register_open_business(OpenBusiness(closing_warnings=request_warnings, end=end_open_requests))
    register_owner(
        SpendingRequest,
        lambda user, row: SpendingRequest.objects.in_scope_of(user).filter(pk=row.pk).exists(),
    )


def ended(user: User) -> list[WorkItem]:
    """For the filer: requests that ended undecided with their fund in the last two weeks."""
    lately = Transition.objects.filter(
        source_type=ContentType.objects.get_for_model(SpendingRequest),
        new=SpendingState.ENDED,
        at__gte=timezone.now() - ENDED_SHOWN,
    )
    mine = SpendingRequest.objects.filter(
        filed_by=user, state=SpendingState.ENDED, fund__in=Fund.objects.served_by(user)
    )
    return SPENDING.items(mine.filter(pk__in=lately.values("source_id")).order_by("pk"), "grey")


def by_state(user: User) -> dict[str, Any] | None:
    """The open requests in scope, and those paid this year: number and amount by state."""
    year = timezone.localdate().year
    shown = Q(state__in=[*OPEN_STATES, SpendingState.APPROVED]) | Q(
        state=SpendingState.PAID, paid_on__year=year
    )
    groups = SpendingRequest.objects.in_scope_of(user).filter(shown).order_by().values_list("state")
    found = {state: (count, fen) for state, count, fen in groups.annotate(Count("pk"), Sum("amount_fen"))}
    states = [SpendingState(state) for state in SpendingState.values if state in found]
    rows = [(state, *found[state]) for state in states]
    return {"rows": rows, "paid": SpendingState.PAID, "year": year} if rows else None


def find_requests(user: User, text: str, _address: str | None = None) -> list[WorkItem]:
    """Requests in scope by number, title or payee, in Chinese or in pinyin."""
    search = PinyinSearchFilter(fields=["number", "title", "payee_name", "pinyin"])
    return SPENDING.items(search.filter(SpendingRequest.objects.in_scope_of(user), text)[:MOST_FOUND])
