"""The models of all rooms of ``funds``, imported for Django."""

from funds.profile.agreement_models import AgreementVersion
from funds.profile.models import CommitteeMember, Fund, PublicPaper, Purpose
from funds.spending.models import SpendingRequest

__all__ = ["AgreementVersion", "CommitteeMember", "Fund", "PublicPaper", "Purpose", "SpendingRequest"]
