"""Who is told what, by which channel, and how often."""

from datetime import datetime

import pytest
from django.db import IntegrityError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from charity_hub.notices.actions import choose, mark_read, notify
from charity_hub.notices.models import Channel, Notice, NoticeChoice, NoticeState
from charity_hub.people.models import User
from tests import cast
from tests.charity_hub.ledger.attacks import refused_by, sql
from tests.charity_hub.notices.specimen import AT_NIGHT, AT_NOON, clock

pytestmark = pytest.mark.django_db


def told(person: User) -> set[tuple[str, str]]:
    return set(Notice.objects.filter(person=person).values_list("channel", "key"))


def test_a_person_is_told_in_the_portal_and_by_text_message() -> None:
    assert notify("waits", [cast.lan()], key="one", number="7") == 1
    assert told(cast.lan()) == {("site", "one"), ("text", "one")}
    assert str(Notice.objects.in_portal(cast.lan()).get()) == "Number 7 can wait"


def test_the_same_event_tells_once() -> None:
    notify("waits", [cast.lan()], key="one", number="7")
    assert notify("waits", [cast.lan(), cast.bo()], key="one", number="8") == 1
    assert Notice.objects.filter(person=cast.lan()).count() == 2
    assert Notice.objects.in_portal(cast.lan()).get().facts == {"number": "7"}


def test_somebody_named_twice_is_told_once() -> None:
    assert notify("waits", [cast.lan(), cast.lan()], key="one", number="7") == 1


def test_who_was_switched_off_is_not_told() -> None:
    User.objects.filter(pk=cast.bo().pk).update(is_active=False)
    assert (
        notify("waits", User.objects.filter(pk__in=[cast.bo().pk, cast.lan().pk]), key="one", number="7") == 1
    )
    assert Notice.objects.filter(person=cast.bo()).count() == 0


def test_a_person_chooses_by_kind_what_goes_out() -> None:
    choose(cast.lan(), {("waits", "text"): False, ("quiet", "text"): True})
    notify("waits", [cast.lan()], key="one", number="7")
    notify("urgent", [cast.lan()], key="two", number="7")
    notify("quiet", [cast.lan(), cast.bo()], key="three", number="7")
    assert told(cast.lan()) == {
        ("site", "one"),
        ("site", "two"),
        ("text", "two"),
        ("site", "three"),
        ("text", "three"),
    }
    assert told(cast.bo()) == {("site", "three")}


def test_choosing_again_replaces_the_choice() -> None:
    choose(cast.lan(), {("waits", "text"): False})
    choose(cast.lan(), {("waits", "text"): True})
    assert NoticeChoice.objects.get().wanted


def test_wechat_is_a_channel_where_it_is_set_up(settings: Settings) -> None:
    settings.WECHAT_NOTICES_BACKEND = "tests.charity_hub.notices.carriers.wechat"
    notify("waits", [cast.lan()], key="one", number="7")
    assert told(cast.lan()) == {("site", "one"), ("text", "one"), ("wechat", "one")}


@pytest.mark.parametrize(
    ("kind", "at", "due"),
    [
        ("waits", AT_NIGHT, "2026-03-06 08:00"),
        ("urgent", AT_NIGHT, "2026-03-05 22:30"),
        ("waits", AT_NOON, "2026-03-05 12:00"),
    ],
)
def test_what_can_wait_is_not_sent_at_night(kind: str, at: datetime, due: str) -> None:
    with clock(at):
        notify(kind, [cast.lan()], key="one", number="7")
    message = Notice.objects.get(channel=Channel.TEXT)
    assert f"{timezone.localtime(message.due_at):%Y-%m-%d %H:%M}" == due


def test_ten_people_cost_as_many_queries_as_one(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    people = [person for person in cast.everybody().values() if person]
    with django_assert_num_queries(3):
        notify("waits", people[:1], key="one", number="7")
    with django_assert_num_queries(3):
        notify("waits", people, key="two", number="7")


def test_reading_is_ones_own() -> None:
    notify("waits", [cast.lan(), cast.bo()], key="one", number="7")
    of_bo = Notice.objects.in_portal(cast.bo()).get()
    assert mark_read(cast.lan(), [of_bo.pk]) == 0
    assert mark_read(cast.lan()) == 1
    assert Notice.objects.unread(cast.lan()).count() == 0
    assert Notice.objects.unread(cast.bo()).count() == 1


# --- behind the ORM ---------------------------------------------------------------------------


def test_an_event_is_told_once_behind_the_orm_too() -> None:
    notify("waits", [cast.lan()], key="one", number="7")
    with pytest.raises(IntegrityError, match="notice_tells_once"):
        Notice.objects.create(person=cast.lan(), channel=Channel.TEXT, kind="waits", key="one")


@pytest.mark.parametrize(
    "column", ["facts = '{}'", "key = 'other'", "person_id = person_id + 1", "url = '/x/'"]
)
def test_a_notice_stays_as_it_was_written(column: str) -> None:
    notify("waits", [cast.lan()], key="one", number="7")
    with refused_by("notice_stays_as_written"):
        sql(f"UPDATE notices_notice SET {column}")


@pytest.mark.parametrize("state", [NoticeState.SENT, NoticeState.FAILED, NoticeState.UNSURE])
def test_a_message_that_waits_is_sent_before_anything_else(state: str) -> None:
    notify("waits", [cast.lan()], key="one", number="7")
    with refused_by("notice_moves_by_sending"):
        sql("UPDATE notices_notice SET state = %s WHERE channel = 'text'", state)
