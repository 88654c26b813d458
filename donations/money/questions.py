"""What a clerk is asked once before a gift is recorded: it may be right, but it often is a slip."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.money import yuan
from charity_hub.people.masks import mask_name, mask_phone
from charity_hub.people.models import User
from charity_hub.plain_text import name_key
from donations.money.donor_lookup import Found
from donations.money.donors import find_donor, identity
from donations.money.models import Donor, DonorKind, Gift
from donations.money.permissions import RECORDING
from donations.money.rules import NewGift

LONG_AGO = timedelta(days=92)
MANY_FEN = 10_000_000


def questions(typed: NewGift, picked: Donor | None, found: Found, user: User) -> list[str]:
    """Whole sentences that ask; none when everything looks as usual.

    ``picked`` is the donor if one was picked from the list, ``found`` who is on file with the phone or the ID
    that were typed, as far as ``user`` is told.
    """
    asked = [*_about_the_amount(typed), *_about_the_day(typed)]
    if typed.donor_kind == DonorKind.ANONYMOUS:
        return asked
    donor = picked or find_donor(
        typed.purpose.fund.host,
        kind=typed.donor_kind,
        name=typed.name,
        phone=typed.phone,
        id_number=typed.id_number,
    )
    if donor is None:
        return asked + _about_the_phone(typed, found)
    return [
        *asked,
        *([] if picked else _about_the_name(typed, donor, found)),
        *_about_a_new_phone(typed, donor, user),
        *_about_doubles(typed, donor, user),
    ]


def fingerprint(asked: Sequence[str]) -> str:
    """Stands for exactly these questions: they count as answered only when they are still the same."""
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:32]


def _about_doubles(typed: NewGift, donor: Donor, user: User) -> list[str]:
    gifts = Gift.objects.in_scope_of(user, *RECORDING).recorded()
    same = gifts.filter(donor=donor, given_on=typed.given_on, amount_fen=typed.amount_fen)
    numbers = list(same.values_list("number", flat=True)[:3])
    if not numbers:
        return []
    return [
        _("%(name)s gave %(amount)s on %(day)s already (%(numbers)s). Is this another gift?")
        % {
            "name": donor.name,
            "amount": yuan(typed.amount_fen),
            "day": typed.given_on.isoformat(),
            "numbers": "、".join(numbers),
        }
    ]


def _about_the_name(typed: NewGift, donor: Donor, found: Found) -> list[str]:
    if name_key(typed.name) == donor.name_key or found.limited:
        return []
    if donor in found.others and typed.donor_kind == DonorKind.PERSON:
        return [
            _(
                "This ID is on file at the charity under another name. Are the ID and the name right? The"
                " gift will be recorded under the name that you typed."
            )
        ]
    return [
        _(
            "This ID belongs to %(name)s on file. Is that who gives? The gift will be "
            "recorded under that name."
        )
        % {"name": donor.name}
    ]


def _about_a_new_phone(typed: NewGift, donor: Donor, user: User) -> list[str]:
    """Nobody gives a phone to a donor of other stations."""
    if not typed.phone or donor.phone or Donor.objects.told_to(user, *RECORDING).filter(pk=donor.pk).exists():
        return []
    return [
        _(
            "This donor is on file without a phone at other stations of the charity. The phone is not added"
            " to that entry: its officers do so. Record the gift without it?"
        )
    ]


def _about_the_phone(typed: NewGift, found: Found) -> list[str]:
    """Whether it is right that somebody else has this phone: nobody of the same name was found by it."""
    who = identity(typed.donor_kind, typed.name, typed.phone, typed.id_number)
    told = [one for one in found.told if one.name_key != who.name_key]
    others = [one for one in found.others if one.name_key != who.name_key]
    known = {"phone": mask_phone(who.phone), "name": who.name}
    if told:
        names = "、".join(mask_name(one.name) for one in told[:3])
        return [
            _("The phone %(phone)s is on file for %(names)s. Is %(name)s somebody else with the same phone?")
            % (known | {"names": names})
        ]
    if others:
        return [
            _(
                "The phone %(phone)s is on file under another name. Is %(name)s somebody else with the"
                " same phone?"
            )
            % known
        ]
    return []


def _about_the_amount(typed: NewGift) -> list[str]:
    if typed.amount_fen < MANY_FEN:
        return []
    return [
        _("%(amount)s is a large gift. Is the number of zeros right?") % {"amount": yuan(typed.amount_fen)}
    ]


def _about_the_day(typed: NewGift) -> list[str]:
    if timezone.localdate() - typed.given_on <= LONG_AGO:
        return []
    return [
        _("%(day)s is more than three months ago. Is the date right?") % {"day": typed.given_on.isoformat()}
    ]
