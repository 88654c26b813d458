"""Access rules and scopes."""

from datetime import date, datetime, time

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from charity_hub.organizations.models import Organization
from charity_hub.people.access import (
    ANYONE,
    SIGNED_IN,
    STAFF,
    Rule,
    Scope,
    access,
    has_role,
    require,
    roles,
    scope_of,
)
from charity_hub.people.models import FUND_ROLES, ORGANIZATION_ROLES, REGION_ROLES, Role, User
from charity_hub.regions.models import Region
from donations.stations.scopes import HOSTING, OPERATING, REGIONAL, WATCHING
from funds.profile.models import FUND_READERS, HOST_READERS, REGION_READERS
from tests import cast
from tests.builders import membership, region, user

pytestmark = pytest.mark.django_db


def asked(rule: Rule, person: User | AnonymousUser, **headers: str) -> HttpResponse:
    @access(rule)
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("seen")

    request = RequestFactory().get("/desk/somewhere/?page=2", headers=headers)
    request.user = person
    answer = page(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_the_rule_stands_on_the_view() -> None:
    @access(STAFF)
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert page.access is STAFF  # type: ignore[attr-defined]


def test_anyone_needs_no_sign_in() -> None:
    assert asked(ANYONE, AnonymousUser()).content == b"seen"


def test_anonymous_people_are_led_to_sign_in_and_back() -> None:
    answer = asked(SIGNED_IN, AnonymousUser())

    assert answer["Location"] == "/accounts/login/?next=/desk/somewhere/%3Fpage%3D2"


def test_htmx_moves_the_whole_page_to_sign_in() -> None:
    answer = asked(SIGNED_IN, AnonymousUser(), hx_request="true", hx_current_url="http://127.0.0.1/desk/")

    assert answer["HX-Redirect"] == "/accounts/login/?next=/desk/"


def test_residents_begin_with_a_code_and_staff_with_their_password() -> None:
    assert Client().get("/me/gifts/")["Location"] == "/accounts/login/code/?next=/me/gifts/"
    assert Client().get("/desk/gifts/")["Location"] == "/accounts/login/?next=/desk/gifts/"


@pytest.mark.parametrize("rule", [STAFF, roles(Role.STREET_STAFF)])
def test_a_resident_is_refused_at_the_desk(rule: Rule) -> None:
    with pytest.raises(PermissionDenied):
        asked(rule, cast.lan())


def test_a_role_opens_its_page() -> None:
    assert asked(roles(Role.AUDITOR, Role.STREET_STAFF), cast.mei()).content == b"seen"


def test_another_role_does_not() -> None:
    with pytest.raises(PermissionDenied):
        asked(roles(Role.STREET_STAFF), cast.ping())


def test_an_administrator_counts_as_every_role() -> None:
    assert has_role(cast.ada(), Role.CHARITY_OFFICER)
    assert scope_of(cast.ada(), Role.AUDITOR) == Scope(everything=True)


def test_an_administrator_who_was_switched_off_counts_as_nothing() -> None:
    ada = cast.ada()
    ada.is_active = False

    assert not has_role(ada, Role.CHARITY_OFFICER)
    assert scope_of(ada).empty


def test_scopes_are_kept_apart_by_role() -> None:
    person = user()
    membership(person, Role.STREET_STAFF, at=region("440605011"))
    membership(person, Role.AUDITOR, at=region("4401"))
    membership(person, Role.CHARITY_OFFICER, at=cast.host_charity())
    membership(person, Role.FUND_SUPERVISOR, at="JJ-440605011-01")

    assert scope_of(person, Role.STREET_STAFF).regions == ("440605011",)
    assert scope_of(person, Role.CHARITY_OFFICER).organizations == {cast.host_charity().pk}
    assert scope_of(person).regions == ("4401", "440605011")
    assert scope_of(person).funds == {"JJ-440605011-01"}


def test_a_district_covers_its_streets_and_no_other() -> None:
    scope = scope_of(cast.yan())

    assert scope.covers_region("440605011")
    assert not scope.covers_region("440604011")
    assert not scope.covers_region("4406")


def test_the_condition_on_regions_follows_prefixes() -> None:
    cast.host_charity()
    scope = scope_of(cast.yan())

    assert Organization.objects.filter(scope.regions_q()).count() == 1
    assert Organization.objects.filter(scope_of(cast.jun()).regions_q()).count() == 0
    assert Organization.objects.filter(scope_of(cast.lan()).regions_q()).count() == 0
    assert Region.objects.filter(code__startswith="440605").count() == 2


def test_memberships_are_read_once_for_a_person(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    mei = cast.mei()
    with django_assert_num_queries(1):
        has_role(mei, Role.STREET_STAFF)
        scope_of(mei)
        scope_of(mei, Role.AUDITOR)


@pytest.mark.parametrize("code", ["114406", "1144060501"[:9], "440611406"])
def test_a_code_that_holds_the_scopes_further_on_lies_outside(code: str) -> None:
    """The city is 4406: another province's district 1144|06 is none of its own."""
    other, own = region(code), region("440605011")
    scope = scope_of(cast.shi())
    covered = code.startswith("4406")
    assert scope.covers_region(own.pk)
    assert scope.covers_region(other.pk) == covered
    for found in (
        Region.objects.filter(scope.regions_q("parent")),
        Region.objects.filter(pk__in=Region.objects.covered_by(["4406"])),
        Region.objects.within("4406"),
    ):
        assert found.filter(pk=own.pk).exists()
        assert found.filter(pk=other.pk).exists() == covered


def test_a_membership_ends_after_its_last_day() -> None:
    person = user()
    membership(person, starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))
    shanghai = timezone.get_default_timezone()

    def holds_at(day: date) -> bool:
        with time_machine.travel(datetime.combine(day, time.max, shanghai), tick=False):
            return has_role(User.objects.get(pk=person.pk), Role.STREET_STAFF)

    assert not holds_at(date(2025, 12, 31))
    assert holds_at(date(2026, 1, 1))
    assert holds_at(date(2026, 3, 31))
    assert not holds_at(date(2026, 4, 1))


def test_entitled_says_why() -> None:
    with pytest.raises(PermissionDenied, match="Only the host"):
        require(False, "Only the host charity does this.")  # noqa: FBT003 - the condition itself


@pytest.mark.parametrize(
    ("reaching", "held_there"),
    [
        ((*REGIONAL, *REGION_READERS), REGION_ROLES),
        ((*OPERATING, *HOSTING, *HOST_READERS), ORGANIZATION_ROLES),
        ((*WATCHING, *FUND_READERS), FUND_ROLES),
    ],
)
def test_roles_that_reach_by_a_kind_of_scope_are_held_in_it(
    reaching: tuple[Role, ...], held_there: tuple[Role, ...]
) -> None:
    assert set(reaching) <= set(held_there)
