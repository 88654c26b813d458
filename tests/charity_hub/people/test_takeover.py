"""One administrator tries to become an officer: a new number, a reset factor, and every way around them."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.messages import INFO, SUCCESS, WARNING
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.people.access import has_role, scope_of
from charity_hub.people.demo_people import code_now
from charity_hub.people.models import (
    FactorReset,
    Membership,
    PhoneChange,
    ResetState,
    Role,
    TextMessage,
    User,
)
from charity_hub.people.second_factor import PROVEN
from charity_hub.people.stop_links import stop_link
from charity_hub.portal.desk import waiting_for
from funds.spending.workflow import approve_request
from tests import cast
from tests.builders import active_fund, gift, membership, spending_request, user
from tests.charity_hub.people.door import (
    CONFIRM,
    LOGIN,
    PASSWORD,
    REQUEST,
    VERIFY,
    hours_pass,
    sent_code,
    signed_in_by_code,
)
from tests.charity_hub.people.test_admin import NO_ROLES, grant

pytestmark = pytest.mark.django_db

STOLEN = "+8613711110000"
SECOND_STEP = "/accounts/2fa/authenticate/"
SET_UP = "/accounts/2fa/totp/activate/"


def officer(*, factor: bool = True) -> User:
    """Ping, who has worked here for long."""
    active_fund(), cast.everybody()
    User.objects.filter(pk=cast.ping().pk).update(last_login=timezone.now())
    return cast.has_factor(cast.ping()) if factor else cast.ping()


def beta() -> User:
    """The other administrator."""
    return user("贝塔示例", "+8613711118888", is_staff=True, is_superuser=True)


def save_person(admin: Client, person: User, **changes: str) -> None:
    data = {"name": person.name, "phone": person.phone, "is_active": "on"} | NO_ROLES | changes
    answer = admin.post(f"/admin/charity_hub/user/{person.pk}/change/", data)
    assert answer.status_code == 302


def notices(reader: User) -> list[str]:
    lists = {one.worklist.name: one.items for one in waiting_for(reader)}
    return [str(item.title) for item in lists.get("accounts-changed", [])]


def test_one_administrator_does_not_become_an_officer() -> None:
    ping, second = officer(), beta()
    old, at_work, attacker = ping.phone, cast.client_of(ping), cast.client_of(cast.ada())
    hours_pass()

    # The number becomes the attacker's: the old one hears of it, and everybody who shares a fund.
    save_person(attacker, ping, phone=STOLEN)
    change = PhoneChange.objects.get()
    assert (change.person, change.old, change.new, change.by) == (ping, old, STOLEN, cast.ada())
    assert set(TextMessage.objects.values_list("phone", flat=True)) == {old, STOLEN}
    assert len(notices(cast.qin())) == len(notices(cast.mei())) == len(notices(ping)) == 1
    assert notices(cast.rui()) == notices(cast.jun()) == []

    # A code to it stops before the factor, and so does a forgotten password.
    at_door = signed_in_by_code(STOLEN)
    assert at_door.get("/desk/")["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in at_door.session
    assert at_door.get("/accounts/password/new/")["Location"].startswith("/accounts/login/")

    # A reset is asked for, and not done: a second administrator is needed.
    attacker.post(f"/admin/charity_hub/user/{ping.pk}/reset-factor/", {"reason": "手机丢失"})
    reset = FactorReset.objects.get()
    page = f"/admin/charity_hub/factorreset/{reset.pk}/"
    attacker.post(f"{page}carry-out/")
    attacker.post(f"{page}confirm/")

    # One made for the purpose does not count, and one switched off still does.
    save_person(attacker, cast.bo(), administrator="on")
    cast.client_of(User.objects.get(pk=cast.bo().pk)).post(f"{page}confirm/")
    save_person(attacker, second, is_active="")
    attacker.post(f"{page}carry-out/")
    reset.refresh_from_db()
    assert reset.state == ResetState.ASKED
    assert Authenticator.objects.filter(user=ping).exists()

    # The officer was told at the old number, sees it at work, and stops it.
    assert TextMessage.objects.filter(phone=old, text__contains="reset your second factor").exists()
    assert "/me/second-factor/stop-reset/" in at_work.get("/desk/").content.decode()
    at_work.post("/me/second-factor/stop-reset/")
    reset.refresh_from_db()
    assert reset.state == ResetState.WITHDRAWN


def link_to(number: str) -> str:
    """The link in the last text message to this number."""
    found = re.search(r"/stop/\S+", TextMessage.objects.filter(phone=number).latest("pk").text)
    assert found
    return found[0]


def test_the_warned_officer_stops_it_all_without_signing_in() -> None:
    ping = officer()
    old, admin = ping.phone, cast.client_of(cast.ada())
    save_person(admin, ping, phone=STOLEN)
    taken = link_to(old)
    admin.post(f"/admin/charity_hub/user/{ping.pk}/reset-factor/", {"reason": "手机丢失"})
    page = Client().get(taken)
    assert page.status_code == 200
    assert "layouts/public.html" in {template.name for template in page.templates}
    assert User.objects.get(pk=ping.pk).phone == STOLEN

    assert Client().post(link_to(old)).status_code == 302

    assert User.objects.get(pk=ping.pk).phone == old
    assert FactorReset.objects.get().state == ResetState.WITHDRAWN
    assert Client().post(taken).status_code == 409


def test_the_number_that_was_given_takes_nothing_back() -> None:
    ping = officer()
    old, other, admin = ping.phone, "+8613711110001", cast.client_of(cast.ada())
    save_person(admin, ping, phone=STOLEN)
    save_person(admin, ping, phone=other)
    theirs = urlsplit(stop_link(ping, STOLEN)).path
    assert Client().get(theirs).status_code == 409

    Client().post(link_to(old))

    assert Client().post(theirs).status_code == 409
    assert User.objects.get(pk=ping.pk).phone == old


def test_a_link_is_not_used_after_the_wait() -> None:
    ping = officer()
    save_person(cast.client_of(cast.ada()), ping, phone=STOLEN)
    address = link_to("+8613900000003")
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert Client().post(address).status_code == 409


def test_an_officer_without_a_factor_is_not_entered_by_a_new_number() -> None:
    ping = officer(factor=False)
    save_person(cast.client_of(cast.ada()), ping, phone=STOLEN)

    attacker = signed_in_by_code(STOLEN)

    for path in ["/desk/", "/me/", SET_UP, "/accounts/2fa/webauthn/add/", "/accounts/password/new/"]:
        assert attacker.get(path).status_code == 403, path
    assert attacker.post(SET_UP, {"code": "000000"}).status_code == 403

    hours_pass()
    assert attacker.get("/desk/")["Location"].startswith(SET_UP)


@pytest.mark.django_db(transaction=True)  # allauth says that a factor was added once that is committed
def test_a_factor_set_up_while_the_role_was_taken_away_proves_nothing() -> None:
    ping = officer(factor=False)
    ping.memberships.all().delete()
    save_person(cast.client_of(cast.ada()), ping, phone=STOLEN)
    attacker = signed_in_by_code(STOLEN)
    secret = attacker.get(SET_UP).context["form"].secret
    attacker.post(SET_UP, {"code": code_now(secret)})

    membership(ping, Role.CHARITY_OFFICER, at=cast.host_charity())

    assert Authenticator.objects.filter(user=ping).exists()
    assert attacker.get("/desk/").status_code == 403


def test_a_password_set_while_the_role_was_taken_away_opens_nothing() -> None:
    ping = officer(factor=False)
    ping.memberships.all().delete()
    save_person(cast.client_of(cast.ada()), ping, phone=STOLEN)
    new = {"password1": PASSWORD, "password2": PASSWORD}
    signed_in_by_code(STOLEN).post("/accounts/password/new/", new)
    membership(ping, Role.CHARITY_OFFICER, at=cast.host_charity())

    attacker = Client()
    attacker.post(LOGIN, {"login": STOLEN, "password": PASSWORD})

    assert "_auth_user_id" in attacker.session
    assert attacker.get(SET_UP).status_code == attacker.get("/desk/").status_code == 403


def test_password_and_factor_open_the_desk_although_the_number_was_changed() -> None:
    ping = officer()
    ping.set_password(PASSWORD)
    ping.save(update_fields=["password"])
    save_person(cast.client_of(cast.ada()), ping, phone=STOLEN)
    client = Client()
    client.post(LOGIN, {"login": STOLEN, "password": PASSWORD})
    client.post(VERIFY, {"code": sent_code(STOLEN)})
    client.post(SECOND_STEP, {"code": code_now(cast.TOTP_SECRET)})

    assert client.get("/desk/").status_code == 200


def test_the_factor_opens_the_desk_once_the_wait_is_over() -> None:
    ping = officer()
    save_person(cast.client_of(cast.ada()), ping, phone=STOLEN)
    waiting = signed_in_by_code(STOLEN)
    waiting.post(SECOND_STEP, {"code": code_now(cast.TOTP_SECRET)})
    assert PROVEN not in waiting.session
    assert waiting.get("/desk/").status_code == 403

    hours_pass()

    assert waiting.get("/desk/")["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_who_changed_the_number_themselves_does_not_wait() -> None:
    ping = officer()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        at_work = signed_in_by_code(ping.phone)
        at_work.post(SECOND_STEP, {"code": code_now(cast.TOTP_SECRET)})
        at_work.post("/accounts/phone/change/", {"phone": STOLEN})
        at_work.post(VERIFY, {"code": sent_code(STOLEN)})
        assert PhoneChange.objects.get().by == ping

        clock.shift(timedelta(minutes=1))
        again = signed_in_by_code(STOLEN)
        again.post(SECOND_STEP, {"code": code_now(cast.TOTP_SECRET)})

        assert again.get("/desk/").status_code == 200


def test_a_factor_is_shown_before_another_one_is_added() -> None:
    """A session that is older than the factor, such as one by a code alone, adds none of its own."""
    ping = officer(factor=False)
    session = signed_in_by_code(ping.phone)
    cast.has_factor(ping)

    for path in [SET_UP, "/accounts/2fa/webauthn/add/"]:
        assert session.get(path)["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_a_code_to_a_number_that_was_replaced_since_opens_nothing() -> None:
    lan = cast.lan()
    thief = Client()
    thief.post(REQUEST, {"phone": lan.phone})
    User.objects.filter(pk=lan.pk).update(phone=STOLEN)

    thief.post(CONFIRM, {"code": sent_code(lan.phone)})

    assert "_auth_user_id" not in thief.session
    assert User.objects.get(pk=lan.pk).phone == STOLEN


def test_the_administration_sets_no_password() -> None:
    ping = officer()
    admin = cast.client_of(cast.ada())
    save_person(admin, ping, name="平示例二", password="an-administrators-word")
    saved = User.objects.get(pk=ping.pk)
    assert (saved.name, saved.has_usable_password()) == ("平示例二", False)


def test_an_administrators_own_number_is_changed_only_by_proving_it() -> None:
    ada = cast.ada()
    save_person(cast.client_of(ada), ada, phone=STOLEN)
    assert User.objects.get(pk=ada.pk).phone != STOLEN


def test_a_new_account_that_nobody_used_is_corrected_without_ado() -> None:
    new = user("新人示例", "+8613711112222")
    save_person(cast.client_of(cast.ada()), new, phone=STOLEN)
    assert User.objects.get(pk=new.pk).phone == STOLEN
    assert not PhoneChange.objects.exists()
    assert not TextMessage.objects.exists()


def test_colleagues_see_a_new_officer() -> None:
    active_fund(), cast.everybody()
    puppet = user("傀儡示例", "+8613711112222")
    role = grant(Role.CHARITY_OFFICER, organization=str(cast.host_charity().pk))
    save_person(cast.client_of(cast.ada()), puppet, **role)

    assert [puppet.name in sentence for sentence in notices(cast.qin())] == [True]
    assert notices(cast.rui()) == []


def test_a_new_officer_decides_after_the_wait(settings: Settings) -> None:
    settings.OFFICER_WAIT_HOURS = 24
    cast.everybody()
    hours_pass()
    request = spending_request()
    puppet = user("傀儡示例", "+8613711112222")
    role = grant(Role.CHARITY_OFFICER, organization=str(cast.host_charity().pk))
    save_person(cast.client_of(cast.ada()), puppet, **role)
    save_person(cast.client_of(cast.ada()), puppet, **role)
    assert puppet.memberships.count() == 1

    with pytest.raises(PermissionDenied):
        approve_request(request, actor=User.objects.get(pk=puppet.pk))

    assert {cast.ping().phone, puppet.phone} <= set(TextMessage.objects.values_list("phone", flat=True))
    hours_pass()
    approve_request(request, actor=User.objects.get(pk=puppet.pk))


def test_a_role_rewritten_in_the_database_waits_too(settings: Settings) -> None:
    gift()
    settings.OFFICER_WAIT_HOURS = 24
    held = membership(user(), Role.STATION_WORKER, at=cast.host_charity())
    hours_pass()
    Membership.objects.filter(pk=held.pk).update(role=Role.CHARITY_OFFICER)
    assert not has_role(User.objects.get(pk=held.user_id))
    hours_pass()
    assert has_role(User.objects.get(pk=held.user_id), Role.CHARITY_OFFICER)


def test_a_new_administrator_holds_no_role_until_the_wait_is_over(settings: Settings) -> None:
    gift()
    settings.OFFICER_WAIT_HOURS = 24
    ada = cast.ada()
    assert not has_role(ada, Role.CHARITY_OFFICER)
    assert scope_of(ada, Role.CHARITY_OFFICER).empty
    hours_pass()
    ada = User.objects.get(pk=ada.pk)
    assert has_role(ada, Role.CHARITY_OFFICER)
    assert scope_of(ada, Role.CHARITY_OFFICER).everything


def test_other_administrators_hear_of_a_new_one() -> None:
    second = beta()
    save_person(cast.client_of(cast.ada()), cast.bo(), administrator="on")
    assert [one.phone for one in TextMessage.objects.all()] == [second.phone]


@pytest.mark.parametrize("page", ["add/", "{pk}/change/"])
def test_whoever_is_not_reached_about_a_new_administrator_is_called_instead(
    settings: Settings, page: str
) -> None:
    beta()
    settings.SMS_BACKEND = "no.such.carrier"
    data = {"name": "傀儡示例", "phone": STOLEN, "is_active": "on", "administrator": "on"} | NO_ROLES
    if page != "add/":
        data |= {"phone": cast.bo().phone}
    admin = cast.client_of(cast.ada())
    answer = admin.post(f"/admin/charity_hub/user/{page.format(pk=cast.bo().pk)}", data, follow=True)
    assert User.objects.get(name="傀儡示例").is_superuser
    assert [one.level for one in answer.context["messages"]].count(WARNING) == 1


@pytest.mark.parametrize(
    ("carrier", "told"), [("charity_hub.people.sms.keep", [INFO] * 2), ("no.such.carrier", [INFO, WARNING])]
)
def test_numbers_that_were_not_reached_are_not_said_to_be_told(
    settings: Settings, carrier: str, told: list[int]
) -> None:
    settings.SMS_BACKEND = carrier
    admin = cast.client_of(cast.ada())
    save_person(admin, officer(), phone=STOLEN)
    answer = admin.get("/admin/")
    assert sorted(one.level for one in answer.context["messages"] if one.level != SUCCESS) == told


def test_notices_go_after_a_week() -> None:
    save_person(cast.client_of(cast.ada()), officer(), phone=STOLEN)
    hours_pass(7 * 24 - 1)
    assert len(notices(cast.qin())) == 1
    hours_pass(2)
    assert notices(cast.qin()) == []


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE people_phone_change SET at = at - interval '2 days'",
        "UPDATE people_phone_change SET by_id = person_id",
        "DELETE FROM people_phone_change",
        "TRUNCATE people_phone_change",
    ],
)
def test_a_change_of_number_is_never_rewritten(attack: str) -> None:
    User.objects.filter(pk=officer().pk).update(phone=STOLEN)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            cursor.execute(attack)
