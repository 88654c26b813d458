"""Roles that wait: who ends the wait, what the person sees until then, and the first day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.errors import Refused
from charity_hub.people.access import has_role, waiting_memberships
from charity_hub.people.actions import confirm_role
from charity_hub.people.models import Membership, Role, RoleConfirmation, User
from charity_hub.people.notices import recent_notices
from tests import cast
from tests.builders import gift, organization, user
from tests.charity_hub.ledger.attacks import check_deferred
from tests.charity_hub.people.door import hours_pass
from tests.charity_hub.people.test_admin import grant
from tests.charity_hub.people.test_takeover import beta, save_person
from tests.funds.attacks import triggers_off

pytestmark = pytest.mark.django_db

CONFIRM = "/admin/charity_hub/user/{}/confirm-roles/"


@pytest.fixture(autouse=True)
def _waits(settings: Settings) -> None:
    """Money is in the books, and Ada and Beta are administrators for long."""
    gift(), cast.everybody(), beta()
    settings.OFFICER_WAIT_HOURS = 24
    hours_pass()


def beta_of() -> User:
    return User.objects.get(phone="+8613711118888")


def anew(person: User) -> User:
    return User.objects.get(pk=person.pk)


def new_officer() -> User:
    """Whom Ada has just made an officer of the host charity."""
    new = user("新人示例", "+8613711112222")
    role = grant(Role.CHARITY_OFFICER, organization=str(cast.host_charity().pk))
    save_person(cast.client_of(cast.ada()), new, **role)
    return anew(new)


def new_administrator() -> User:
    new = user("新管示例", "+8613711113333")
    save_person(cast.client_of(cast.ada()), new, administrator="on")
    return anew(new)


def membership_of(person: User) -> Membership:
    return Membership.objects.get(user=person)


def test_a_second_administrator_ends_an_officers_wait() -> None:
    new = new_officer()
    assert not has_role(new)
    cast.client_of(beta_of()).post(CONFIRM.format(new.pk))
    assert has_role(anew(new), Role.CHARITY_OFFICER)
    assert sum(notice.person == new for notice in recent_notices()) == 2


def test_who_gave_the_role_does_not_confirm_it() -> None:
    new = new_officer()
    cast.client_of(cast.ada()).post(CONFIRM.format(new.pk))
    assert not has_role(anew(new))
    assert not RoleConfirmation.objects.exists()


def test_a_new_administrator_confirms_nothing() -> None:
    new, helper = new_officer(), new_administrator()
    with pytest.raises(Refused):
        confirm_role(new, membership_of(new), actor=helper)


def test_a_confirmation_that_claims_a_shorter_wait_does_not_count() -> None:
    new, helper = new_officer(), new_administrator()
    held = membership_of(new)
    RoleConfirmation.objects.create(
        person=new,
        membership=held,
        role=held.role,
        organization=held.organization,
        confirmed_by=helper,
        wait_hours=0,
    )
    assert not has_role(anew(new))


def test_what_was_confirmed_holds_for_that_charity_alone() -> None:
    new = new_officer()
    confirm_role(new, membership_of(new), actor=beta_of())
    Membership.objects.filter(user=new).update(organization=organization("另一示例慈善会"))
    assert not has_role(anew(new))


def test_a_second_administrator_ends_an_administrators_wait_for_this_term() -> None:
    new = new_administrator()
    assert not has_role(new)
    confirm_role(new, None, actor=beta_of())
    assert has_role(anew(new), Role.CHARITY_OFFICER)
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE people_role_confirmation SET at = at - interval '1 hour'")
    User.objects.filter(pk=new.pk).update(is_superuser=False)
    User.objects.filter(pk=new.pk).update(is_superuser=True)
    assert not has_role(anew(new))


@pytest.mark.parametrize("address", ["/desk/", "/desk/spending/"])
def test_a_page_says_from_when_the_role_opens_it(address: str) -> None:
    new = new_officer()
    ((_held, begins),) = waiting_memberships(new)
    answer = cast.client_of(new).get(address)
    assert (answer.status_code, answer.context["begins"]) == (403, begins)
    assert abs(begins - timezone.now() - timedelta(hours=24)) < timedelta(minutes=5)


def test_a_page_that_the_role_does_not_open_says_nothing_of_it() -> None:
    answer = cast.client_of(new_officer()).get("/desk/registers/add/")
    assert (answer.status_code, "begins" in answer.context) == (403, False)


def test_before_anything_is_posted_nobody_waits() -> None:
    check_deferred()
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_entry; DELETE FROM ledger_transfer")
    assert has_role(new_officer(), Role.CHARITY_OFFICER)
    assert has_role(new_administrator(), Role.CHARITY_OFFICER)
