"""The rooms of ``funds``, gathered for Django."""

from funds.profile.models import CommitteeMember, Fund, PublicPaper, Purpose
from funds.profile.versions import AgreementVersion
from funds.spending.models import SpendingRequest

__all__ = ["AgreementVersion", "CommitteeMember", "Fund", "PublicPaper", "Purpose", "SpendingRequest"]
