"""What one version of an agreement says otherwise than the one before it."""

from datetime import date
from typing import Any, NamedTuple

from django.contrib.admin.utils import label_for_field
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from charity_hub.documents.uploads import documents_of
from charity_hub.portal.templatetags.hub import day, percent
from funds.agreement.terms import TERMS
from funds.profile.agreement_models import AgreementVersion
from funds.profile.agreement_terms import AgreedTerms
from funds.profile.agreements import versions_of


class Difference(NamedTuple):
    """One term, as it read before and as it reads from then on."""

    label: str
    before: str
    after: str


def differences(before: AgreedTerms, after: AgreedTerms) -> list[Difference]:
    """The terms that differ, in the order of the agreement."""
    return [
        Difference(_label(name), _shown(name, old), _shown(name, new))
        for name in TERMS
        if (old := getattr(before, name)) != (new := getattr(after, name))
    ]


def beside_the_one_before(version: AgreementVersion) -> dict[str, Any]:
    """For a page: the version, what was agreed when it was proposed, what differs, and its files."""
    # While a proposal waits no other is proposed: whatever was proposed before it was decided on before it.
    before = [one for one in versions_of(version.fund) if one.pk is None or one.pk < version.pk][-1]
    return {
        "fund": version.fund,
        "version": version,
        "before": before,
        "differences": differences(before.terms, version),
        "documents": documents_of(version),
    }


def _label(name: str) -> str:
    return capfirst(str(label_for_field(name, AgreementVersion)))


def _shown(name: str, value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if name == "management_fee_bp":
        return percent(value) if value else _("none")
    if name == "ends_on" and value is None:
        return _("until it is ended")
    return str(value or "–")
