"""The differences between a version of an agreement and the version before it."""

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
    """One term, before and after."""

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
    """Context of a page: the version, the terms in force when it was proposed, the differences, and its
    files.
    """
    # Only one proposal can be open, so all earlier versions were decided on before this one was proposed.
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
