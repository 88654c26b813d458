"""Plain functions that build what a test needs, by way of the same actions the product uses.

One section a room; every argument has a default, so a test names only what it is about.
"""

import itertools
from datetime import date
from typing import Any

from django.utils import timezone
from stdnum.cn import uscc as credit_code

from charity_hub.organizations.models import Kind, Organization
from charity_hub.people.models import Membership, Role, User
from charity_hub.regions.models import Level, Region

# --- regions, organizations, people -------------------------------------------------------------

REGION_NAMES = {
    "44": "广东省",
    "4401": "广州市",
    "440106": "天河区",
    "440106018": "示例街道",
    "4406": "佛山市",
    "440605": "南海区",
    "440605011": "桂城街道",
}
_numbers = itertools.count(1)


def region(code: str = "440605011", name: str = "") -> Region:
    """A region and all its parents; asking again for a code gives the same row."""
    shorter = [size for size in (2, 4, 6, 9) if size < len(code)]
    parent = region(code[: shorter[-1]]) if shorter else None
    name = name or REGION_NAMES.get(code, f"示例区划{code}")
    full_name = f"{parent.full_name if parent else ''}{name}"
    made, _created = Region.objects.get_or_create(
        code=code,
        defaults={"name": name, "level": Level(len(code)), "parent": parent, "full_name": full_name},
    )
    return made


def credit_code_of(number: int, kind: str = "52440605") -> str:
    """A made-up unified social credit code with a right check character."""
    body = f"{kind}{number:09d}"
    return f"{body}{credit_code.calc_check_digit(body)}"


def organization(
    name: str = "示例机构", kind: Kind = Kind.AGENCY, *, at: Region | None = None, **fields: Any
) -> Organization:
    if fields.get("may_fundraise_publicly"):
        fields = {"qualification_number": "示例资格001", "qualified_from": date(2018, 1, 1)} | fields
    return Organization.objects.create(name=name, kind=kind, region=at or region(), **fields)


def user(name: str = "示例居民", phone: str = "", password: str | None = None, **fields: Any) -> User:
    """A person with a verified phone and, unless one is given, no password."""
    phone = phone or f"+86138{next(_numbers):08d}"
    return User.objects.create_user(phone, name, password, **{"phone_verified": True} | fields)


def membership(
    holder: User,
    role: Role = Role.STREET_STAFF,
    *,
    at: Region | Organization | str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """A role at a region, an organization, a fund (by its code), or nowhere (reviewers)."""
    if at is None and role != Role.REVIEWER:
        at = region()
    return Membership.objects.create(
        user=holder,
        role=role,
        region=at if isinstance(at, Region) else None,
        organization=at if isinstance(at, Organization) else None,
        fund_code=at if isinstance(at, str) else "",
        starts_on=starts_on or timezone.localdate(),
        ends_on=ends_on,
    )
