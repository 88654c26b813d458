from celery import shared_task

from charity_hub.portal import drafts, pending_uploads, sent_forms


@shared_task
def sweep_drafts() -> int:
    """Every night: delete drafts that are too old to be offered."""
    return drafts.delete_old_drafts()


@shared_task
def sweep_sent_forms() -> int:
    """Every night: delete old keys of forms."""
    return sent_forms.delete_old_sent_forms()


@shared_task
def sweep_stash() -> int:
    """Every hour: delete files whose confirmation never came."""
    return pending_uploads.delete_expired_uploads()
