"""Text messages that warn a person of a change to their account, at the numbers they had before it too.

A warning that goes to what was just changed reaches whoever changed it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from allauth.account import signals as account
from allauth.mfa import signals as factor
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as wechat
from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.people.masks import mask_phone
from charity_hub.people.models import DECIDING_ROLES, Membership, PhoneChange, User
from charity_hub.people.sms import MessageNotSent, send_text
from charity_hub.people.stop_links import stop_link, takes_back

# For so long a number that was replaced hears of what happens to the account.
OLD_NUMBER_DAYS: Final = 30


def numbers_of(person: User) -> list[str]:
    """The person's number (E.164), and those that were replaced in the last ``OLD_NUMBER_DAYS``."""
    since = timezone.now() - timedelta(days=OLD_NUMBER_DAYS)
    replaced = person.phone_changes.filter(at__gte=since).values_list("old", flat=True)
    return list(dict.fromkeys([person.phone, *replaced]))


def alert(person: User, text: str | Callable[[str], str]) -> bool:
    """Text all of a person's numbers (at most 200 characters); returns whether every message left.

    ``text`` may depend on the number.
    """
    left = [_left(number, text if isinstance(text, str) else text(number)) for number in numbers_of(person)]
    return all(left)


def _left(number: str, text: str) -> bool:
    try:
        send_text(number, text)
    except MessageNotSent:
        return False
    return True


def notify_of_phone_change(person: User) -> bool:
    """Text the old number and the new one that one replaced the other; returns whether both were reached.

    A change that is not on record, of an account that nobody has used yet, is not told of.
    """
    change = PhoneChange.objects.filter(person=person, new=person.phone).select_related("by").first()
    if change is None:
        return True
    words = {"number": mask_phone(change.new), "name": change.by or "", "if_not": _if_not_you()}
    if change.by is None or change.by_id == person.pk:
        return alert(
            person, _("The number of your Charity Hub account is now %(number)s. %(if_not)s") % words
        )

    def text(number: str) -> str:
        if takes_back(person, number) is None:
            told = _("%(name)s has changed the number of your Charity Hub account to %(number)s. %(if_not)s")
            return told % words
        told = _("%(name)s changed your Charity Hub number to %(number)s. Not wanted? Stop it here: %(link)s")
        return told % (words | {"link": stop_link(person, number)})

    return alert(person, text)


def notify_of_administrator(person: User, *, actor: User) -> bool:
    """Text all other administrators that somebody became one: they may confirm what the actor asks for."""
    text = _("%(actor)s has made %(name)s an administrator of Charity Hub. %(if_not)s")
    words = {"actor": actor, "name": person, "if_not": _("If that is not right, take it back at once.")}
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk__in=[person.pk, actor.pk])
    told = [alert(other, text % words) for other in others]
    return all(told)


def notify_of_officer(membership: Membership, *, actor: User) -> bool:
    """Text the new officer and all others of the organization from when on the role is in force."""
    since = timezone.localtime() + timedelta(hours=settings.OFFICER_WAIT_HOURS)
    words = {"actor": actor, "name": membership.user, "charity": membership.organization}
    text = _("%(actor)s has made %(name)s an officer of %(charity)s, from %(time)s on. %(if_not)s") % {
        **words,
        "time": f"{since:%m-%d %H:%M}",
        "if_not": _("If that is not right, speak up before then."),
    }
    colleagues = Membership.objects.held().filter(
        role__in=DECIDING_ROLES, organization=membership.organization
    )
    told = [alert(one, text) for one in User.objects.filter(pk__in=colleagues.values("user"), is_active=True)]
    return all(told)


def _if_not_you() -> str:
    return _("If you did not ask for this, call an administrator at once.")


def _changed(person: User, text: str) -> None:
    alert(person, f"{text} {_if_not_you()}")


@receiver([account.password_changed, account.password_set])
def _password_changed(user: User, **_kwargs: Any) -> None:
    _changed(user, _("The password of your Charity Hub account was changed."))


@receiver(factor.authenticator_added)
def _factor_added(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Recovery codes come with the first factor, and need no message of their own."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        _changed(user, _("Your Charity Hub account has a new second factor."))


@receiver(factor.authenticator_removed)
def _factor_removed(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        _changed(user, _("A second factor was removed from your Charity Hub account."))


@receiver(factor.authenticator_reset)
def _codes_renewed(user: User, **_kwargs: Any) -> None:
    _changed(user, _("Your Charity Hub account has new recovery codes. The old ones no longer work."))


@receiver(wechat.social_account_added)
def _wechat_linked(sociallogin: Any, **_kwargs: Any) -> None:
    _changed(sociallogin.user, _("Your Charity Hub account can now be entered with WeChat."))


@receiver(wechat.social_account_removed)
def _wechat_unlinked(socialaccount: Any, **_kwargs: Any) -> None:
    _changed(socialaccount.user, _("Your Charity Hub account can no longer be entered with WeChat."))
