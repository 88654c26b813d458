"""The top layer: settings, urls, Celery, WSGI, the embedded services and the demo.

Only this package may import every app. ``config.celery`` is imported here so that
``@shared_task`` finds its application in every process.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
