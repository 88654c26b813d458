"""Granting and ending roles."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from charity_hub.admin_history import changes_of
from charity_hub.errors import Refused
from charity_hub.people.access import has_role, scope_of
from charity_hub.people.actions import end_membership, grant_membership
from charity_hub.people.models import Membership, Role, User
from tests import cast
from tests.builders import membership, region, user

pytestmark = pytest.mark.django_db


def test_an_administrator_grants_a_role() -> None:
    holder = user()
    assert not has_role(holder)

    grant_membership(holder, Role.STREET_STAFF, region(), actor=cast.ada())

    assert scope_of(holder, Role.STREET_STAFF).regions == ("440605011",)


def test_the_same_grant_again_is_quiet() -> None:
    holder = user()
    first = grant_membership(holder, Role.STREET_STAFF, region(), actor=cast.ada())

    assert grant_membership(holder, Role.STREET_STAFF, region(), actor=cast.ada()) == first


@pytest.mark.parametrize("actor", [cast.mei, cast.lan, cast.yan])
def test_others_grant_nothing(actor: Callable[[], User]) -> None:
    with pytest.raises(Refused):
        grant_membership(user(), Role.STREET_STAFF, region(), actor=actor())


def test_nobody_grants_themselves() -> None:
    ada = cast.ada()
    with pytest.raises(Refused):
        grant_membership(ada, Role.CHARITY_OFFICER, cast.host_charity(), actor=ada)


def test_nobody_ends_their_own() -> None:
    ada = cast.ada()
    with pytest.raises(Refused):
        end_membership(membership(ada), actor=ada)


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.STREET_STAFF, None),
        (Role.STREET_STAFF, "JJ-440605011-01"),
        (Role.CHARITY_OFFICER, "JJ-440605011-01"),
        (Role.FUND_SUPERVISOR, ""),
        (Role.REVIEWER, "JJ-440605011-01"),
    ],
)
def test_a_role_is_held_in_its_kind_of_scope(role: Role, scope: str | None) -> None:
    with pytest.raises(Refused):
        grant_membership(user(), role, scope, actor=cast.ada())


def test_postgresql_refuses_a_role_in_a_scope_that_does_not_fit() -> None:
    with pytest.raises(IntegrityError, match="membership_role_fits_its_scope"), transaction.atomic():
        Membership.objects.create(user=user(), role=Role.CHARITY_OFFICER, region=region())


def test_postgresql_refuses_two_scopes() -> None:
    with pytest.raises(IntegrityError, match="membership_has_exactly_one_scope"), transaction.atomic():
        Membership.objects.create(
            user=user(), role=Role.STREET_STAFF, region=region(), fund_code="JJ-440605011-01"
        )


def test_the_last_day_is_not_before_the_first() -> None:
    with pytest.raises(Refused):
        grant_membership(
            user(),
            Role.REVIEWER,
            starts_on=date(2026, 3, 5),
            ends_on=date(2026, 3, 4),
            actor=cast.ada(),
        )


def test_an_ended_role_is_gone_at_once() -> None:
    mei = cast.mei()
    assert has_role(mei)

    end_membership(mei.memberships.get(), actor=cast.ada())

    assert not has_role(type(mei).objects.get(pk=mei.pk))


def test_a_role_ends_after_the_day_that_is_named() -> None:
    mei = cast.mei()
    end_membership(mei.memberships.get(), last_day=timezone.localdate() + timedelta(days=3), actor=cast.ada())

    assert has_role(type(mei).objects.get(pk=mei.pk))
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert not has_role(type(mei).objects.get(pk=mei.pk))


def test_an_ended_role_opens_no_page_any_more() -> None:
    mei = cast.mei()
    client = cast.client_of(mei)
    end_membership(mei.memberships.get(), actor=cast.ada())

    assert client.get("/desk/").status_code == 403


def test_the_history_keeps_every_change() -> None:
    held = grant_membership(user(), Role.REVIEWER, actor=cast.ada())
    ended = end_membership(held, actor=cast.ada())

    shown = {change.new for change in changes_of(held)}
    assert {str(Role.REVIEWER.label), str(ended.ends_on)} <= shown
