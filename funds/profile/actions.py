"""Proposing a fund, its documents, people and seed money. Its moves are in ``workflow``."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, post
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.pinyin import spell
from charity_hub.regions.models import Region
from charity_hub.workflow.actions import lock, record
from funds.profile.accounts import bank_of
from funds.profile.changes import agreement_parts, describe_changes
from funds.profile.file_fields import Papers, keep_papers
from funds.profile.models import CommitteeMember, Fund, FundState, Purpose
from funds.profile.permissions import works_for_host, works_for_region, works_for_street
from funds.profile.rules import default_fund_name, draft_errors, raise_first, slug_for
from funds.profile.terms import NewPurpose, Proposal, Seat

_PARTS = {"region", "purposes", "committee", "name"}
_AGREED = [field.name for field in fields(Proposal) if field.name not in _PARTS]


@transaction.atomic
def propose_fund(proposal: Proposal, *, actor: User, papers: Papers = ()) -> Fund:
    """Create a draft with the next code of its region, ``JJ-<region code>-NN``, and the agreement as files.

    ``actor`` is street staff of the region. Raises ``Refused`` with the wrong field.
    """
    require(works_for_region(actor, proposal.region.code))
    raise_first(draft_errors(proposal))
    Region.objects.select_for_update(no_key=True).get(pk=proposal.region.pk)
    fund = Fund(code=_next_code(proposal.region), region=proposal.region, proposed_by=actor)
    _write(fund, proposal)
    record(fund, "", FundState.DRAFT, actor=actor)
    keep_papers(papers, owner=fund, actor=actor, field="paper")
    return fund


@transaction.atomic
def amend_fund(fund: Fund, proposal: Proposal, *, actor: User, papers: Papers = ()) -> Fund:
    """Write the values of ``proposal`` to a draft and add files. The region stays, because the code contains
    it.

    The history names the parts that changed. The same proposal again changes nothing.
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
    raise_first(draft_errors(proposal))
    before = agreement_parts(fund)
    _write(fund, proposal)
    if changed := describe_changes(before, agreement_parts(fund)):
        record(fund, fund.state, fund.state, actor=actor, why=changed)
    keep_papers(papers, owner=fund, actor=actor, field="paper")
    return fund


@transaction.atomic
def add_papers(papers: Papers, *, owner: models.Model, fund: Fund, actor: User) -> None:
    """Add files to the fund or to a row of it. ``actor`` works for its street or its host charity."""
    require(works_for_street(actor, fund) or works_for_host(actor, fund))
    keep_papers(papers, owner=owner, actor=actor)


def _next_code(region: Region) -> str:
    """The caller has locked the region's row."""
    stem = f"JJ-{region.code}-"
    codes = Fund.objects.filter(code__startswith=stem).values_list("code", flat=True)
    numbers = [int(code.removeprefix(stem)) for code in codes]
    return f"{stem}{max(numbers, default=0) + 1:02d}"


def _write(fund: Fund, proposal: Proposal) -> None:
    for name in _AGREED:
        setattr(fund, name, getattr(proposal, name))
    fund.name = proposal.name or default_fund_name(proposal.host, proposal.region)[:80]
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
    """Seat exactly these people. Members who stay keep their row, so that the history shows who came and
    went.
    """
    sitting = {member.name: member for member in fund.committee.all()}
    for seat in seats:
        member = sitting.pop(seat.name, None) or CommitteeMember(fund=fund, name=seat.name)
        member.position, member.represents = seat.position, seat.represents
        member.save()
    fund.committee.filter(name__in=sitting).delete()


def post_seed_money(fund: Fund, actor: User, _data: Mapping[str, Any]) -> None:
    """Post the seed money (fen, kind ``seed``) on the day of activation."""
    if not fund.seed_money_fen:
        return
    net, _committed = fund.purposes.get(restricted=False).accounts
    post(
        "seed",
        [Line(bank_of(fund), fund.seed_money_fen), Line(net, -fund.seed_money_fen)],
        key=f"seed:{fund.code}",
        occurred_on=fund.activated_on or timezone.localdate(),
        memo=fund.seed_money_from,
        source=fund,
        actor=actor,
    )
