"""Who may open a page: one line on every view, and the scope that its rows are limited to.

    @access(roles(Role.STREET_STAFF, Role.AUDITOR))
    def fund_detail(request, code):
        fund = get_object_or_404(Fund.objects.in_scope_of(request.user), code=code)

Anonymous people are led to the sign-in page, people without the role get 403, rows out of scope 404.
A view without ``@access`` fails the test suite.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from charity_hub.people.models import Membership, Role, User, before_the_wait

type AnyUser = User | AnonymousUser
LEADS_TO_SIGN_IN: Final = "leads_to_sign_in"

type View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Rule:
    """Who may open a page. ``name`` is what ``access_matrix`` prints."""

    name: str
    allows: Callable[[AnyUser], bool]
    needs_sign_in: bool = True

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Scope:
    """What somebody's memberships cover: region code prefixes, organizations and funds."""

    everything: bool = False
    regions: tuple[str, ...] = ()
    organizations: frozenset[int] = frozenset()
    funds: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        return not (self.everything or self.regions or self.organizations or self.funds)

    def covers_region(self, code: str) -> bool:
        """Whether the region with this code lies in one of the scope's regions."""
        return self.everything or any(code.startswith(prefix) for prefix in self.regions)

    def regions_q(self, field: str = "region") -> Q:
        """A condition on a foreign key to Region: inside one of the scope's regions (none: no row)."""
        condition = Q(pk__in=[])
        for prefix in self.regions:
            condition |= Q(**{f"{field}__pk__startswith": prefix})
        return condition


def current_memberships(user: AnyUser) -> list[Membership]:
    """The memberships in force today, read once for each user object."""
    if not isinstance(user, User) or not user.is_active:
        return []
    kept: list[Membership] | None = user.__dict__.get("_current_memberships")
    if kept is None:
        kept = list(Membership.objects.current().filter(user=user).order_by("pk"))
        user.__dict__["_current_memberships"] = kept
    return kept


def forget_memberships(user: User) -> None:
    """Make the next question read the memberships anew; membership actions call it."""
    user.__dict__.pop("_current_memberships", None)


def is_administrator(user: AnyUser) -> bool:
    return user.is_active and user.is_superuser


def administrators_at(moment: datetime) -> QuerySet[User]:
    """Who was an active administrator then, as PostgreSQL's history of people says."""
    events = User._meta.get_field("events").related_model._base_manager
    last = events.filter(pgh_obj_id=OuterRef("pk"), pgh_created_at__lte=moment).order_by("-pgh_id")
    ever = events.filter(is_superuser=True).values("pgh_obj_id")
    then = User.objects.filter(pk__in=ever).annotate(
        was_administrator=Subquery(last.values("is_superuser")[:1]),
        was_active=Subquery(last.values("is_active")[:1]),
    )
    return then.filter(was_administrator=True, was_active=True)


def holds_every_role(user: AnyUser) -> bool:
    """Whether this is an administrator, and one since before ``OFFICER_WAIT_HOURS``; read once a user."""
    if not is_administrator(user) or not settings.OFFICER_WAIT_HOURS:
        return is_administrator(user)
    kept: bool | None = user.__dict__.get("_holds_every_role")
    if kept is None:
        kept = administrators_at(before_the_wait()).filter(pk__in=[user.pk]).exists()
        user.__dict__["_holds_every_role"] = kept
    return kept


def holding_every_role(people: Iterable[User]) -> set[int]:
    """The ids of those of whom ``holds_every_role`` is true, in at most one query."""
    administrators = [person.pk for person in people if is_administrator(person)]
    if not administrators or not settings.OFFICER_WAIT_HOURS:
        return set(administrators)
    waited = administrators_at(before_the_wait()).filter(pk__in=administrators)
    return set(waited.values_list("pk", flat=True))


def has_role(user: AnyUser, *wanted: Role) -> bool:
    """Whether one of these roles (none given: any at all) is held today. Administrators hold every role."""
    if holds_every_role(user):
        return True
    return any(not wanted or membership.role in wanted for membership in current_memberships(user))


def is_staff_member(user: AnyUser) -> bool:
    """Whether the second factor and the desk are for this person."""
    return user.is_active and (user.is_staff or has_role(user))


def scope_of(user: AnyUser, *wanted: Role) -> Scope:
    """What the memberships with one of these roles (none given: any) cover today."""
    if holds_every_role(user):
        return Scope(everything=True)
    held = [one for one in current_memberships(user) if not wanted or one.role in wanted]
    return Scope(
        regions=tuple(sorted({one.region_id for one in held if one.region_id})),
        organizations=frozenset(one.organization_id for one in held if one.organization_id),
        funds=frozenset(one.fund_code for one in held if one.fund_code),
    )


ANYONE = Rule("anyone", lambda _user: True, needs_sign_in=False)
SIGNED_IN = Rule("signed in", lambda user: user.is_authenticated)
STAFF = Rule("staff", is_staff_member)
ADMINISTRATOR = Rule("administrator", lambda user: user.is_active and user.is_staff)


def roles(*wanted: Role) -> Rule:
    """People who hold one of these roles today, whatever its scope, and administrators."""
    return Rule(", ".join(wanted), lambda user: has_role(user, *wanted))


def require(condition: object, sentence: str | Promise = "") -> None:
    """Refuse with 403 unless the condition holds.

    Raises ``PermissionDenied`` with the sentence, which the error page shows.
    """
    if not condition:
        raise PermissionDenied(
            str(sentence) or _("You are signed in, but you do not have permission for this.")
        )


def person(request: HttpRequest) -> User:
    """Who is signed in; for views that ``@access`` has closed to everybody else."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def to_sign_in(request: HttpRequest, back: str = "") -> HttpResponse:
    """Lead to the sign-in page and back again; an htmx request moves the whole page, not the fragment.

    ``back`` is where to: unless given, the page that was asked for, or after a sent form one's own home.
    Residents, whose pages lie under ``/me/``, begin with a code by text message: few have set a password.
    The answer is marked ``LEADS_TO_SIGN_IN``.
    """
    back = back or urlsplit(request.headers.get("HX-Current-URL", "")).path
    if not back and request.method in {"GET", "HEAD"}:
        back = request.get_full_path()
    residents = back.startswith(resolve_url("portal:me"))
    way_in = resolve_url("account_request_login_code" if residents else settings.LOGIN_URL)
    target = f"{way_in}?{urlencode({'next': back}, safe='/')}" if back else way_in
    htmx = request.headers.get("HX-Request")
    answer = HttpResponse(headers={"HX-Redirect": target}) if htmx else redirect(target)
    setattr(answer, LEADS_TO_SIGN_IN, True)
    return answer


def access(rule: Rule) -> Callable[[View], View]:
    """Declare who may open a view; checked before the view runs."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if rule.needs_sign_in and not request.user.is_authenticated:
                return to_sign_in(request)
            require(rule.allows(request.user))
            return view(request, *args, **kwargs)

        guarded.access = rule  # type: ignore[attr-defined]
        return guarded

    return declare
