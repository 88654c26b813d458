"""What goes out: once, in daylight, again after a refusal; and what staff learn of it."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.notices.actions import LOST_AFTER, PAUSES, find_lost, notify, send_again, send_due
from charity_hub.notices.models import Channel, Notice, NoticeState
from charity_hub.notices.registrations import not_sent
from charity_hub.people.models import User
from tests import cast
from tests.charity_hub.notices import carriers
from tests.charity_hub.notices.specimen import AT_NIGHT, AT_NOON, clock

pytestmark = pytest.mark.django_db
CARRIERS = "tests.charity_hub.notices.carriers"


@pytest.fixture(autouse=True)
def _carrier(settings: Settings) -> Iterator[None]:
    settings.SMS_BACKEND = f"{CARRIERS}.text"
    carriers.handed_over.clear()
    with clock(AT_NOON):
        yield


def message(kind: str = "waits", key: str = "one") -> Notice:
    notify(kind, [cast.lan()], key=key, url="/me/", number="7")
    return Notice.objects.get(channel=Channel.TEXT, key=key)


def test_a_message_is_sent_once() -> None:
    waiting = message()
    assert send_due() == 1
    assert send_due() == 0
    assert carriers.handed_over == [(cast.lan().phone, "Number 7 can wait")]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (NoticeState.SENT, 1)


def test_wechat_gets_the_words_and_the_whole_address(settings: Settings) -> None:
    settings.WECHAT_NOTICES_BACKEND = f"{CARRIERS}.wechat"
    message()
    send_due()
    assert (settings.SITE_URL + "/me/", "Number 7 can wait") in carriers.handed_over


def test_a_refusal_is_tried_again_after_growing_pauses_and_then_shown_to_staff(settings: Settings) -> None:
    settings.SMS_BACKEND = f"{CARRIERS}.refuses"
    waiting, now, pauses = message("urgent"), AT_NOON, []
    for _attempt in PAUSES:
        with clock(now):
            assert send_due() == 0
        waiting.refresh_from_db()
        pauses.append(waiting.due_at - now)
        now = waiting.due_at
    assert pauses == PAUSES
    assert waiting.state == NoticeState.WAITING
    with clock(now):
        send_due()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.error) == (NoticeState.FAILED, "the carrier is closed")
    assert [item.title for item in not_sent(cast.ada())] != []
    assert not_sent(cast.mei()) == []


def test_what_a_carrier_says_of_the_message_is_not_kept(settings: Settings) -> None:
    settings.SMS_BACKEND = f"{CARRIERS}.breaks"
    waiting = message()
    send_due()
    waiting.refresh_from_db()
    assert waiting.error == "ValueError"


def test_what_failed_is_sent_again_when_staff_ask(settings: Settings) -> None:
    waiting = message()
    Notice.objects.filter(pk=waiting.pk).update(state=NoticeState.SENDING)
    Notice.objects.filter(pk=waiting.pk).update(state=NoticeState.FAILED)
    assert send_again([waiting]) == 1
    assert send_again([waiting]) == 0
    assert send_due() == 1


def test_night_falls_while_messages_are_sent() -> None:
    message("waits", "one")
    message("urgent", "two")
    with clock(AT_NIGHT):
        assert send_due() == 1
    assert [words for _phone, words in carriers.handed_over] == ["Number 7 is urgent"]


def test_a_message_whose_worker_was_lost_is_not_sent_twice() -> None:
    sending = message()
    Notice.objects.filter(pk=sending.pk).update(state=NoticeState.SENDING, handed_over_at=timezone.now())
    assert find_lost() == 0
    with clock(AT_NOON + LOST_AFTER + timedelta(seconds=1)):
        assert find_lost() == 1
        assert send_due() == 0
    sending.refresh_from_db()
    assert sending.state == NoticeState.UNSURE
    assert len(not_sent(cast.ada())) == 1


@pytest.mark.django_db(transaction=True)
def test_five_workers_at_once_send_each_message_once() -> None:
    people = User.objects.filter(pk__in=[cast.lan().pk, cast.bo().pk, cast.mei().pk])
    for number in range(20):
        notify("urgent", people, key=str(number), number=str(number))

    def work() -> None:
        send_due()
        connection.close()

    workers = [Thread(target=work) for _number in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(carriers.handed_over) == len(set(carriers.handed_over)) == 60
