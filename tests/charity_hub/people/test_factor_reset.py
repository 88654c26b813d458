"""An administrator takes a lost second factor away: who may, what it ends, what stays written down."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from charity_hub.errors import Refused
from charity_hub.people.demo_people import code_now
from charity_hub.people.factor_reset import reset_second_factor
from charity_hub.people.models import FactorReset, Role, TextMessage, User
from tests import cast
from tests.builders import membership, user
from tests.charity_hub.people.door import PASSWORD

pytestmark = pytest.mark.django_db

WHY = "手机丢失，本人带身份证到办公室"


def clerk() -> User:
    """Street staff with a password, an authenticator app and recovery codes."""
    person = user("职员示例", "+8613711112222", PASSWORD)
    membership(person, Role.STREET_STAFF)
    cast.has_factor(person)
    RecoveryCodes.activate(person)
    return person


def signed_in(person: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.phone, "password": PASSWORD})
    return client


def page_of(person: User) -> str:
    return f"/admin/charity_hub/user/{person.pk}/reset-factor/"


def test_apps_and_recovery_codes_stop_working() -> None:
    person = clerk()

    reset_second_factor(person, reason=WHY, actor=cast.ada())

    assert not Authenticator.objects.filter(user=person).exists()


def test_the_person_is_signed_out_everywhere() -> None:
    person = clerk()
    client = signed_in(person)
    client.post("/accounts/2fa/authenticate/", {"code": code_now(cast.TOTP_SECRET)})
    assert client.get("/desk/").status_code == 200

    reset_second_factor(person, reason=WHY, actor=cast.ada())

    assert client.get("/desk/")["Location"].startswith("/accounts/login/")


def test_a_session_that_changed_the_password_ends_too() -> None:
    person = clerk()
    client = signed_in(person)
    client.post("/accounts/2fa/authenticate/", {"code": code_now(cast.TOTP_SECRET)})
    new = {"oldpassword": PASSWORD, "password1": "another-long-one", "password2": "another-long-one"}
    client.post("/accounts/password/change/", new)
    assert client.get("/desk/").status_code == 200

    reset_second_factor(person, reason=WHY, actor=cast.ada())

    assert client.get("/desk/")["Location"].startswith("/accounts/login/")


def test_the_next_sign_in_leads_to_a_new_factor() -> None:
    person = clerk()
    reset_second_factor(person, reason=WHY, actor=cast.ada())

    answer = signed_in(person).get("/desk/")

    assert answer["Location"].startswith("/accounts/2fa/totp/activate/")


def test_it_is_recorded_whose_by_whom_and_why() -> None:
    person = clerk()
    reset_second_factor(person, reason=f" {WHY} ", actor=cast.ada())

    row = FactorReset.objects.get()
    assert (row.person, row.actor, row.reason) == (person, cast.ada(), WHY)


def test_only_administrators_reset() -> None:
    with pytest.raises(Refused, match="Only administrators"):
        reset_second_factor(clerk(), reason=WHY, actor=cast.mei())


def test_nobody_resets_their_own() -> None:
    me = cast.has_factor(cast.ada())

    with pytest.raises(Refused, match="Ask another administrator"):
        reset_second_factor(me, reason=WHY, actor=me)
    assert Authenticator.objects.filter(user=me).exists()


def test_a_reason_is_asked_for() -> None:
    person = clerk()

    with pytest.raises(Refused, match="Say why"):
        reset_second_factor(person, reason="  ", actor=cast.ada())
    assert Authenticator.objects.filter(user=person).exists()


def test_there_must_be_something_to_reset() -> None:
    with pytest.raises(Refused, match="has no second factor"):
        reset_second_factor(cast.lan(), reason=WHY, actor=cast.ada())
    assert not FactorReset.objects.exists()


# --- the page ------------------------------------------------------------------------------------


def test_the_page_resets_and_tells_both() -> None:
    person = clerk()
    admin = cast.client_of(cast.ada())
    assert admin.get(page_of(person)).status_code == 200

    answer = admin.post(page_of(person), {"reason": WHY})

    assert answer["Location"] == f"/admin/charity_hub/user/{person.pk}/change/"
    assert "艾达示例 has reset your second factor" in TextMessage.objects.get(phone=person.phone).text
    assert (
        "You have reset the second factor of 职员示例" in TextMessage.objects.get(phone=cast.ada().phone).text
    )


def test_looking_at_the_page_resets_nothing() -> None:
    person = clerk()
    cast.client_of(cast.ada()).get(page_of(person))
    assert Authenticator.objects.filter(user=person).exists()


def test_ones_own_page_says_whom_to_ask() -> None:
    me = cast.has_factor(cast.ada())
    answer = cast.client_of(me).post(page_of(me), {"reason": WHY})
    assert "Ask another administrator" in answer.content.decode()


def test_a_failing_carrier_does_not_stop_the_reset(settings: Settings) -> None:
    settings.SMS_BACKEND = "no.such.carrier"
    person = clerk()
    answer = cast.client_of(cast.ada()).post(page_of(person), {"reason": WHY}, follow=True)

    assert FactorReset.objects.filter(person=person).exists()
    assert "职员示例 could not be told" in answer.content.decode()


def test_others_do_not_come_near() -> None:
    person = clerk()
    assert cast.client_of(cast.mei()).post(page_of(person), {"reason": WHY}).status_code == 403
    assert Authenticator.objects.filter(user=person).exists()


def test_resets_are_listed_for_administrators() -> None:
    reset_second_factor(clerk(), reason=WHY, actor=cast.ada())
    page = cast.client_of(cast.ada()).get("/admin/charity_hub/factorreset/").content.decode()
    assert WHY in page


# --- the command ---------------------------------------------------------------------------------


def test_the_only_administrator_is_helped_from_the_command_line() -> None:
    me = cast.has_factor(cast.ada())
    call_command("reset_second_factor", me.phone, reason=WHY)

    assert not Authenticator.objects.filter(user=me).exists()
    assert FactorReset.objects.get().actor is None
    assert "was reset" in TextMessage.objects.get(phone=me.phone).text


@pytest.mark.parametrize("phone", ["+8613999999999", "x"])
def test_the_command_names_nobody_by_mistake(phone: str) -> None:
    with pytest.raises(CommandError, match="Nobody has this phone number"):
        call_command("reset_second_factor", phone, reason=WHY)


# --- attacks on the record -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE people_factor_reset SET reason = 'another'",
        "DELETE FROM people_factor_reset",
        "TRUNCATE people_factor_reset CASCADE",
    ],
)
def test_a_reset_is_never_rewritten(attack: str) -> None:
    reset_second_factor(clerk(), reason=WHY, actor=cast.ada())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            cursor.execute(attack)
    assert FactorReset.objects.get().reason == WHY


def test_postgresql_refuses_a_reset_of_ones_own() -> None:
    me = cast.ada()
    with pytest.raises(IntegrityError, match="factor_reset_is_done_by_another"), transaction.atomic():
        FactorReset.objects.create(person=me, actor=me, reason=WHY)


def test_postgresql_refuses_a_reset_without_a_reason() -> None:
    with pytest.raises(IntegrityError, match="factor_reset_has_a_reason"), transaction.atomic():
        FactorReset.objects.create(person=clerk(), actor=cast.ada(), reason="")
