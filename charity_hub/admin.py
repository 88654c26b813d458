"""The admin pages of ``charity_hub``, imported for Django."""

from charity_hub.documents import admin as documents
from charity_hub.jobs import admin as jobs
from charity_hub.ledger import admin as ledger
from charity_hub.notices import admin as notices
from charity_hub.organizations import admin as organizations
from charity_hub.people import admin as people
from charity_hub.people import admin_records as records
from charity_hub.regions import admin as regions
from charity_hub.reports import admin as reports

__all__ = [
    "documents",
    "jobs",
    "ledger",
    "notices",
    "organizations",
    "people",
    "records",
    "regions",
    "reports",
]
