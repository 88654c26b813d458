"""The ground floor's Celery tasks, gathered for the worker."""

from charity_hub.jobs import tasks as jobs

__all__ = ["jobs"]
