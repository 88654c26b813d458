"""Who voids a gift: the clerk who recorded it while it is fresh, else the charity, whom others ask."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.models import Transfer
from charity_hub.people.access import AnyUser, require
from charity_hub.people.models import Role, User
from charity_hub.workflow.actions import lock, move, record
from donations.money.acknowledgement import was_printed
from donations.money.deposit_models import CashDeposit, DepositState
from donations.money.models import KEPT_AT_STATION, Gift
from donations.money.names import clean_name
from donations.money.permissions import may_handle
from donations.money.void_models import VOID_REQUEST_FLOW, VoidRequest, VoidRequestState


def may_void(user: AnyUser, gift: Gift) -> bool:
    """Whether this person voids the gift now: its clerk while it is fresh, else an officer of the charity.

    PostgreSQL holds to the same rule, whoever writes (``gift_voided_by_another``).
    """
    if VoidRequest.objects.waiting().filter(gift=gift, asked_by=user.pk).exists():
        return False
    if gift.recorded_by_id == user.pk:
        return may_handle(user, gift) and is_fresh(gift)
    return Gift.objects.in_scope_of(user, Role.CHARITY_OFFICER).filter(pk=gift.pk).exists()


def is_fresh(gift: Gift) -> bool:
    """Whether nobody but its clerk has seen it: recorded today, not printed, its cash not handed in since."""
    today = timezone.localdate(gift.recorded_at) == timezone.localdate()
    return today and not was_printed(gift) and not _handed_in_since(gift)


def _handed_in_since(gift: Gift) -> bool:
    deposits = CashDeposit.objects.filter(station=gift.station_id, fund=gift.fund_id)
    return (
        gift.way in KEPT_AT_STATION
        and Transfer.objects.filter(
            kind="deposit",
            pk__gt=gift.transfer_id,
            source_type=ContentType.objects.get_for_model(CashDeposit),
            source_id__in=deposits.exclude(state=DepositState.WITHDRAWN).values("pk"),
        ).exists()
    )


@transaction.atomic
def ask_to_void(gift: Gift, reason: str, *, actor: User) -> VoidRequest:
    """Ask the gift's charity to void it; while a request waits, the same request.

    ``actor`` handles the gift. Raises ``Refused`` without a reason and for a voided gift.
    """
    gift = lock(gift)
    require(may_handle(actor, gift), _("You can view this gift, but you do not handle it."))
    waiting = VoidRequest.objects.waiting().filter(gift=gift).first()
    if waiting:
        return waiting
    if gift.voided:
        raise Refused(_("Gift %(number)s is voided already.") % {"number": gift.number})
    reason = clean_name(reason)
    if not reason:
        raise Refused(_("State why the gift is voided: the reason stays in its history."), "reason")
    asked = VoidRequest.objects.create(gift=gift, reason=reason, asked_by=actor)
    record(asked, "", VoidRequestState.ASKED, actor=actor, why=reason)
    return asked


def grant_voiding(gift: Gift, *, actor: User) -> None:
    """Close the request that waits, if one does: the gift has been voided. ``void_gift`` calls it."""
    for asked in VoidRequest.objects.waiting().filter(gift=gift):
        move(lock(asked), VoidRequestState.GRANTED, VOID_REQUEST_FLOW, actor=actor, decided_by=actor)


def decline_voiding(asked: VoidRequest, answer: str, *, actor: User) -> bool:
    """Leave the gift as it is. False when it was declined already.

    ``actor`` may void the gift. Raises ``Refused`` without an answer, or when the gift was voided since.
    """
    with transaction.atomic():
        gift = lock(asked.gift)
        asked = lock(asked)
        require(may_void(actor, gift))
        answer = clean_name(answer)
        if not answer:
            raise Refused(_("State why the gift stays: whoever asked reads it."), "answer")
        return move(
            asked,
            VoidRequestState.DECLINED,
            VOID_REQUEST_FLOW,
            actor=actor,
            why=answer,
            decided_by=actor,
            answer=answer,
        )
