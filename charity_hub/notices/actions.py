"""Tell people, once for each event, and send what goes out."""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from itertools import batched
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from charity_hub.notices.channels import hand_over, open_channels
from charity_hub.notices.models import Channel, Notice, NoticeChoice, NoticeState
from charity_hub.notices.registry import NoticeKind, kind_of, urgent
from charity_hub.people.models import User

logger = logging.getLogger(__name__)

AT_ONCE: Final = 1_000  # rows written in one statement
IN_A_ROW: Final = 100  # messages looked up at a time
NIGHT, MORNING = time(21), time(8)  # of Shanghai, the portal's time zone
# After each refusal of the carrier; after the last one a person has to look.
PAUSES: Final = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)]
# A carrier answers or times out well before: after this a worker was lost.
LOST_AFTER: Final = timedelta(minutes=10)


def notify(kind: str, people: Iterable[User], *, key: str, url: str = "", **facts: str) -> int:
    """Tell people of an event, in the transaction in which it happens; returns how many had not been told.

    ``key`` names the event: the same one tells each person once. ``facts`` fill the words of the kind.
    Raises ``KeyError`` for a kind that nobody registers.
    """
    told, known = 0, kind_of(kind)
    for batch in batched({person.pk: person for person in people if person.is_active}.values(), AT_ONCE):
        choices = _choices(known, batch)
        rows = [
            _row(known, person, channel, key=key, url=url, facts=facts)
            for person in batch
            for channel in (Channel.SITE, *open_channels())
            if choices.get((person.pk, channel), channel != Channel.TEXT or known.by_text)
        ]
        before = Notice.objects.filter(key=key, person__in=batch, channel=Channel.SITE).count()
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        told += len(batch) - before
    if told:
        transaction.on_commit(_wake)
    return told


def _choices(kind: NoticeKind, people: Collection[User]) -> dict[tuple[int, str], bool]:
    chosen = NoticeChoice.objects.filter(kind=kind.code, person__in=people)
    return {
        (person, channel): wanted
        for person, channel, wanted in chosen.values_list("person", "channel", "wanted")
    }


def _row(
    kind: NoticeKind, person: User, channel: Channel, *, key: str, url: str, facts: dict[str, str]
) -> Notice:
    now = timezone.now()
    there = channel == Channel.SITE
    return Notice(
        person=person,
        channel=channel,
        kind=kind.code,
        key=key,
        facts=facts,
        url=url,
        state=NoticeState.SENT if there else NoticeState.WAITING,
        created_at=now,
        due_at=now if there or not kind.waits else after_the_night(now),
        handed_over_at=now if there else None,
    )


def after_the_night(moment: datetime) -> datetime:
    """``moment``, or eight in the morning if it lies between 21:00 and 8:00 (Shanghai)."""
    local = timezone.localtime(moment)
    if MORNING <= local.time() < NIGHT:
        return moment
    day = local.date() + timedelta(days=local.time() >= NIGHT)
    return timezone.make_aware(datetime.combine(day, MORNING))


def _wake() -> None:
    """Tell a worker; if it cannot be told, the next minute finds the notices."""
    from charity_hub.notices.tasks import send_notices

    try:
        send_notices.apply_async(retry=False)
    except Exception:
        logger.exception("notices wait: the broker cannot be reached")


def send_due() -> int:
    """Send what is due, one message after the other; returns how many left. Several workers may."""
    sent = 0
    while due := list(_due()[:IN_A_ROW]):
        sent += sum(_send(pk) for pk in due)
    return sent


def _due() -> QuerySet[Notice, int]:
    now = timezone.now()
    due = Notice.objects.filter(state=NoticeState.WAITING, due_at__lte=now).order_by("due_at", "pk")
    if after_the_night(now) > now:  # night fell while the worker was at it
        due = due.filter(kind__in=urgent())
    return due.values_list("pk", flat=True)


def _send(pk: int) -> bool:
    """Send one message. It is marked before it leaves: if the worker is lost, it is not sent twice."""
    now = timezone.now()
    mine = Notice.objects.filter(pk=pk, state=NoticeState.WAITING, due_at__lte=now)
    if not mine.update(state=NoticeState.SENDING, attempts=F("attempts") + 1, handed_over_at=now):
        return False
    notice = Notice.objects.select_related("person").get(pk=pk)
    why = hand_over(notice)
    _settle(notice, why)
    return not why


def _settle(notice: Notice, why: str) -> None:
    notice.error = why[:200]
    if not why:
        notice.state = NoticeState.SENT
    elif notice.attempts > len(PAUSES):
        notice.state = NoticeState.FAILED
    else:
        notice.state = NoticeState.WAITING
        notice.due_at = timezone.now() + PAUSES[notice.attempts - 1]
    Notice.objects.filter(pk=notice.pk, state=NoticeState.SENDING).update(
        state=notice.state, error=notice.error, due_at=notice.due_at
    )


def find_lost() -> int:
    """Mark messages whose worker was lost while it sent them. They may have left, so none is sent twice."""
    lost = Notice.objects.filter(state=NoticeState.SENDING, handed_over_at__lt=timezone.now() - LOST_AFTER)
    return lost.update(state=NoticeState.UNSURE)


def send_again(notices: Collection[Notice]) -> int:
    """Send messages that did not leave, or may not have; returns how many wait now."""
    stuck = Notice.objects.not_sent().filter(pk__in=[notice.pk for notice in notices])
    count = stuck.update(state=NoticeState.WAITING, attempts=0, error="", due_at=timezone.now())
    if count:
        transaction.on_commit(_wake)
    return count


def mark_read(user: User, notices: Iterable[int] | None = None) -> int:
    """Mark a person's notices as read, all of them if none are named; returns how many were not."""
    unread = Notice.objects.unread(user)
    if notices is not None:
        unread = unread.filter(pk__in=list(notices))
    return unread.update(read_at=timezone.now())


def choose(user: User, wanted: dict[tuple[str, str], bool]) -> None:
    """Keep what a person wants: by kind and channel. The portal itself is no choice."""
    NoticeChoice.objects.bulk_create(
        [
            NoticeChoice(person=user, kind=kind, channel=channel, wanted=chosen)
            for (kind, channel), chosen in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["person", "kind", "channel"],
        update_fields=["wanted"],
    )
