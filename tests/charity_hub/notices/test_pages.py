"""The bell, the list and the choices."""

import pytest

from charity_hub.notices.actions import notify
from charity_hub.notices.models import Notice, NoticeChoice
from tests import cast
from tests.cast import client_of

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def test_the_bell_counts_what_is_not_read_yet() -> None:
    client = client_of(cast.lan())
    notify("waits", [cast.lan()], key="one", url="/me/", number="7")
    notify("waits", [cast.lan()], key="two", url="/me/", number="8")
    assert client.get("/me/").context["hub"].unread == 2
    client.post("/me/notices/read/")
    assert client.get("/me/").context["hub"].unread == 0


def test_a_notice_leads_to_what_it_is_about_and_is_read() -> None:
    notify("waits", [cast.lan()], key="one", url="/me/profile/", number="7")
    notice = Notice.objects.in_portal(cast.lan()).get()
    page = client_of(cast.lan()).get("/me/notices/", headers=ENGLISH).content.decode()
    assert "Number 7 can wait" in page
    assert client_of(cast.lan()).post(f"/me/notices/{notice.pk}/")["Location"] == "/me/profile/"
    notice.refresh_from_db()
    assert notice.read_at


def test_looking_at_the_list_reads_nothing() -> None:
    notify("waits", [cast.lan()], key="one", url="/me/", number="7")
    client_of(cast.lan()).get("/me/notices/")
    assert Notice.objects.unread(cast.lan()).count() == 1


def test_an_address_elsewhere_is_not_followed() -> None:
    notify("waits", [cast.lan()], key="one", url="//elsewhere.example/", number="7")
    notice = Notice.objects.in_portal(cast.lan()).get()
    assert client_of(cast.lan()).post(f"/me/notices/{notice.pk}/")["Location"] == "/me/notices/"


def test_somebody_elses_notice_is_not_there() -> None:
    notify("waits", [cast.lan()], key="one", url="/me/", number="7")
    notice = Notice.objects.in_portal(cast.lan()).get()
    assert client_of(cast.bo()).post(f"/me/notices/{notice.pk}/").status_code == 404
    assert Notice.objects.unread(cast.lan()).count() == 1


def test_the_choices_are_kept() -> None:
    client = client_of(cast.lan())
    client.post("/me/notices/choices/", {"quiet-text": "on"})
    chosen = dict(NoticeChoice.objects.filter(person=cast.lan()).values_list("kind", "wanted"))
    assert chosen == {"waits": False, "urgent": False, "quiet": True}
    form = client.get("/me/notices/choices/").context["form"]
    assert [box.initial for _kind, boxes in form.rows() for box in boxes] == [False, False, True]


def test_the_administration_sends_again_what_failed() -> None:
    notify("waits", [cast.lan()], key="one", url="/me/", number="7")
    message = Notice.objects.get(channel="text")
    Notice.objects.filter(pk=message.pk).update(state="sending")
    Notice.objects.filter(pk=message.pk).update(state="failed", error="the carrier is closed")
    client = client_of(cast.ada())
    page = client.get("/admin/charity_hub/notice/?state__in=failed,unsure").content.decode()
    assert "the carrier is closed" in page
    client.post("/admin/charity_hub/notice/", {"action": "send_again", "_selected_action": [str(message.pk)]})
    message.refresh_from_db()
    assert message.state == "waiting"
