"""The Celery tasks of ``charity_hub``, imported for the worker, which looks only at apps."""

from charity_hub.documents import tasks as documents
from charity_hub.jobs import tasks as jobs
from charity_hub.ledger import tasks as ledger
from charity_hub.notices import tasks as notices
from charity_hub.people import tasks as people
from charity_hub.portal import tasks as portal

__all__ = ["documents", "jobs", "ledger", "notices", "people", "portal"]
