from celery import shared_task

from charity_hub.documents import uploads


@shared_task
def sweep_files() -> int:
    """Every night: delete stored files whose row was rolled back."""
    return uploads.delete_unused_files()
