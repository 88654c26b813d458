"""Whatever changes in an account is told to its person: at the number that it replaced, too."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.socialaccount import signals as wechat
from django.dispatch import Signal
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.people.alerts import OLD_NUMBER_DAYS, alert, numbers_of
from charity_hub.people.demo_people import code_now
from charity_hub.people.models import TextMessage, User
from tests import cast
from tests.charity_hub.people.door import LOGIN, PASSWORD, hours_pass

pytestmark = pytest.mark.django_db(transaction=True)  # allauth tells of factors once they are committed

OLD = "+8613900000009"
NEW = "+8613711110000"
SET_UP = "/accounts/2fa/totp/activate/"


def with_a_new_number() -> User:
    User.objects.filter(pk=cast.lan().pk).update(last_login=timezone.now())
    User.objects.filter(pk=cast.lan().pk).update(phone=NEW)
    return User.objects.get(phone=NEW)


def told() -> set[str]:
    return set(TextMessage.objects.values_list("phone", flat=True))


def change_password(client: Client) -> None:
    new = "another-long-password"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/accounts/password/change/", data)


def set_up_an_app(client: Client) -> None:
    secret = client.get(SET_UP).context["form"].secret
    client.post(SET_UP, {"code": code_now(secret)})


def remove_the_app(client: Client) -> None:
    set_up_an_app(client)
    TextMessage.objects.all().delete()
    client.post("/accounts/2fa/totp/deactivate/")


def renew_recovery_codes(client: Client) -> None:
    cast.has_factor(User.objects.get(phone=NEW))
    RecoveryCodes.activate(User.objects.get(phone=NEW))
    client.post("/accounts/2fa/recovery-codes/generate/")


@pytest.mark.parametrize("change", [change_password, set_up_an_app, remove_the_app, renew_recovery_codes])
def test_a_change_is_told_to_the_old_number_and_the_new_one(change: Callable[[Client], None]) -> None:
    person = with_a_new_number()
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    client = Client()
    client.post(LOGIN, {"login": person.phone, "password": PASSWORD})
    TextMessage.objects.all().delete()

    change(client)

    assert told() == {OLD, NEW}


@pytest.mark.parametrize("signal", [wechat.social_account_added, wechat.social_account_removed])
def test_a_wechat_account_is_told_of_too(signal: Signal) -> None:
    account = SimpleNamespace(user=with_a_new_number())
    signal.send(sender=None, request=None, sociallogin=account, socialaccount=account)
    assert told() == {OLD, NEW}


def test_a_number_given_up_long_ago_is_left_in_peace() -> None:
    person = with_a_new_number()
    hours_pass((OLD_NUMBER_DAYS + 1) * 24)
    assert numbers_of(person) == [NEW]


def test_one_number_that_is_not_reached_does_not_silence_the_other(settings: Settings) -> None:
    person = with_a_new_number()
    settings.SMS_BACKEND = f"{__name__}.only_to_the_old"

    assert not alert(person, "说明")
    assert told() == {OLD}


def only_to_the_old(phone: str, text: str) -> None:
    if phone == NEW:
        raise OSError
    TextMessage.objects.create(phone=phone, text=text)
