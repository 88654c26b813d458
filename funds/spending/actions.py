"""The verbs of a spending request. Each locks the fund, then the request, then (in ``post``) the accounts."""

from datetime import date
from typing import Any, TypedDict

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, post
from charity_hub.ledger.errors import FloorPassed
from charity_hub.money import yuan
from charity_hub.people.access import entitled
from charity_hub.people.models import User
from charity_hub.pinyin import spell
from charity_hub.workflow.actions import history, lock, move, record
from funds.profile.accounts import bank_of, money_of
from funds.profile.actions import needed
from funds.profile.duties import works_for_host, works_for_street
from funds.profile.models import Fund
from funds.profile.papers import Papers, keep_papers
from funds.spending.models import SPENDING_FLOW, SpendingRequest, SpendingState, Use
from funds.spending.rules import check_fee, check_fund_pays, check_fund_spends, check_terms
from funds.spending.terms import SpendingTerms

_TERMS = (
    "purpose",
    "amount_fen",
    "title",
    "use",
    "payee_kind",
    "payee_name",
    "payee_bank",
    "payee_account",
    "explanation",
    "beneficiaries",
)


def _values(terms: SpendingTerms) -> dict[str, Any]:
    said = {name: getattr(terms, name) for name in _TERMS}
    return said | {"pinyin": f"{spell(terms.title)} {spell(terms.payee_name)}"}


def _locked(request: SpendingRequest) -> SpendingRequest:
    fund = lock(request.fund)
    request = lock(request)
    request.fund = fund
    return request


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('funds_spending_number')")
        (number,) = cursor.fetchone()
    return f"ZC-{timezone.localdate():%Y}-{number:05d}"


@transaction.atomic
def file_request(
    terms: SpendingTerms, *, fund: Fund, key: str, actor: User, papers: Papers = ()
) -> SpendingRequest:
    """A new request, ``ZC-YYYY-NNNNN``, with its files, that waits for the host charity's approval.

    ``actor`` is street staff of the fund's region. The same ``key`` again gives the same request quietly,
    and with other terms is refused. Nothing is committed yet. Raises ``Refused`` with the field.
    """
    fund = lock(fund)
    entitled(works_for_street(actor, fund))
    if found := SpendingRequest.objects.filter(key=key, fund=fund, filed_by=actor).first():
        return _sent_before(found, terms)
    _check(fund, terms)
    request = SpendingRequest.objects.create(
        number=_next_number(), fund=fund, filed_by=actor, key=key, **_values(terms)
    )
    record(request, "", SpendingState.FILED, actor=actor)
    keep_papers(papers, owner=request, actor=actor)
    return request


def _sent_before(request: SpendingRequest, terms: SpendingTerms) -> SpendingRequest:
    """A form that is gone back to and changed holds its old key, and must not pass for filed."""
    if not _says(request, terms):
        raise Refused(
            _(
                "This form was already sent as %(number)s with other content. Open a new form to "
                "file another request, or withdraw %(number)s first if it was wrong."
            )
            % {"number": request.number}
        )
    return request


def _check(fund: Fund, terms: SpendingTerms) -> None:
    check_fund_spends(fund)
    check_terms(fund, terms)
    if terms.use == Use.MANAGEMENT_FEE:
        check_fee(fund, terms.amount_fen)


@transaction.atomic
def revise_request(
    request: SpendingRequest, terms: SpendingTerms, *, actor: User, papers: Papers = ()
) -> bool:
    """File a returned request again with these terms and further files. Only who filed it revises it.

    The same terms once more are a quiet no-op.
    """
    request = _locked(request)
    entitled(works_for_street(actor, request.fund))
    if request.filed_by_id != actor.pk:
        raise Refused(
            _("Only the person who filed this request can edit it. Withdraw it and file a new one.")
        )
    if request.state == SpendingState.FILED and _says(request, terms):
        return False
    if request.state != SpendingState.RETURNED:
        raise Refused(_("Only returned requests can be edited. Ask the host charity to return it first."))
    _check(request.fund, terms)
    moved = move(request, SpendingState.FILED, SPENDING_FLOW, actor=actor, **_values(terms))
    keep_papers(papers, owner=request, actor=actor)
    return moved


def _says(request: SpendingRequest, terms: SpendingTerms) -> bool:
    return all(getattr(request, name) == value for name, value in _values(terms).items())


@transaction.atomic
def withdraw_request(request: SpendingRequest, *, actor: User, reason: str = "") -> bool:
    """Take a request back before it is decided. Any street staff of the fund's region may."""
    request = _locked(request)
    entitled(works_for_street(actor, request.fund))
    return move(request, SpendingState.WITHDRAWN, SPENDING_FLOW, actor=actor, why=reason.strip())


@transaction.atomic
def give_back_request(request: SpendingRequest, reason: str, *, actor: User) -> bool:
    """Return a request to its filer, with what to mend. ``actor`` is an officer of the host charity."""
    request = _locked(request)
    entitled(works_for_host(actor, request.fund))
    return move(request, SpendingState.RETURNED, SPENDING_FLOW, actor=actor, why=needed(reason))


