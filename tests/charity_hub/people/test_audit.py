"""Audit rows: written for what happens at the door and for looks at personal data, and never changed."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from charity_hub.people.checks import text_messages_leave_the_house
from charity_hub.people.disclosures import record_look
from charity_hub.people.models import Look, SignIn, SignInEvent, User
from charity_hub.people.sms import send_text
from tests import cast
from tests.builders import user

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-demo-password"


def test_a_sign_in_leaves_who_when_how_and_from_where() -> None:
    person = user("示例", "+8613711112222", PASSWORD)
    client = Client(headers={"User-Agent": "Example/1.0"}, REMOTE_ADDR="203.0.113.7")
    client.post("/accounts/login/", {"login": person.phone, "password": PASSWORD})
    client.post("/accounts/logout/")

    out, come_in = SignIn.objects.all()
    assert (come_in.event, come_in.user, come_in.method) == (SignInEvent.SIGNED_IN, person, "password")
    assert (come_in.address, come_in.browser) == ("203.0.113.7", "Example/1.0")
    assert (out.event, out.user) == (SignInEvent.SIGNED_OUT, person)


def test_a_wrong_password_is_noted_without_the_password() -> None:
    person = user("示例", "+8613711112222", PASSWORD)
    Client().post("/accounts/login/", {"login": "137 1111 2222", "password": "my-secret-typo"})

    row = SignIn.objects.get()
    assert (row.event, row.user, row.phone) == (SignInEvent.WRONG_PASSWORD, person, "+8613711112222")
    assert "my-secret-typo" not in str(SignIn.objects.values())


def test_a_try_with_an_unknown_number_is_noted() -> None:
    Client().post("/accounts/login/", {"login": "13711112222", "password": "whatever-it-is"})

    row = SignIn.objects.get()
    assert (row.event, row.user, row.phone) == (SignInEvent.WRONG_PASSWORD, None, "+8613711112222")


def test_a_look_names_the_subject_and_not_the_data() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7")
    request.user = cast.wen()

    look = record_look(request, cast.lan(), "phone")

    assert look.subject == f"charity_hub.user:{cast.lan().pk}"
    assert (look.user, look.field, look.address) == (cast.wen(), "phone", "203.0.113.7")


def test_anonymous_people_never_look() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    with pytest.raises(TypeError):
        record_look(request, cast.lan(), "phone")


@pytest.mark.parametrize("table", ["people_look", "people_sign_in"])
@pytest.mark.parametrize(
    "attack", ["UPDATE {0} SET address = NULL", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"]
)
def test_postgresql_refuses_to_rewrite_audit_rows(table: str, attack: str) -> None:
    Look.objects.create(user=cast.wen(), subject="x:1", field="phone")
    SignIn.objects.create(event=SignInEvent.SIGNED_IN, user=cast.wen())
    with connection.cursor() as cursor:
        # A row whose foreign key still waits to be checked would stop a TRUNCATE before our trigger does.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack.format(table))


def test_whoever_left_traces_cannot_be_deleted() -> None:
    Look.objects.create(user=cast.wen(), subject="x:1", field="phone")

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("DELETE FROM people_user WHERE id = %s", [cast.wen().pk])


def test_the_history_of_people_holds_no_password() -> None:
    person = user("示例", "+8613711112222", PASSWORD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_user_event WHERE pgh_obj_id = %s", [person.pk])
        assert cursor.rowcount == 1
        columns = {column.name for column in cursor.description}

    assert {"phone", "name"} <= columns
    assert not {"password", "last_login"} & columns


def test_signing_in_alone_writes_no_history() -> None:
    person = user("示例", "+8613711112222", PASSWORD)
    Client().post("/accounts/login/", {"login": person.phone, "password": PASSWORD})
    assert User.objects.get(pk=person.pk).last_login
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_user_event WHERE pgh_obj_id = %s", [person.pk])
        assert cursor.fetchone() == (1,)


def test_production_is_told_when_messages_go_nowhere(settings: Settings) -> None:
    assert [message.id for message in text_messages_leave_the_house()] == ["people.E001"]
    settings.SMS_BACKEND = "carrier.send"
    assert [message.id for message in text_messages_leave_the_house()] == ["people.E001"]
    settings.SMS_BACKEND = "http"
    assert text_messages_leave_the_house() == []


def test_a_message_goes_to_the_backend_that_is_set(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr("charity_hub.people.sms.keep", lambda phone, text: sent.append((phone, text)))
    settings.SMS_BACKEND = "charity_hub.people.sms.keep"

    send_text("+8613711112222", "words")

    assert sent == [("+8613711112222", "words")]
