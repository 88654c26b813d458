"""Who may open a page: one line on every view, and the scope that its rows are limited to.

    @access(roles(Role.STREET_STAFF, Role.AUDITOR))
    def fund_detail(request, code):
        fund = get_object_or_404(Fund.objects.in_scope_of(request.user), code=code)

Anonymous people are led to the sign-in page, people without the role get 403, rows out of scope 404.
A view without ``@access`` fails the test suite.
"""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from operator import itemgetter
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from charity_hub.people.models import (
    Membership,
    Role,
    RoleConfirmation,
    User,
    before_the_wait,
    posted_transfers,
)

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


def administrators_in_force() -> QuerySet[User]:
    """Administrators for ``OFFICER_WAIT_HOURS``, those whom another one has confirmed since, and before
    anything was posted all.
    """
    events = User._meta.get_field("events").related_model._base_manager
    ended = events.filter(pgh_obj_id=OuterRef("person"), pgh_created_at__gt=OuterRef("at"))
    confirmed = RoleConfirmation.objects.standing().filter(
        ~Exists(ended.exclude(is_superuser=True, is_active=True)), membership=None
    )
    return User.objects.filter(is_superuser=True, is_active=True).filter(
        Q(pk__in=administrators_at(before_the_wait()).values("pk"))
        | Q(pk__in=confirmed.values("person"))
        | ~Exists(posted_transfers())
    )


def holds_every_role(user: AnyUser) -> bool:
    """Whether this is an administrator whose wait is over (``administrators_in_force``); read once a user."""
    if not is_administrator(user) or not settings.OFFICER_WAIT_HOURS:
        return is_administrator(user)
    kept: bool | None = user.__dict__.get("_holds_every_role")
    if kept is None:
        kept = administrators_in_force().filter(pk__in=[user.pk]).exists()
        user.__dict__["_holds_every_role"] = kept
    return kept


def holding_every_role(people: Iterable[User]) -> set[int]:
    """The ids of those of whom ``holds_every_role`` is true, in at most one query."""
    administrators = [person.pk for person in people if is_administrator(person)]
    if not administrators or not settings.OFFICER_WAIT_HOURS:
        return set(administrators)
    return set(administrators_in_force().filter(pk__in=administrators).values_list("pk", flat=True))


def has_role(user: AnyUser, *wanted: Role) -> bool:
    """Whether one of these roles (none given: any at all) is held today. Administrators hold every role."""
    if holds_every_role(user):
        return True
    return any(not wanted or membership.role in wanted for membership in current_memberships(user))


def waiting_memberships(user: User) -> list[tuple[Membership, datetime]]:
    """The person's roles that are not in force yet, and from when each is."""
    events: Any = Membership._meta.get_field("events").related_model
    current = {one.pk for one in current_memberships(user)}
    found = []
    for held in Membership.objects.held().filter(user=user).exclude(pk__in=current).order_by("pk"):
        same = events.objects.filter(
            pgh_obj=held, user=held.user_id, role=held.role, organization=held.organization_id
        )
        since = same.aggregate(first=Min("pgh_created_at"))["first"] or timezone.now()
        found.append((held, since + timedelta(hours=settings.OFFICER_WAIT_HOURS)))
    return found


def administrator_from(user: User) -> datetime | None:
    """From when an administrator who waits holds every role; None for everybody else."""
    if not is_administrator(user) or holds_every_role(user):
        return None
    since = timezone.now()
    events: Any = User._meta.get_field("events").related_model
    for event in events.objects.filter(pgh_obj=user.pk).order_by("-pgh_id"):
        if not (event.is_superuser and event.is_active):
            break
        since = event.pgh_created_at
    return since + timedelta(hours=settings.OFFICER_WAIT_HOURS)


def allowed_from(user: AnyUser, rule: "Rule") -> datetime | None:
    """From when a role that waits opens a page of this rule; None where none does."""
    if not settings.OFFICER_WAIT_HOURS or not isinstance(user, User) or not user.is_active:
        return None
    for held, begins in sorted(waiting_memberships(user), key=itemgetter(1)):
        later = copy(user)
        later.__dict__["_current_memberships"] = [*current_memberships(user), held]
        if rule.allows(later):
            return begins
    begins_as_administrator = administrator_from(user)
    later = copy(user)
    later.__dict__["_holds_every_role"] = True
    return begins_as_administrator if begins_as_administrator and rule.allows(later) else None


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
            if not rule.allows(request.user):
                begins = allowed_from(request.user, rule)
                require(begins)
                return render(request, "people/role_waits.html", {"begins": begins}, status=403)
            return view(request, *args, **kwargs)

        guarded.access = rule  # type: ignore[attr-defined]
        return guarded

    return declare
