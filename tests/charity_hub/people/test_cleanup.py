"""What goes by itself at night, and what stays however often the sweep comes."""

from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.people.cleanup import (
    delete_ended_sessions,
    delete_old_audit_rows,
    delete_unverified_sign_ups,
)
from charity_hub.people.models import Look, SignIn, SignInEvent, User
from charity_hub.portal.models import Draft
from tests import cast
from tests.builders import membership
from tests.charity_hub.people.door import SIGN_UP, VERIFY, sent_code
from tests.config.test_settings import PRODUCTION, start
from tests.funds.attacks import triggers_off

pytestmark = pytest.mark.django_db

PHONE = "+8613711114444"


def later(**span: int) -> datetime:
    return timezone.now() + timedelta(**span)


def signed_up() -> tuple[Client, User]:
    client = Client()
    client.post(SIGN_UP, {"name": "陈示例", "phone": PHONE, "agreed": "on"})
    return client, User.objects.get(phone=PHONE)


def test_account_that_was_never_verified_goes_after_a_week() -> None:
    signed_up()
    with time_machine.travel(later(days=8)):
        assert delete_unverified_sign_ups() == 1
        assert delete_unverified_sign_ups() == 0
    assert not User.objects.filter(phone=PHONE).exists()


def test_within_the_week_it_stays() -> None:
    signed_up()
    with time_machine.travel(later(days=6)):
        assert delete_unverified_sign_ups() == 0


def test_the_swept_number_may_register_again() -> None:
    _client, swept = signed_up()
    with time_machine.travel(later(days=8)):
        delete_unverified_sign_ups()
        assert signed_up()[1].pk != swept.pk


def test_the_audit_row_of_the_registration_stays() -> None:
    signed_up()
    with time_machine.travel(later(days=8)):
        delete_unverified_sign_ups()
    assert SignIn.objects.get(event=SignInEvent.REGISTERED).phone == PHONE


def test_verified_account_stays() -> None:
    client, _person = signed_up()
    client.post(VERIFY, {"code": sent_code(PHONE)})
    with time_machine.travel(later(days=800)):
        assert delete_unverified_sign_ups() == 0


def test_account_with_a_role_stays() -> None:
    membership(signed_up()[1])
    with time_machine.travel(later(days=8)):
        assert delete_unverified_sign_ups() == 0


def test_account_with_anything_of_its_own_stays() -> None:
    Draft.objects.create(user=signed_up()[1], form_key="f", data="x")
    with time_machine.travel(later(days=8)):
        assert delete_unverified_sign_ups() == 0


def test_somebody_whom_an_administrator_entered_stays() -> None:
    none = {
        f"{prefix}-{what}_FORMS": "0"
        for prefix in ("memberships", "memberships-2")
        for what in ("TOTAL", "INITIAL")
    }
    page = "/admin/charity_hub/user/add/"
    cast.client_of(cast.ada()).post(page, {"name": "新同事", "phone": PHONE, "is_active": "on"} | none)
    assert User.objects.get(phone=PHONE).phone_verified is False
    with time_machine.travel(later(days=8)):
        assert delete_unverified_sign_ups() == 0


def test_sessions_that_are_over_go_with_what_was_noted_about_them() -> None:
    lan = cast.client_of(cast.lan())
    UserSession.objects.create(
        user=cast.lan(), session_key=lan.session.session_key, ip="127.0.0.1", user_agent="x"
    )
    assert delete_ended_sessions() == 0
    with time_machine.travel(later(days=2)):
        assert delete_ended_sessions() == 1
        assert delete_ended_sessions() == 0
    assert not Session.objects.exists()


# --- audit rows ----------------------------------------------------------------------------------


def audit_rows(age: timedelta) -> None:
    """A look and a sign-in of that age: PostgreSQL dates them itself, so its guards have to be off."""
    with triggers_off():
        look = Look.objects.create(user=cast.wen(), subject="x:1", field="phone")
        sign_in = SignIn.objects.create(event=SignInEvent.SIGNED_IN, user=cast.wen())
        Look.objects.filter(pk=look.pk).update(at=timezone.now() - age)
        SignIn.objects.filter(pk=sign_in.pk).update(at=timezone.now() - age)


def test_audit_rows_go_after_the_time_that_is_set(settings: Settings) -> None:
    settings.AUDIT_KEPT_MONTHS = 12
    audit_rows(timedelta(days=380))
    audit_rows(timedelta(days=360))
    assert delete_old_audit_rows() == 2
    assert delete_old_audit_rows() == 0
    assert (Look.objects.count(), SignIn.objects.count()) == (1, 1)


@pytest.mark.parametrize("table", ["people_look", "people_sign_in"])
def test_postgresql_lets_nobody_delete_them_within_six_months(table: str) -> None:
    audit_rows(timedelta(days=180))
    with pytest.raises(DatabaseError, match="before six months"), transaction.atomic():
        delete_all(table)


@pytest.mark.parametrize("table", ["people_look", "people_sign_in"])
def test_one_young_row_saves_all_that_a_statement_would_delete(table: str) -> None:
    audit_rows(timedelta(days=400))
    audit_rows(timedelta(days=1))
    with pytest.raises(DatabaseError, match="before six months"), transaction.atomic():
        delete_all(table)
    assert len({row.pk for row in (Look if table == "people_look" else SignIn).objects.all()}) == 2


@pytest.mark.parametrize("table", ["people_look", "people_sign_in"])
def test_nobody_makes_a_row_older_than_it_is(table: str) -> None:
    audit_rows(timedelta(days=1))
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET at = at - interval '1 year'")


def delete_all(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def test_portal_does_not_start_when_audit_rows_are_kept_too_short_a_time() -> None:
    assert "at least 6 months" in start(**PRODUCTION, AUDIT_KEPT_MONTHS="5").stderr
