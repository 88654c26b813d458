from celery import shared_task

from charity_hub.notices import actions


@shared_task(name="charity_hub.notices.tasks.send_notices")
def send_notices() -> int:
    """Send what is due: when somebody is told, and every minute for what waited."""
    actions.find_lost()
    return actions.send_due()
