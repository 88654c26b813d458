from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from charity_hub.portal.drafts import find_draft, save_draft
from charity_hub.portal.models import Draft
from tests import cast
from tests.charity_hub.portal.test_forms import GIVE, filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]
SAVE = "/drafts/give:1/"


def test_what_is_typed_comes_back_when_it_is_asked_for() -> None:
    client = cast.client_of(cast.lan())
    client.post(SAVE, {"amount": "1,2", "note": "half a thought 𠮷", "purpose": "home"})
    page = client.get(GIVE, {"draft": "restore"}).content.decode()
    assert 'value="1,2"' in page
    assert "half a thought 𠮷" in page
    assert '<option value="home" selected>' in page


def test_a_form_that_is_opened_again_begins_empty_and_offers_the_draft() -> None:
    client = cast.client_of(cast.lan())
    client.post(SAVE, {"amount": "200", "note": "half a thought"})
    answer = client.get(GIVE)
    assert answer.context["draft"]
    assert "draft=restore" in answer.content.decode()
    assert (answer.context["form"]["amount"].value(), answer.context["form"]["note"].value()) == (None, None)


def test_saving_answers_with_the_time() -> None:
    with time_machine.travel("2026-03-05 14:03+08:00", tick=False):
        answer = cast.client_of(cast.lan()).post(SAVE, {"note": "x"})
    assert "14:03" in answer.content.decode()


def test_the_draft_is_gone_once_the_form_was_sent() -> None:
    client = cast.client_of(cast.lan())
    client.post(SAVE, {"note": "x"})
    assert Draft.objects.exists()
    client.post(GIVE, filled(confirmed="1"))
    assert not Draft.objects.exists()


def test_a_draft_can_be_thrown_away() -> None:
    client = cast.client_of(cast.lan())
    client.post(SAVE, {"note": "x"})
    assert Draft.objects.exists()
    client.post(SAVE, {"discard": "1", "next": GIVE})
    assert not Draft.objects.exists()


def test_a_draft_belongs_to_one_person_and_one_form() -> None:
    cast.client_of(cast.lan()).post(SAVE, {"note": "secret"})
    restored = {"draft": "restore"}
    assert "secret" in cast.client_of(cast.lan()).get(GIVE, restored).content.decode()
    assert "secret" not in cast.client_of(cast.bo()).get(GIVE, restored).content.decode()
    assert find_draft(cast.lan(), "give:2") is None


def test_the_database_holds_the_draft_encrypted() -> None:
    save_draft(cast.lan(), "give:1", QueryDict("note=secretword"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM portal_draft")
        (stored,) = cursor.fetchone()
    assert "secretword" not in stored


def test_tokens_and_passwords_are_not_kept() -> None:
    save_draft(
        cast.lan(), "give:1", QueryDict("note=x&opened_by=t&csrfmiddlewaretoken=c&password1=p&confirmed=1")
    )
    draft = find_draft(cast.lan(), "give:1")
    assert draft is not None
    assert QueryDict(draft.data).dict() == {"note": "x"}


@pytest.mark.parametrize("typed", ["note=&amount=", "note=" + "x" * 250_000])
def test_nothing_and_far_too_much_are_not_kept(typed: str) -> None:
    assert save_draft(cast.lan(), "give:1", QueryDict(typed)) is None


def test_an_old_draft_is_not_offered() -> None:
    save_draft(cast.lan(), "give:1", QueryDict("note=x"))
    offered = []
    for days in (29, 31):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            offered.append(find_draft(cast.lan(), "give:1") is not None)
    assert offered == [True, False]


def test_anonymous_people_have_no_drafts() -> None:
    answer = cast.client_of(None).post(SAVE, {"note": "x"})
    assert answer.status_code == 302
    assert not Draft.objects.exists()
