"""The rooms of ``funds``, gathered for Django."""

from funds.profile.models import CommitteeMember, Fund, PublicPaper, Purpose
from funds.spending.models import SpendingRequest

__all__ = ["CommitteeMember", "Fund", "PublicPaper", "Purpose", "SpendingRequest"]
