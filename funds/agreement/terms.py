"""The terms of a proposed version: plain values passed from a form, the demo or a test to the actions."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from funds.profile.agreement_terms import AgreedTerms
from funds.profile.models import Fund


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Everything that a version can change. The management fee is in basis points (500 is 5 %)."""

    aim: str
    agreement_number: str = ""
    signed_on: date
    ends_on: date | None = None
    use_terms: str
    rights_terms: str = ""
    termination_terms: str
    leftover_terms: str
    leftover_fund: Fund | None = None
    management_fee_bp: int = 0

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in TERMS}


TERMS = tuple(field.name for field in fields(Terms))
# A version that differs only in the day of signing changes nothing.
TELLING = tuple(name for name in TERMS if name != "signed_on")


def terms_of(agreed: AgreedTerms) -> Terms:
    """The terms of a fund's first agreement or of a later version."""
    return Terms(**{name: getattr(agreed, name) for name in TERMS})


def changed(agreed: AgreedTerms, **changes: Any) -> Terms:
    """The agreed terms with these changes."""
    terms = terms_of(agreed)
    return Terms(**{name: changes.get(name, value) for name, value in terms.values().items()})
