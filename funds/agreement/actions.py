"""The verbs of a version of an agreement. Each locks the fund, then the version."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from charity_hub.errors import Refused
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.workflow.actions import lock, move, record
from funds.agreement.rules import check_fund_changes, draft_errors, first_day_problems, taker_problems
from funds.agreement.terms import Terms
from funds.profile.actions import needed
from funds.profile.agreement_models import VERSION_FLOW, AgreementVersion, VersionState
from funds.profile.agreements import versions_of
from funds.profile.file_fields import Papers, keep_papers
from funds.profile.models import Fund
from funds.profile.permissions import works_for_host, works_for_street
from funds.profile.rules import refuse_first


@transaction.atomic
def propose_version(
    fund: Fund,
    terms: Terms,
    *,
    valid_from: date,
    reason: str,
    actor: User,
    key: str = "",
    papers: Papers = (),
) -> AgreementVersion:
    """Propose that the fund's agreement reads so from a day on, with the signed paper when there is one.

    ``actor`` is street staff of the fund's region. What was agreed stays untouched; the same ``key`` again
    gives the same proposal quietly, and with other answers is refused. Raises ``Refused`` with the field that
    is wrong.
    """
    fund = lock(fund)
    require(works_for_street(actor, fund))
    key = key or uuid.uuid4().hex
    reason = needed(reason)
    said = {**terms.values(), "fund": fund, "valid_from": valid_from, "reason": reason, "proposed_by": actor}
    if found := AgreementVersion.objects.filter(key=key).first():
        return _sent_before(found, said)
    check_fund_changes(fund)
    _refuse_while_one_waits(fund)
    refuse_first(draft_errors(fund, terms, valid_from))
    version = AgreementVersion.objects.create(key=key, **said)
    record(version, "", VersionState.PROPOSED, actor=actor)
    keep_papers(papers, owner=version, actor=actor)
    return version


def _sent_before(version: AgreementVersion, said: dict[str, Any]) -> AgreementVersion:
    """A form that is gone back to and changed holds its old key, and must not pass for proposed."""
    if any(getattr(version, name) != value for name, value in said.items()):
        raise Refused(
            _(
                "This form was already sent with other content. Look at the proposed change on "
                "the fund's page, withdraw it if it is wrong, and open a new form."
            )
        )
    return version


def _refuse_while_one_waits(fund: Fund) -> None:
    if AgreementVersion.objects.proposed().filter(fund=fund).exists():
        raise Refused(
            _(
                "Another change of this agreement is awaiting the host charity. Wait for its "
                "decision, or withdraw the change."
            )
        )


@transaction.atomic
def agree_version(
    version: AgreementVersion, *, actor: User, on: date | None = None, remark: str = ""
) -> bool:
    """Let a proposed version be the fund's next one, on that day, today unless given; ``remark`` stays in
    its history.

    ``actor`` is an officer of the host charity who did not propose it, administrators included. Raises
    ``Refused`` when its first day is closed in the books or taken by another version by now, or the fund
    named for the leftovers cannot take them any more.
    """
    version = _locked(version)
    fund = version.fund
    require(works_for_host(actor, fund))
    if version.state != VersionState.PROPOSED:
        return move(version, VersionState.AGREED, VERSION_FLOW, actor=actor)
    if version.proposed_by_id == actor.pk:
        raise Refused(_("You proposed this change. Another officer of the host charity must agree to it."))
    check_fund_changes(fund)
    if fund.book:
        fund.book = lock(fund.book)  # no month of it is closed meanwhile
    refuse_first(first_day_problems(fund, version.valid_from, on))
    refuse_first(taker_problems(fund, version.leftover_fund))
    moved = move(
        version,
        VersionState.AGREED,
        VERSION_FLOW,
        actor=actor,
        why=remark.strip(),
        number=versions_of(fund)[-1].number + 1,
        agreed_by=actor,
        agreed_on=on or timezone.localdate(),
    )
    _tell(version, actor)
    return moved


def _tell(version: AgreementVersion, actor: User) -> None:
    """The fund's own history says from when it reads otherwise, and why."""
    fund = version.fund
    with override(settings.LANGUAGE_CODE):
        why = _("Agreement: version %(number)d is in force from %(day)s. %(reason)s") % {
            "number": version.number,
            "day": version.valid_from,
            "reason": version.reason,
        }
    record(fund, fund.state, fund.state, actor=actor, why=why)


@transaction.atomic
def give_back_version(version: AgreementVersion, reason: str, *, actor: User) -> bool:
    """Return a proposed version to its street, with what to mend: the street proposes it anew."""
    version = _locked(version)
    require(works_for_host(actor, version.fund))
    return move(version, VersionState.RETURNED, VERSION_FLOW, actor=actor, why=needed(reason))


@transaction.atomic
def withdraw_version(version: AgreementVersion, *, actor: User) -> bool:
    """Take a proposal back before it is agreed on. Any street staff of the fund's region may."""
    version = _locked(version)
    require(works_for_street(actor, version.fund))
    return move(version, VersionState.WITHDRAWN, VERSION_FLOW, actor=actor)


def end_proposals(fund: Fund, reason: str, actor: User) -> None:
    """End what is proposed for a fund that winds up; the fund is locked."""
    for version in AgreementVersion.objects.proposed().filter(fund=fund):
        move(lock(version), VersionState.ENDED, VERSION_FLOW, actor=actor, why=reason)


def foresee_proposals(fund: Fund) -> list[str]:
    """What winding the fund up does to a proposal, as a whole sentence."""
    if not AgreementVersion.objects.proposed().filter(fund=fund).exists():
        return []
    return [
        _(
            "The proposed change of the agreement ends with the fund. Decide on it first if it is still "
            "needed."
        )
    ]


def _locked(version: AgreementVersion) -> AgreementVersion:
    fund = lock(version.fund)
    version = lock(version)
    version.fund = fund
    return version
