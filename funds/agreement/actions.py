"""Actions on a version of an agreement. Each locks the fund, then the version."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.workflow.actions import lock, record, required_reason
from funds.agreement.rules import check_fund_changes, draft_errors
from funds.agreement.terms import Terms
from funds.agreement.workflow import AGREEMENT, end_version, tell_the_host
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.file_fields import Papers, keep_papers
from funds.profile.models import Fund
from funds.profile.permissions import works_for_street
from funds.profile.rules import raise_first


@transaction.atomic
def propose_version(
    fund: Fund,
    terms: Terms,
    *,
    valid_from: date,
    reason: str,
    actor: User,
    papers: Papers = (),
) -> AgreementVersion:
    """Propose new terms for the fund's agreement from a day on, with the signed document if there is one.

    ``actor`` is street staff of the fund's region. The agreed terms stay unchanged. Raises ``Refused`` with
    the wrong field.
    """
    fund = lock(fund)
    require(works_for_street(actor, fund))
    reason = required_reason(reason)
    said = {**terms.values(), "fund": fund, "valid_from": valid_from, "reason": reason, "proposed_by": actor}
    check_fund_changes(fund)
    _refuse_while_one_waits(fund)
    raise_first(draft_errors(fund, terms, valid_from))
    version = AgreementVersion.objects.create(**said)
    tell_the_host(
        version, record(version, "", VersionState.PROPOSED, actor=actor), url=AGREEMENT.url(version)
    )
    keep_papers(papers, owner=version, actor=actor)
    return version


def _refuse_while_one_waits(fund: Fund) -> None:
    if AgreementVersion.objects.proposed().filter(fund=fund).exists():
        raise Refused(
            _(
                "Another change of this agreement is awaiting the host charity. Wait for its "
                "decision, or withdraw the change."
            )
        )


def end_proposals(fund: Fund, reason: str, actor: User) -> None:
    """End open proposals of a fund that winds up; the caller has locked the fund."""
    for version in AgreementVersion.objects.proposed().filter(fund=fund):
        end_version(version, reason, actor=actor)


def proposal_warnings(fund: Fund) -> list[str]:
    """Say in a sentence what winding the fund up does to an open proposal."""
    if not AgreementVersion.objects.proposed().filter(fund=fund).exists():
        return []
    return [
        _(
            "The proposed change of the agreement ends with the fund. Decide on it first if it is still "
            "needed."
        )
    ]
