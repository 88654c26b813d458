from celery import shared_task

from charity_hub.people import cleanup


@shared_task
def sweep_sign_ups() -> int:
    """Every night: accounts that were asked for and never verified."""
    return cleanup.delete_unverified_sign_ups()


@shared_task
def sweep_sessions() -> int:
    """Every night: sessions that are over."""
    return cleanup.delete_ended_sessions()


@shared_task
def sweep_audit_rows() -> int:
    """Every night: audit rows that have been kept for long enough."""
    return cleanup.delete_old_audit_rows()
