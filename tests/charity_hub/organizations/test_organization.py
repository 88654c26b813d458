"""Organizations: credit codes, qualifications, what may not be deleted."""

from datetime import date
from itertools import accumulate
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from charity_hub.organizations.models import Kind, Organization, normal_credit_code
from charity_hub.people.models import Role
from tests import cast
from tests.builders import credit_code_of, membership, organization, region, user

pytestmark = pytest.mark.django_db


def made(**fields: object) -> Organization:
    return Organization(kind=Kind.CHARITY, name="示例慈善会", region=region(), **fields)


@pytest.mark.parametrize("parts", [[18], [8, 10], [2, 6, 9, 1]])
def test_a_right_credit_code_passes(parts: list[int]) -> None:
    code = credit_code_of(77)
    ends = list(accumulate(parts))
    written = " ".join(code[end - part : end] for part, end in zip(parts, ends, strict=True))
    one = made(uscc=normal_credit_code(written))
    one.full_clean()

    assert one.uscc == code


def test_full_width_and_small_letters_are_the_same_code() -> None:
    code = credit_code_of(10, "5244060A")
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code.lower())

    assert normal_credit_code(wide) == code


@pytest.mark.parametrize(
    "code",
    [
        credit_code_of(77)[:-1] + ("0" if credit_code_of(77)[-1] != "0" else "1"),
        credit_code_of(77)[:-1],
        "123456789012345670",
        "IIIIIIIIIIIIIIIIII",
    ],
)
def test_a_wrong_credit_code_is_refused(code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        made(uscc=code).full_clean()

    assert "uscc" in caught.value.message_dict


@pytest.mark.parametrize("code", ["", "X", "12345678901234567I", "abcdefghijklmnopqr"])
def test_postgresql_knows_the_shape_of_a_credit_code(code: str) -> None:
    one = organization()
    with (
        pytest.raises(IntegrityError, match="organization_credit_code_has_its_shape"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE organizations_organization SET uscc = %s WHERE id = %s", [code, one.pk])


def test_a_credit_code_belongs_to_one_organization() -> None:
    organization(uscc=credit_code_of(77))
    with pytest.raises(IntegrityError), transaction.atomic():
        organization(uscc=credit_code_of(77))


def test_many_have_no_credit_code() -> None:
    organization()
    organization()

    assert Organization.objects.filter(uscc=None).count() == 2


def test_an_emptied_credit_code_is_none() -> None:
    one = made(uscc=" ")
    one.clean()

    assert one.uscc is None


@pytest.mark.parametrize(
    "missing", [{"qualification_number": ""}, {"qualified_from": None}], ids=["number", "date"]
)
def test_a_qualification_has_a_number_and_a_first_day(missing: dict[str, Any]) -> None:
    with (
        pytest.raises(IntegrityError, match="organization_qualification_has_number_and_date"),
        transaction.atomic(),
    ):
        organization(may_fundraise_publicly=True, **missing)


def test_a_qualification_does_not_end_before_it_begins() -> None:
    with (
        pytest.raises(IntegrityError, match="organization_qualification_ends_after_it_starts"),
        transaction.atomic(),
    ):
        organization(may_fundraise_publicly=True, qualified_until=date(2017, 12, 31))


def test_a_qualification_holds_from_its_first_to_its_last_day() -> None:
    one = organization(
        may_fundraise_publicly=True, qualified_from=date(2020, 1, 1), qualified_until=date(2025, 12, 31)
    )

    assert [
        one.is_qualified_on(day)
        for day in (date(2019, 12, 31), date(2020, 1, 1), date(2025, 12, 31), date(2026, 1, 1))
    ] == [False, True, True, False]


def test_without_a_last_day_it_goes_on() -> None:
    assert organization(may_fundraise_publicly=True).is_qualified_on(date(2099, 1, 1))
    assert not organization().is_qualified_on(date(2026, 1, 1))


def test_an_organization_that_somebody_works_for_is_not_deleted() -> None:
    charity = cast.host_charity()
    membership(user(), Role.CHARITY_OFFICER, at=charity)

    with pytest.raises(ProtectedError):
        charity.delete()


def test_every_change_is_kept() -> None:
    one = organization("旧名示例")
    one.name = "新名示例"
    one.save()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM organizations_organization_event WHERE pgh_obj_id = %s ORDER BY pgh_id",
            [one.pk],
        )
        assert cursor.fetchall() == [("旧名示例",), ("新名示例",)]
