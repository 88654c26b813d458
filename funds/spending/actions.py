"""Filing a spending request, and the effects of its moves. The moves are in ``workflow``.

Every action locks the fund, then the request, then (in ``post``) the accounts.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, post
from charity_hub.ledger.errors import FloorPassed
from charity_hub.money import yuan
from charity_hub.numbering import next_number
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.pinyin import spell
from charity_hub.workflow.actions import lock, record
from funds.profile.accounts import bank_of, money_of
from funds.profile.file_fields import Papers, keep_papers
from funds.profile.models import Fund
from funds.profile.permissions import works_for_street
from funds.spending.models import TERMS, SpendingRequest, SpendingState
from funds.spending.rules import check_terms

type Data = Mapping[str, Any]


@transaction.atomic
def file_request(terms: SpendingRequest, *, fund: Fund, actor: User, papers: Papers = ()) -> SpendingRequest:
    """Create a request, ``ZC-YYYY-NNNNN``, with its files; it waits for the host charity's approval.

    ``terms`` is an unsaved request, of which only ``TERMS`` are used; ``actor`` is street staff of the fund's
    region.
    Nothing is committed yet. Raises ``Refused`` with the field.
    """
    fund = lock(fund)
    require(works_for_street(actor, fund))
    check_terms(fund, terms)
    request = SpendingRequest.objects.create(
        number=next_number("funds_spending_number", "ZC", timezone.localdate().year, digits=5),
        fund=fund,
        filed_by=actor,
        **terms_of(terms),
    )
    record(request, "", SpendingState.FILED, actor=actor)
    keep_papers(papers, owner=request, actor=actor)
    return request


def terms_of(terms: SpendingRequest) -> dict[str, Any]:
    """The terms by name, and their pinyin for the search."""
    said = {name: getattr(terms, name) for name in TERMS}
    return said | {"pinyin": f"{spell(terms.title)} {spell(terms.payee_name)}"}


def commit_amount(request: SpendingRequest, actor: User, _data: Data) -> None:
    """Commit the amount (fen, kind ``commit``). Raises ``Refused`` if the purpose has less."""
    net, committed = request.purpose.accounts
    lines = [Line(net, request.amount_fen), Line(committed, -request.amount_fen)]
    try:
        _post(request, "commit", lines, actor, on=request.approved_on)
    except FloorPassed as error:
        raise Refused(
            _(
                "The purpose “%(purpose)s” has %(held)s; this request is for %(amount)s. Return "
                "it for a smaller amount or another purpose, or approve it once more has been "
                "given."
            )
            % {
                "purpose": request.purpose,
                "held": yuan(error.available),
                "amount": yuan(request.amount_fen),
            },
            "amount_fen",
        ) from error


def release_amount(request: SpendingRequest, actor: User, data: Data) -> None:
    """Return the amount to its purpose (fen, kind ``release``)."""
    net, committed = request.purpose.accounts
    lines = [Line(committed, request.amount_fen), Line(net, -request.amount_fen)]
    _post(request, "release", lines, actor, on=data.get("on"))


def post_payment(request: SpendingRequest, actor: User, _data: Data) -> None:
    """Pay the amount from the bank (fen, kind ``payment:<use>``). Raises ``Refused`` if the bank has less."""
    _net, committed = request.purpose.accounts
    lines = [Line(committed, request.amount_fen), Line(bank_of(request.fund), -request.amount_fen)]
    try:
        with transaction.atomic():
            _post(request, f"payment:{request.use}", lines, actor, on=request.paid_on)
    except FloorPassed as error:
        raise Refused(
            _(
                "The bank has %(bank)s of this fund's money; this payment is %(amount)s. Another "
                "%(elsewhere)s is at stations or in transit: have it deposited and confirmed "
                "first."
            )
            % {
                "bank": yuan(error.available),
                "amount": yuan(request.amount_fen),
                "elsewhere": yuan(money_of(request.fund).not_banked),
            }
        ) from error


def _post(request: SpendingRequest, kind: str, lines: list[Line], actor: User, *, on: Any) -> None:
    post(
        kind,
        lines,
        key=f"spending:{request.pk}:{kind.partition(':')[0]}",
        memo=f"{request.number} {request.title}"[:200],
        source=request,
        occurred_on=on or timezone.localdate(),
        actor=actor,
    )
