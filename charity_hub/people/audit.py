"""What happens at the door, written down: sign-ins, wrong tries, lock-outs, changed passwords and factors.

PostgreSQL refuses to change rows, and to delete them before six months are over (等保 2.0 level 2).
"""

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as factor
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as django_auth
from django.contrib.auth.models import AnonymousUser
from django.dispatch import receiver
from django.http import HttpRequest

from charity_hub.people.client_address import address_of
from charity_hub.people.models import SignIn, SignInEvent, User

LONGEST_PHONE = 40
LONGEST_BROWSER = 200


def note(
    request: HttpRequest, event: SignInEvent, *, user: object = None, phone: str = "", method: str = ""
) -> SignIn:
    """Write one audit row; passwords and codes never reach it."""
    person = user if isinstance(user, User) else None
    return SignIn.objects.create(
        user=person,
        phone=(phone or (person.phone if person else ""))[:LONGEST_PHONE],
        event=event,
        method=method,
        address=address_of(request),
        browser=request.headers.get("User-Agent", "")[:LONGEST_BROWSER],
    )


def note_lock_out(request: HttpRequest, *, phone: str) -> None:
    note(request, SignInEvent.LOCKED_OUT, user=User.objects.filter(phone=phone).first(), phone=phone)


def methods_of(request: HttpRequest, user: User) -> str:
    """The proofs given in this session, in order: ``password, totp``."""
    proofs = [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
    return ", ".join(dict.fromkeys(proofs))


@receiver(account.user_logged_in)
def _signed_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    note(request, SignInEvent.SIGNED_IN, user=user, method=methods_of(request, user))


@receiver(django_auth.user_logged_out)
def _signed_out(request: HttpRequest, user: User | AnonymousUser | None, **_kwargs: Any) -> None:
    if isinstance(user, User):
        note(request, SignInEvent.SIGNED_OUT, user=user)


@receiver(account.user_signed_up)
def _registered(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """The number as given: until the code comes back nobody knows whose it is; the account may be swept."""
    note(request, SignInEvent.REGISTERED, user=user if user.phone_verified else None, phone=user.phone)


@receiver(django_auth.user_login_failed)
def _wrong_password(request: HttpRequest | None, credentials: dict[str, Any], **_kwargs: Any) -> None:
    if request is not None:
        phone = str(credentials.get("phone", ""))
        person = User.objects.filter(phone=phone).first()
        note(request, SignInEvent.WRONG_PASSWORD, user=person, phone=phone, method="password")


@receiver(account.login_code_rejected)
def _wrong_code(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    note(request, SignInEvent.WRONG_CODE, user=user, method="code")


@receiver(factor.authentication_failed)
def _wrong_factor(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    note(request, SignInEvent.WRONG_FACTOR, user=user, method=authenticator.type)


@receiver(factor.authenticator_added)
def _factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    note(request, SignInEvent.FACTOR_ADDED, user=user, method=authenticator.type)


@receiver(factor.authenticator_removed)
def _factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    note(request, SignInEvent.FACTOR_REMOVED, user=user, method=authenticator.type)


@receiver([account.password_changed, account.password_set])
def _password_changed(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    note(request, SignInEvent.PASSWORD_CHANGED, user=user)