@transaction.atomic
def approve_request(
    request: SpendingRequest,
    *,
    actor: User,
    on: date | None = None,
    as_of: int | None = None,
    remark: str = "",
) -> bool:
    """Approve a request and commit its amount (fen, kind ``commit``) on that day, today unless given.

    ``actor`` is an officer of the host charity and not the filer. ``as_of`` is the newest history row that
    the officer has seen: a request that was changed since is refused. ``remark`` stays in the history.
    Raises ``Refused`` when the purpose holds less, with both figures.
    """
    request = _locked(request)
    entitled(works_for_host(actor, request.fund))
    if request.state != SpendingState.FILED:
        return move(request, SpendingState.APPROVED, SPENDING_FLOW, actor=actor)
    _check_seen(request, as_of)
    if request.filed_by_id == actor.pk:
        raise Refused(_("You filed this request. Another officer of the host charity must decide on it."))
    check_fund_spends(request.fund)
    if request.use == Use.MANAGEMENT_FEE:
        check_fee(request.fund, request.amount_fen, but=request)
    on = on or timezone.localdate()
    moved = move(
        request,
        SpendingState.APPROVED,
        SPENDING_FLOW,
        actor=actor,
        why=remark.strip(),
        approved_by=actor,
        approved_on=on,
    )
    _commit(request, on, actor)
    return moved


def _check_seen(request: SpendingRequest, as_of: int | None) -> None:
    latest = history(request).last()
    if as_of is not None and latest and latest.pk != as_of:
        raise Refused(_("This request was changed since you opened it. Read it again, then decide."))


def _commit(request: SpendingRequest, on: date, actor: User) -> None:
    net, committed = request.purpose.accounts
    lines = [Line(net, request.amount_fen), Line(committed, -request.amount_fen)]
    try:
        post("commit", lines, **_about(request, "commit"), occurred_on=on, actor=actor)
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


@transaction.atomic
def release_request(request: SpendingRequest, reason: str, *, actor: User, on: date | None = None) -> bool:
    """Undo an approval before payment: the amount goes back to its purpose (kind ``release``)."""
    request = _locked(request)
    entitled(works_for_host(actor, request.fund))
    moved = move(request, SpendingState.RELEASED, SPENDING_FLOW, actor=actor, why=needed(reason))
    if moved:
        net, committed = request.purpose.accounts
        lines = [Line(committed, request.amount_fen), Line(net, -request.amount_fen)]
        post(
            "release",
            lines,
            **_about(request, "release"),
            occurred_on=on or timezone.localdate(),
            actor=actor,
        )
    return moved


@transaction.atomic
def pay_request(request: SpendingRequest, *, paid_on: date, bank_reference: str, actor: User) -> bool:
    """Record the payment of an approved request (fen, kind ``payment:<use>``), once however often pressed.

    ``actor`` is an officer of the host charity who neither filed nor approved it. Raises ``Refused`` when the
    bank holds less of the fund's money, the day is wrong or its month is closed.
    """
    request = _locked(request)
    entitled(works_for_host(actor, request.fund))
    if request.state != SpendingState.APPROVED:
        return move(request, SpendingState.PAID, SPENDING_FLOW, actor=actor)
    _check_payment(request, paid_on, bank_reference, actor)
    moved = move(
        request,
        SpendingState.PAID,
        SPENDING_FLOW,
        actor=actor,
        paid_by=actor,
        paid_on=paid_on,
        bank_reference=bank_reference.strip(),
    )
    _post_payment(request, paid_on, actor)
    return moved


def _check_payment(request: SpendingRequest, paid_on: date, bank_reference: str, actor: User) -> None:
    if actor.pk in {request.filed_by_id, request.approved_by_id}:
        raise Refused(
            _("You filed or approved this request. Another officer of the host charity records its payment.")
        )
    check_fund_pays(request.fund)
    if paid_on > timezone.localdate():
        raise Refused(
            _("This day is in the future. Record the payment once the bank has made it."), "paid_on"
        )
    if request.approved_on and paid_on < request.approved_on:
        raise Refused(
            _("The request was approved on %(day)s. A payment is dated on that day or later.")
            % {"day": request.approved_on},
            "paid_on",
        )
    if not bank_reference.strip():
        raise Refused(_("Enter the bank reference of the payment."), "bank_reference")


def _post_payment(request: SpendingRequest, paid_on: date, actor: User) -> None:
    _net, committed = request.purpose.accounts
    lines = [Line(committed, request.amount_fen), Line(bank_of(request.fund), -request.amount_fen)]
    try:
        with transaction.atomic():
            post(
                f"payment:{request.use}",
                lines,
                **_about(request, "payment"),
                occurred_on=paid_on,
                actor=actor,
            )
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


class _About(TypedDict):
    key: str
    memo: str
    source: SpendingRequest


def _about(request: SpendingRequest, step: str) -> _About:
    return {
        "key": f"spending:{request.pk}:{step}",
        "memo": f"{request.number} {request.title}"[:200],
        "source": request,
    }
