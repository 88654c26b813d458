"""The models of all rooms of ``charity_hub``, imported for Django."""

from charity_hub.documents.models import Certificate, Document
from charity_hub.jobs.models import Job
from charity_hub.ledger.models import Account, Book, Entry, MonthTotal, Seal, Transfer
from charity_hub.notices.models import Notice, NoticeChoice
from charity_hub.organizations.models import Organization
from charity_hub.people.models import (
    FactorChange,
    FactorReset,
    Look,
    Membership,
    PhoneChange,
    RoleConfirmation,
    SignIn,
    TextMessage,
    User,
)
from charity_hub.portal.models import Draft, SentForm
from charity_hub.regions.models import Region
from charity_hub.reports.models import AnnualReport
from charity_hub.workflow.models import Transition

__all__ = [
    "Account",
    "AnnualReport",
    "Book",
    "Certificate",
    "Document",
    "Draft",
    "Entry",
    "FactorChange",
    "FactorReset",
    "Job",
    "Look",
    "Membership",
    "MonthTotal",
    "Notice",
    "NoticeChoice",
    "Organization",
    "PhoneChange",
    "Region",
    "RoleConfirmation",
    "Seal",
    "SentForm",
    "SignIn",
    "TextMessage",
    "Transfer",
    "Transition",
    "User",
]
