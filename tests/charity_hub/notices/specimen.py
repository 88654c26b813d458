"""A kind of notice of the tests' own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

from charity_hub.notices import registry
from charity_hub.notices.registry import NoticeKind, register_notices
from charity_hub.people.access import SIGNED_IN

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT_NOON = datetime(2026, 3, 5, 12, tzinfo=SHANGHAI)
AT_NIGHT = datetime(2026, 3, 5, 22, 30, tzinfo=SHANGHAI)


@contextmanager
def kinds() -> Iterator[None]:
    """``waits`` keeps until the morning, ``urgent`` does not, ``quiet`` goes out on demand."""
    with patch.dict(registry._kinds, clear=True):
        register_notices(
            NoticeKind("waits", "It can wait", "Number %(number)s can wait", rule=SIGNED_IN),
            NoticeKind("urgent", "It is urgent", "Number %(number)s is urgent", rule=SIGNED_IN, waits=False),
            NoticeKind("quiet", "It is quiet", "Number %(number)s is quiet", rule=SIGNED_IN, by_text=False),
        )
        yield


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    """What the time is for notices."""
    with patch("django.utils.timezone.now", return_value=moment):
        yield
