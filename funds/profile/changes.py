"""The parts of a fund's agreement, by name, to describe a change in its history."""

from django.conf import settings
from django.contrib.admin.utils import label_for_field
from django.utils.translation import gettext as _
from django.utils.translation import override

from funds.profile.models import Fund

TERMS = (
    "name",
    "host",
    "aim",
    "agreement_number",
    "signed_on",
    "starts_on",
    "ends_on",
    "use_terms",
    "rights_terms",
    "termination_terms",
    "leftover_terms",
    "leftover_fund",
    "seed_money_fen",
    "seed_money_from",
    "management_fee_bp",
)

type Parts = dict[str, object]


def agreement_parts(fund: Fund) -> Parts:
    """Every part of a fund's agreement by its label, in the portal's language."""
    with override(settings.LANGUAGE_CODE):
        said: Parts = {_label(name): getattr(fund, name) for name in TERMS}
        said[_("purposes")] = [(one.name, one.restricted) for one in fund.purposes.all()]
        said[_("committee and supervisor")] = sorted(
            (one.name, one.position, one.represents) for one in fund.committee.all()
        )
    return said


def describe_changes(before: Parts, after: Parts) -> str:
    """The parts that differ, as one sentence for the history; empty without differences."""
    changed = [part for part, value in after.items() if before.get(part) != value]
    if not changed:
        return ""
    with override(settings.LANGUAGE_CODE):
        return _("Changed: %(parts)s.") % {"parts": "、".join(changed)}


def _label(name: str) -> str:
    return str(label_for_field(name, Fund))
