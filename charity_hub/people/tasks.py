from celery import shared_task

from charity_hub.people import sweeps


@shared_task
def sweep_sign_ups() -> int:
    """Every night: accounts that were asked for and never verified."""
    return sweeps.sweep_sign_ups()


@shared_task
def sweep_sessions() -> int:
    """Every night: sessions that are over."""
    return sweeps.sweep_sessions()


@shared_task
def sweep_audit_rows() -> int:
    """Every night: audit rows that have been kept for long enough."""
    return sweeps.sweep_audit_rows()
