"""The verbs of a fund's life up to its activation; the later ones are in ``lifecycle``."""

import uuid
from collections.abc import Iterable
from dataclasses import fields
from datetime import date

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.documents.uploads import documents_of
from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, post
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.pinyin import spell
from charity_hub.regions.models import Region
from charity_hub.workflow.actions import history, lock, move, record
from funds.profile.accounts import bank_of, open_books_of
from funds.profile.changes import agreement_parts, describe_changes
from funds.profile.file_fields import Papers, keep_papers
from funds.profile.models import FUND_FLOW, CommitteeMember, Fund, FundState, Purpose
from funds.profile.permissions import works_for_host, works_for_region, works_for_street
from funds.profile.rules import customary_name, draft_errors, refuse_first, slug_for, submission_errors
from funds.profile.terms import NewPurpose, Proposal, Seat

_PARTS = {"region", "purposes", "committee", "name"}
_AGREED = [field.name for field in fields(Proposal) if field.name not in _PARTS]


@transaction.atomic
def propose_fund(proposal: Proposal, *, actor: User, key: str = "", papers: Papers = ()) -> Fund:
    """A new draft with the next code of its region, ``JJ-<region code>-NN``, and the agreement as files.

    ``actor`` is street staff of the region. The same ``key`` again gives the same draft quietly, changed
    to what the proposal says now (somebody went back in the browser) as long as it is a draft.
    Raises ``Refused`` with the field that is wrong.
    """
    require(works_for_region(actor, proposal.region.code))
    refuse_first(draft_errors(proposal))
    Region.objects.select_for_update(no_key=True).get(pk=proposal.region.pk)
    key = key or uuid.uuid4().hex
    if found := Fund.objects.filter(key=key, proposed_by=actor).first():
        return _proposed_before(found, proposal, actor=actor, papers=papers)
    fund = Fund(code=_next_code(proposal.region), region=proposal.region, proposed_by=actor, key=key)
    _write(fund, proposal)
    record(fund, "", FundState.DRAFT, actor=actor)
    keep_papers(papers, owner=fund, actor=actor, field="paper")
    return fund


def _proposed_before(fund: Fund, proposal: Proposal, *, actor: User, papers: Papers) -> Fund:
    if fund.state != FundState.DRAFT:
        return fund
    there = set(documents_of(fund).values_list("name", flat=True))
    new = [paper for paper in papers if paper.name not in there]
    return amend_fund(fund, proposal, actor=actor, papers=new)


@transaction.atomic
def amend_fund(fund: Fund, proposal: Proposal, *, actor: User, papers: Papers = ()) -> Fund:
    """Write a draft anew as ``proposal`` says, and add files. The region stays: the code names it.

    The history says which parts were changed; the same proposal once more changes nothing.
    """
    fund = lock(fund)
    require(works_for_street(actor, fund))
    if fund.state != FundState.DRAFT:
        raise Refused(_("Only a draft can be changed. Ask the host charity to return the fund first."))
    if proposal.region != fund.region:
        raise Refused(
            _(
                "The code %(code)s contains the region, so the region cannot be changed. Propose "
                "another fund for another region."
            )
            % {"code": fund.code},
            "region",
        )
    refuse_first(draft_errors(proposal))
    before = agreement_parts(fund)
    _write(fund, proposal)
    if changed := describe_changes(before, agreement_parts(fund)):
        record(fund, fund.state, fund.state, actor=actor, why=changed)
    keep_papers(papers, owner=fund, actor=actor, field="paper")
    return fund


@transaction.atomic
def add_papers(papers: Papers, *, owner: models.Model, fund: Fund, actor: User) -> None:
    """Add files to the fund or a row of it. ``actor`` works for its street or its host charity."""
    require(works_for_street(actor, fund) or works_for_host(actor, fund))
    keep_papers(papers, owner=owner, actor=actor)


def _next_code(region: Region) -> str:
    """The caller holds the region's row."""
    stem = f"JJ-{region.code}-"
    codes = Fund.objects.filter(code__startswith=stem).values_list("code", flat=True)
    numbers = [int(code.removeprefix(stem)) for code in codes]
    return f"{stem}{max(numbers, default=0) + 1:02d}"


def _write(fund: Fund, proposal: Proposal) -> None:
    for name in _AGREED:
        setattr(fund, name, getattr(proposal, name))
    fund.name = proposal.name or customary_name(proposal.host, proposal.region)[:80]
    fund.pinyin = spell(fund.name)[:320]
    fund.save()
    _write_purposes(fund, proposal.purposes)
    write_seats(fund, proposal.committee)


