"""What a spending request says: plain values between a form, a demo or a test and the actions."""

from dataclasses import dataclass

from funds.profile.models import Purpose
from funds.spending.models import PayeeKind, Use


@dataclass(frozen=True, kw_only=True)
class SpendingTerms:
    """How much (fen) of which purpose is to be paid to whom, and what for."""

    purpose: Purpose
    amount_fen: int
    title: str
    payee_name: str
    use: str = Use.AID
    payee_kind: str = PayeeKind.ORGANIZATION
    payee_bank: str = ""
    payee_account: str = ""
    explanation: str = ""
    beneficiaries: int | None = None
