"""Every address × every kind of person: allowed, refused or hidden."""

from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from charity_hub.people.access import AnyUser
from charity_hub.people.models import Membership, Role, User
from charity_hub.people.third_party_access import Page, pages

ALLOWED = "allowed"
# The page shows what lies in the person's scope; anything else is answered with 404.
IN_SCOPE = "in scope"
REFUSED = "refused"
HIDDEN = "sign-in"
UNDECLARED = "UNDECLARED"


def _holder(*held: Role, **fields: bool) -> User:
    person = User(pk=-1, **fields)
    person.__dict__["_current_memberships"] = [Membership(user=person, role=role) for role in held]
    return person


def kinds_of_people() -> dict[str, AnyUser]:
    """Nobody, a resident, one person of each role and an administrator; none of them is in the database."""
    people: dict[str, AnyUser] = {str(_("anonymous")): AnonymousUser(), str(_("resident")): _holder()}
    people |= {str(role.label): _holder(role) for role in Role}
    people[str(_("administrator"))] = _holder(is_staff=True, is_superuser=True)
    return people


def answer(page: Page, person: AnyUser) -> str:
    """What this person gets at this address, as the declared rule says."""
    if page.rule is None:
        return UNDECLARED
    if page.rule.needs_sign_in and not person.is_authenticated:
        return HIDDEN
    if not page.rule.allows(person):
        return REFUSED
    return IN_SCOPE if page.takes_arguments and page.rule.needs_sign_in else ALLOWED


def matrix() -> Iterator[tuple[Page, list[str]]]:
    """Each address with one answer for each of ``kinds_of_people``, in their order."""
    people = list(kinds_of_people().values())
    for page in pages():
        yield page, [answer(page, person) for person in people]