def _write_purposes(fund: Fund, purposes: Iterable[NewPurpose]) -> None:
    said = [(one.name, one.restricted) for one in fund.purposes.all()]
    if said == [(purpose.name, purpose.restricted) for purpose in purposes]:
        return
    fund.purposes.all().delete()
    slugs: list[str] = []
    for position, purpose in enumerate(purposes):
        slugs.append(slug_for(purpose, slugs))
        Purpose.objects.create(
            fund=fund, slug=slugs[-1], name=purpose.name, restricted=purpose.restricted, position=position
        )


def write_seats(fund: Fund, seats: Iterable[Seat]) -> None:
    """Seat exactly these people; who stays keeps the row, so that the history shows who came and went."""
    sitting = {member.name: member for member in fund.committee.all()}
    for seat in seats:
        member = sitting.pop(seat.name, None) or CommitteeMember(fund=fund, name=seat.name)
        member.position, member.represents = seat.position, seat.represents
        member.save()
    fund.committee.filter(name__in=sitting).delete()


@transaction.atomic
def submit_fund(fund: Fund, *, actor: User) -> bool:
    """Hand a draft to its host charity for review. Raises ``Refused`` with the first thing to mend."""
    fund = lock(fund)
    require(works_for_street(actor, fund))
    if fund.state == FundState.DRAFT:
        refuse_first(submission_errors(fund))
    return move(fund, FundState.UNDER_REVIEW, FUND_FLOW, actor=actor)


@transaction.atomic
def give_back_fund(fund: Fund, reason: str, *, actor: User) -> bool:
    """Return a fund under review to its street, with what to mend. ``actor`` is an officer of the host."""
    fund = lock(fund)
    require(works_for_host(actor, fund))
    return move(fund, FundState.DRAFT, FUND_FLOW, actor=actor, why=needed(reason))


@transaction.atomic
def activate_fund(fund: Fund, *, actor: User, on: date | None = None, remark: str = "") -> bool:
    """Open the fund's book and accounts and post its seed money (fen, kind ``seed``) on that day.

    ``actor`` is an officer of the host charity who neither proposed nor submitted it. The day is today unless
    given; ``remark`` stays in the history.
    Raises ``Refused`` with the first thing to mend.
    """
    fund = lock(fund)
    require(works_for_host(actor, fund))
    if fund.state == FundState.ACTIVE:
        return False
    if fund.state != FundState.UNDER_REVIEW:
        raise Refused(
            _("Only a fund under review can be activated. Reload the page to see its present state.")
        )
    if filed_by(actor, fund):
        raise Refused(_("You proposed this fund. Ask another officer of the host charity to activate it."))
    on = on or timezone.localdate()
    refuse_first(submission_errors(fund))
    if fund.starts_on > on:
        raise Refused(
            _("The agreement begins on %(day)s. Activate the fund on that day or later.")
            % {"day": fund.starts_on},
            "starts_on",
        )
    book = open_books_of(fund)
    moved = move(
        fund,
        FundState.ACTIVE,
        FUND_FLOW,
        actor=actor,
        why=remark.strip(),
        book=book,
        activated_by=actor,
        activated_on=on,
    )
    _post_seed_money(fund, on, actor)
    return moved


def filed_by(user: User, fund: Fund) -> bool:
    """Whether ``user`` proposed or submitted the fund, and so leaves its activation to somebody else."""
    submitted = history(fund).filter(old=FundState.DRAFT, new=FundState.UNDER_REVIEW, actor=user)
    return fund.proposed_by_id == user.pk or submitted.exists()


def _post_seed_money(fund: Fund, on: date, actor: User) -> None:
    if not fund.seed_money_fen:
        return
    net, _committed = fund.purposes.get(restricted=False).accounts
    post(
        "seed",
        [Line(bank_of(fund), fund.seed_money_fen), Line(net, -fund.seed_money_fen)],
        key=f"seed:{fund.code}",
        occurred_on=on,
        memo=fund.seed_money_from,
        source=fund,
        actor=actor,
    )


def needed(reason: str) -> str:
    """The reason, without blanks around it; refused when there is none."""
    if not (reason := reason.strip()):
        raise Refused(_("Give the reason: it is kept in the history for others to see."), "reason")
    return reason
