"""The ground floor's Celery tasks, gathered for the worker, which looks into apps and not into rooms."""

from charity_hub.jobs import tasks as jobs
from charity_hub.ledger import tasks as ledger

__all__ = ["jobs", "ledger"]
