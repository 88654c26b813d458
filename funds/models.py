"""The rooms of ``funds``, gathered for Django."""

from funds.profile.models import CommitteeMember, Fund, Purpose
from funds.spending.models import SpendingRequest

__all__ = ["CommitteeMember", "Fund", "Purpose", "SpendingRequest"]
