"""The moves of a gift, which is voided, and of a request to void one, which the charity decides."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from charity_hub.money import yuan
from charity_hub.people.models import Role, User
from charity_hub.workflow.moves import Data, Move, Reason, Workflow
from charity_hub.workflow.rules import holders, not_named
from donations.money.actions import reverse_gift
from donations.money.forms import DeclineForm, VoidForm
from donations.money.models import Gift, GiftState
from donations.money.permissions import HANDLE, VOID
from donations.money.queries import facts_of
from donations.money.void_models import VoidRequest, VoidRequestState

RECORDED, VOIDED = GiftState.RECORDED, GiftState.VOIDED
ASKED, GRANTED, DECLINED = VoidRequestState.ASKED, VoidRequestState.GRANTED, VoidRequestState.DECLINED


def _reverse(gift: Gift, actor: User, data: Data) -> None:
    reverse_gift(gift, actor, data)
    for asked in gift.void_requests.waiting():
        grant_voiding(asked, actor=actor)


void_gift = Move[Gift](
    "void",
    RECORDED,
    VOIDED,
    by=HANDLE,
    only=VOID,
    left_to=_(
        "Only the charity voids a gift of an earlier day, of another clerk, whose acknowledgement"
        " was printed or whose cash was deposited. Ask its officers to void it."
    ),
    reason=Reason.NEEDED,
    form=VoidForm,
    changes=lambda _gift, actor, _data: {"voided_by": actor},
    effect=_reverse,
    label=_("Void"),
    lead=_("The gift stays in the books together with its reversal; its acknowledgement becomes invalid."),
    confirm=_("Voiding cannot be undone."),
    done=_("The gift is voided and reversed in the books."),
    icon="ban",
    danger=True,
)
# Voiding the gift grants the request, whoever of those who may voids it.
grant_voiding = Move[VoidRequest](
    "grant", ASKED, GRANTED, changes=lambda _asked, actor, _data: {"decided_by": actor}
)
decline_voiding = Move[VoidRequest](
    "decline",
    ASKED,
    DECLINED,
    by=holders(Role.CHARITY_OFFICER, organization="gift__fund__host"),
    not_by=["asked_by"],
    only=not_named("gift__recorded_by"),
    left_to=_("Another officer of the charity decides this."),
    reason=Reason.NEEDED,
    form=DeclineForm,
    changes=lambda _asked, actor, data: {"decided_by": actor, "answer": data["reason"]},
    label=_("Decline voiding"),
    lead=_("The gift stays as it is. Whoever asked reads your answer."),
    done=_("Declined. The gift stays as it is."),
    icon="x",
    waiting=_("Gifts that stations ask to void"),
)


def gift_facts(gift: Gift) -> Mapping[str, Any]:
    """What the pages of moves show of the gift, to people who handle it: its donor's name is whole."""
    name = gift.donor.name if gift.donor else gift.get_donor_kind_display()
    return {"facts": facts_of(gift, name), "confirm_part": "workflow/parts/at_stake.html"}


GIFT = Workflow(
    Gift,
    moves=[void_gift],
    start=[RECORDED],
    start_recorded=False,
    namespace="gifts",
    item=lambda gift: (f"{gift.number} · {yuan(gift.amount_fen)}", gift.station.name),
    related=["station"],
    colours={RECORDED: "green", VOIDED: "red"},
    template="donations/money/gift_step.html",
    context=lambda gift: {**gift_facts(gift), "asked": gift.void_requests.waiting().first()},
)
VOID_REQUEST = Workflow(
    VoidRequest,
    moves=[grant_voiding, decline_voiding],
    start=[ASKED],
    locks=["gift"],
    namespace="gifts",
    url=lambda asked: asked.gift.get_absolute_url(),
    item=lambda asked: (
        f"{asked.gift.number} · {yuan(asked.gift.amount_fen)}",
        f"{asked.gift.station.name} · {asked.reason}",
    ),
    related=["gift__station"],
    days={ASKED: "asked_at"},
    colours={ASKED: "yellow", GRANTED: "red", DECLINED: "grey"},
    template="donations/money/gift_step.html",
    context=lambda asked: {**gift_facts(asked.gift), "asked": asked},
)
