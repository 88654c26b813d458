from datetime import timedelta

from celery import shared_task
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from charity_hub.ledger.seals import seal_through

# During a long import, do not make all other postings queue behind the seal: give up and try again later.
PATIENCE = "30s"


@shared_task(autoretry_for=(OperationalError,), retry_backoff=60, max_retries=10)
def seal_yesterday() -> None:
    """Seal everything posted up to now under yesterday's date (Asia/Shanghai). A second call does nothing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        seal_through(timezone.localdate() - timedelta(days=1))
