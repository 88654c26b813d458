"""A lost second factor is taken away: who asks, who confirms, what waits, who stops it, what is recorded."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.errors import Refused
from charity_hub.people.demo_people import code_now
from charity_hub.people.factor_reset import ask_for_reset, carry_out_reset, confirm_reset, stop_reset
from charity_hub.people.models import FactorReset, Grounds, ResetState, Role, TextMessage, User
from charity_hub.portal.desk import waiting_for
from charity_hub.workflow.actions import history
from tests import cast
from tests.builders import membership, user
from tests.charity_hub.people.door import PASSWORD, hours_pass

pytestmark = pytest.mark.django_db

type Act = Callable[..., FactorReset]

WHY = "手机丢失，本人带身份证到办公室"


def clerk() -> User:
    """Street staff with a password, an authenticator app and recovery codes."""
    person = User.objects.filter(phone="+8613711112222").first()
    if person is None:
        person = user("职员示例", "+8613711112222", PASSWORD)
        membership(person, Role.STREET_STAFF)
        cast.has_factor(person)
        RecoveryCodes.activate(person)
    return person


def second() -> User:
    """Another administrator."""
    phone = "+8613711118888"
    return User.objects.filter(phone=phone).first() or user(
        "贝塔示例", phone, is_staff=True, is_superuser=True
    )


def asked(person: User | None = None) -> FactorReset:
    """Ada asks; both administrators have been that for long."""
    second(), cast.ada()
    hours_pass()
    return ask_for_reset(person or clerk(), reason=WHY, actor=cast.ada())


def done(person: User | None = None) -> FactorReset:
    return confirm_reset(asked(person), actor=second())


def has_factor(person: User) -> bool:
    return bool(Authenticator.objects.filter(user=person).exists())


def new_number(person: User, phone: str = "+8613711119999") -> None:
    """Their number is replaced; they have used their account before."""
    User.objects.filter(pk=person.pk).update(last_login=timezone.now())
    User.objects.filter(pk=person.pk).update(phone=phone)


def signed_in(person: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.phone, "password": PASSWORD})
    return client


def page_of(person: User) -> str:
    return f"/admin/charity_hub/user/{person.pk}/reset-factor/"


def step(reset: FactorReset, name: str) -> str:
    return f"/admin/charity_hub/factorreset/{reset.pk}/{name}/"


# --- what it does --------------------------------------------------------------------------------


def test_apps_and_recovery_codes_stop_working_once_it_is_confirmed() -> None:
    reset = asked()
    assert has_factor(clerk())

    confirm_reset(reset, actor=second())

    assert not has_factor(clerk())


def test_the_person_is_signed_out_everywhere() -> None:
    client = signed_in(clerk())
    client.post("/accounts/2fa/authenticate/", {"code": code_now(cast.TOTP_SECRET)})
    new = {"oldpassword": PASSWORD, "password1": "another-long-one", "password2": "another-long-one"}
    client.post("/accounts/password/change/", new)
    assert client.get("/desk/").status_code == 200

    done()

    assert client.get("/desk/")["Location"].startswith("/accounts/login/")


def test_the_next_sign_in_leads_to_a_new_factor() -> None:
    done()
    assert signed_in(clerk()).get("/desk/")["Location"].startswith("/accounts/2fa/totp/activate/")


def test_it_is_recorded_who_asked_who_confirmed_and_why() -> None:
    reset = done()

    assert (reset.person, reset.actor, reset.confirmed_by) == (clerk(), cast.ada(), second())
    assert (reset.reason, reset.grounds) == (WHY, Grounds.ADMINISTRATOR)
    moves = [(one.old, one.new, one.actor) for one in history(reset)]
    assert moves == [
        ("", "asked", cast.ada()),
        ("asked", "confirmed", second()),
        ("confirmed", "executed", second()),
    ]


# --- who may -------------------------------------------------------------------------------------


def test_only_administrators_ask() -> None:
    with pytest.raises(Refused, match="Only administrators"):
        ask_for_reset(clerk(), reason=WHY, actor=cast.mei())


def test_nobody_asks_for_their_own() -> None:
    me = cast.has_factor(cast.ada())
    with pytest.raises(Refused, match="Ask another administrator"):
        ask_for_reset(me, reason=WHY, actor=me)


def test_a_reason_is_asked_for() -> None:
    with pytest.raises(Refused, match="State why"):
        ask_for_reset(clerk(), reason="  ", actor=cast.ada())


def test_there_must_be_something_to_reset() -> None:
    with pytest.raises(Refused, match="has no second factor"):
        ask_for_reset(cast.lan(), reason=WHY, actor=cast.ada())


def test_asking_again_is_the_same_reset() -> None:
    assert asked() == ask_for_reset(clerk(), reason=WHY, actor=cast.ada())


@pytest.mark.parametrize("act", [confirm_reset, carry_out_reset])
def test_who_asked_neither_confirms_nor_carries_out_alone(act: Act) -> None:
    reset = asked()
    with pytest.raises(Refused):
        act(reset, actor=cast.ada())
    assert has_factor(clerk())


def test_nobody_confirms_their_own() -> None:
    reset = asked(cast.has_factor(second()))
    with pytest.raises(Refused, match="Nobody resets their own"):
        confirm_reset(reset, actor=second())


def test_an_administrator_made_for_the_purpose_does_not_confirm() -> None:
    reset = asked()
    puppet = user("傀儡示例", is_staff=True, is_superuser=True)
    with pytest.raises(Refused, match="less than 24 hours"):
        confirm_reset(reset, actor=puppet)

    hours_pass()
    assert confirm_reset(reset, actor=puppet).state == ResetState.EXECUTED


def test_confirming_twice_is_a_quiet_no_op() -> None:
    reset = done()
    assert confirm_reset(reset, actor=second()).state == ResetState.EXECUTED


def test_a_recovery_code_confirms_too_and_is_used_up() -> None:
    code = RecoveryCodes.activate(clerk()).get_unused_codes()[0]
    second(), cast.ada()

    reset = ask_for_reset(clerk(), reason=WHY, actor=cast.ada(), recovery_code=code)

    assert (reset.state, reset.grounds) == (ResetState.EXECUTED, Grounds.RECOVERY_CODE)
    assert not has_factor(clerk())


def test_a_wrong_recovery_code_asks_for_nothing() -> None:
    with pytest.raises(Refused) as refused:
        ask_for_reset(clerk(), reason=WHY, actor=cast.ada(), recovery_code="00000000")
    assert refused.value.field == "recovery_code"
    assert not FactorReset.objects.exists()


# --- the wait ------------------------------------------------------------------------------------


def test_one_administrator_alone_waits() -> None:
    reset = ask_for_reset(clerk(), reason=WHY, actor=cast.ada())
    with pytest.raises(Refused, match="waits until"):
        carry_out_reset(reset, actor=cast.ada())

    hours_pass()

    assert carry_out_reset(reset, actor=cast.ada()).grounds == Grounds.ALONE
    assert not has_factor(clerk())


def test_switching_the_other_administrator_off_leaves_nobody_alone() -> None:
    reset = asked()
    User.objects.filter(pk=second().pk).update(is_active=False)
    with pytest.raises(Refused, match="Another administrator"):
        carry_out_reset(reset, actor=cast.ada())


def test_a_changed_number_makes_even_a_confirmed_reset_wait() -> None:
    reset = asked()
    new_number(clerk())

    reset = confirm_reset(reset, actor=second())
    assert reset.state == ResetState.CONFIRMED
    with pytest.raises(Refused, match="waits until"):
        carry_out_reset(reset, actor=cast.ada())

    hours_pass()
    assert carry_out_reset(reset, actor=cast.ada()).state == ResetState.EXECUTED


def test_the_wait_is_a_setting(settings: Settings) -> None:
    settings.FACTOR_RESET_WAIT_HOURS = 48
    reset = ask_for_reset(clerk(), reason=WHY, actor=cast.ada())
    hours_pass()
    with pytest.raises(Refused, match="waits until"):
        carry_out_reset(reset, actor=cast.ada())


# --- stopping ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [clerk, second, cast.ada])
def test_the_person_and_administrators_stop_it(who: Callable[[], User]) -> None:
    reset = asked()
    stopped = stop_reset(reset, actor=who())

    assert stopped.state == ResetState.WITHDRAWN
    with pytest.raises(Refused):
        confirm_reset(reset, actor=second())
    assert has_factor(clerk())


def test_others_do_not_stop_it() -> None:
    with pytest.raises(Refused):
        stop_reset(asked(), actor=cast.mei())


def test_the_person_sees_it_on_their_pages_and_stops_it_there() -> None:
    reset = asked()
    client = cast.client_of(clerk())
    assert "/me/second-factor/stop-reset/" in client.get("/desk/").content.decode()
    assert "/me/second-factor/stop-reset/" in client.get("/me/").content.decode()

    client.post("/me/second-factor/stop-reset/")

    reset.refresh_from_db()
    assert reset.state == ResetState.WITHDRAWN


def test_nobody_stops_anothers_reset_on_ones_own_page() -> None:
    asked()
    assert cast.client_of(cast.lan()).get("/me/second-factor/stop-reset/").status_code == 404


def test_it_waits_on_the_desk_of_administrators() -> None:
    reset = asked()
    lists = {one.worklist.name: one.items for one in waiting_for(second())}
    assert [item.url for item in lists["factor-resets"]] == [
        f"/admin/charity_hub/factorreset/{reset.pk}/change/"
    ]


# --- the pages -----------------------------------------------------------------------------------


def test_the_pages_ask_confirm_and_tell_everybody() -> None:
    second(), cast.ada()
    hours_pass()
    answer = cast.client_of(cast.ada()).post(page_of(clerk()), {"reason": WHY})
    reset = FactorReset.objects.get()
    assert answer["Location"] == f"/admin/charity_hub/factorreset/{reset.pk}/change/"
    told = set(TextMessage.objects.values_list("phone", flat=True))
    assert told == {clerk().phone, second().phone}

    cast.client_of(second()).post(step(reset, "confirm"))

    reset.refresh_from_db()
    assert reset.state == ResetState.EXECUTED
    last = TextMessage.objects.order_by("-pk").values_list("phone", flat=True)[:2]
    assert set(last) == {clerk().phone, cast.ada().phone}


def test_warnings_go_to_the_old_number_too() -> None:
    second(), cast.ada()
    hours_pass()
    old = clerk().phone
    new_number(clerk())
    person = User.objects.get(phone="+8613711119999")

    cast.client_of(cast.ada()).post(page_of(person), {"reason": WHY})

    told = set(TextMessage.objects.values_list("phone", flat=True))
    assert {old, person.phone} <= told


@pytest.mark.parametrize("name", ["confirm", "carry-out", "stop"])
def test_looking_at_a_page_changes_nothing(name: str) -> None:
    reset = asked()
    assert cast.client_of(second()).get(step(reset, name)).status_code == 200
    reset.refresh_from_db()
    assert reset.state == ResetState.ASKED


def test_a_refusal_is_a_sentence_on_the_page() -> None:
    reset = asked()
    answer = cast.client_of(cast.ada()).post(step(reset, "confirm"), follow=True)
    assert "Another administrator confirms it" in answer.content.decode()


def buttons(reset: FactorReset, administrator: User) -> set[str]:
    page = cast.client_of(administrator).get(f"/admin/charity_hub/factorreset/{reset.pk}/change/")
    text = page.content.decode()
    return {name for name in ("confirm", "carry-out", "stop") if step(reset, name) in text}


def test_buttons_are_those_of_what_somebody_may_do() -> None:
    reset = asked()
    assert buttons(reset, cast.ada()) == {"stop"}
    assert buttons(reset, second()) == {"confirm", "stop"}

    new_number(clerk())
    confirm_reset(reset, actor=second())
    assert buttons(reset, cast.ada()) == {"stop"}
    hours_pass()
    assert buttons(reset, cast.ada()) == {"carry-out", "stop"}

    carry_out_reset(reset, actor=cast.ada())
    assert buttons(reset, cast.ada()) == set()


def test_one_administrator_alone_carries_out_after_the_wait() -> None:
    reset = ask_for_reset(clerk(), reason=WHY, actor=cast.ada())
    assert buttons(reset, cast.ada()) == {"stop"}
    hours_pass()
    assert buttons(reset, cast.ada()) == {"carry-out", "stop"}


def test_ones_own_page_says_whom_to_ask() -> None:
    me = cast.has_factor(cast.ada())
    answer = cast.client_of(me).post(page_of(me), {"reason": WHY})
    assert "Ask another administrator" in answer.content.decode()


def test_recovery_codes_are_not_guessed_on_the_page() -> None:
    admin = cast.client_of(cast.ada())
    for number in range(5):
        admin.post(page_of(clerk()), {"reason": WHY, "recovery_code": f"{number:08d}"})
    right = RecoveryCodes.activate(clerk()).get_unused_codes()[0]

    admin.post(page_of(clerk()), {"reason": WHY, "recovery_code": right})

    assert has_factor(clerk())


def test_a_failing_carrier_does_not_stop_it(settings: Settings) -> None:
    settings.SMS_BACKEND = "no.such.carrier"
    answer = cast.client_of(cast.ada()).post(page_of(clerk()), {"reason": WHY}, follow=True)

    assert FactorReset.objects.filter(person=clerk()).exists()
    assert "职员示例 could not be told" in answer.content.decode()


def test_others_do_not_come_near() -> None:
    assert cast.client_of(cast.mei()).post(page_of(clerk()), {"reason": WHY}).status_code == 403
    assert cast.client_of(cast.mei()).post(step(asked(), "confirm")).status_code == 403
    assert has_factor(clerk())


def test_resets_are_listed_for_administrators() -> None:
    done()
    page = cast.client_of(cast.ada()).get("/admin/charity_hub/factorreset/").content.decode()
    assert WHY in page


# --- the command ---------------------------------------------------------------------------------


def test_the_only_administrator_is_helped_from_the_command_line() -> None:
    me = cast.has_factor(cast.ada())
    call_command("reset_second_factor", me.phone, reason=WHY)

    assert not has_factor(me)
    assert FactorReset.objects.get().grounds == Grounds.COMMAND_LINE
    assert "was reset" in TextMessage.objects.get(phone=me.phone).text


def test_the_command_ends_what_was_asked_for() -> None:
    reset = asked()
    call_command("reset_second_factor", clerk().phone, reason=WHY)
    reset.refresh_from_db()
    assert reset.state == ResetState.WITHDRAWN


@pytest.mark.parametrize("phone", ["+8613999999999", "x"])
def test_the_command_names_nobody_by_mistake(phone: str) -> None:
    with pytest.raises(CommandError, match="Nobody has this phone number"):
        call_command("reset_second_factor", phone, reason=WHY)


# --- attacks on the rows -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE people_factor_reset SET reason = 'another'",
        "UPDATE people_factor_reset SET state = 'asked', grounds = '', confirmed_by_id = NULL",
        "DELETE FROM people_factor_reset",
        "TRUNCATE people_factor_reset CASCADE",
    ],
)
def test_a_reset_is_never_rewritten(attack: str) -> None:
    done()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            cursor.execute(attack)
    assert FactorReset.objects.get().state == ResetState.EXECUTED


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("state = 'confirmed'", "factor_reset_is_confirmed_on_grounds"),
        ("state = 'confirmed', grounds = 'administrator'", "factor_reset_names_its_second_administrator"),
        (
            "state = 'confirmed', grounds = 'administrator', confirmed_by_id = actor_id",
            "factor_reset_is_confirmed_by_a_third",
        ),
        (
            "state = 'confirmed', grounds = 'administrator', confirmed_by_id = person_id",
            "factor_reset_is_confirmed_by_a_third",
        ),
        ("state = 'executed', grounds = 'alone', executed_at = now()", "factor_reset_waits"),
        (
            "state = 'executed', grounds = 'recovery_code', executed_at = now()",
            "factor_reset_is_confirmed_first",
        ),
        ("at = at - interval '2 days'", "factor_reset_stays_as_asked"),
        ("wait_hours = 0", "factor_reset_stays_as_asked"),
        ("actor_id = NULL", "factor_reset_stays_as_asked"),
    ],
)
def test_postgresql_holds_a_reset_to_its_rules(change: str, rule: str) -> None:
    asked()
    with pytest.raises(DatabaseError, match=rule), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE people_factor_reset SET {change}")


def test_postgresql_waits_after_a_changed_number() -> None:
    reset = asked()
    new_number(clerk())
    confirm_reset(reset, actor=second())
    change = "UPDATE people_factor_reset SET state = 'executed', executed_at = now()"
    with (
        pytest.raises(DatabaseError, match="factor_reset_waits_after_a_changed_number"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_postgresql_refuses_a_reset_that_begins_at_its_end() -> None:
    how = {"state": ResetState.EXECUTED, "grounds": Grounds.ALONE, "executed_at": timezone.now()}
    with pytest.raises(DatabaseError, match="factor_reset_begins"), transaction.atomic():
        FactorReset.objects.create(person=clerk(), actor=cast.ada(), reason=WHY, **how)


def test_postgresql_refuses_a_reset_of_ones_own() -> None:
    me = cast.ada()
    with pytest.raises(IntegrityError, match="factor_reset_is_done_by_another"), transaction.atomic():
        FactorReset.objects.create(person=me, actor=me, reason=WHY)


def test_postgresql_refuses_a_reset_without_a_reason() -> None:
    with pytest.raises(IntegrityError, match="factor_reset_has_a_reason"), transaction.atomic():
        FactorReset.objects.create(person=clerk(), actor=cast.ada(), reason="")
