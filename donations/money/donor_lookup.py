"""Looking for donors by a phone or an ID: limited for each person and hour, and each match leaves a look.

A number that was typed tells whose it is only where the donor is told to the person; of anybody else it says
that the number is known. Without a limit, numbers could be tried out until one is.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from charity_hub.people.disclosures import note_match
from charity_hub.people.encryption import blind_index
from charity_hub.people.id_numbers import normal_id
from charity_hub.people.models import Role, User
from charity_hub.people.phones import parse_phone
from donations.money.models import Donor, DonorLookup

HOUR: Final = timedelta(hours=1)
# Namespace of the advisory lock under which a person's lookups are counted, whichever process asks.
_LOOKUPS_OF_PERSON: Final = 0x4C4F4F4B


@dataclass(frozen=True)
class Found:
    """What a person is told of the numbers that were typed."""

    # Those whose name the person is told, and those of whom the person only learns that they are on file.
    told: list[Donor] = field(default_factory=list)
    others: list[Donor] = field(default_factory=list)
    # Too many numbers in an hour: nothing was looked up.
    limited: bool = False


def phone_indexes(*texts: str) -> set[str]:
    """The blind indexes of those of the texts that are mobile numbers."""
    return {blind_index(parse_phone(text[:40]) or "") for text in texts} - {""}


def id_indexes(*texts: str) -> set[str]:
    """The blind indexes of those of the texts that are as long as an ID or a credit code."""
    numbers = {normal_id(text[:40]) for text in texts}
    return {blind_index(number) for number in numbers if len(number) == 18}


def look_up(
    user: User,
    donors: QuerySet[Donor],
    *roles: Role,
    phones: Collection[str] = (),
    ids: Collection[str] = (),
    address: str | None = None,
) -> Found:
    """The donors among these who stand for rows with one of the numbers (blind indexes).

    The person is told the names of those that are theirs by one of ``roles``. At most
    ``DONOR_LOOKUPS_PER_HOUR`` numbers that lead to nobody of theirs. ``address`` is where they ask from.
    """
    asked = {*phones, *ids}
    if not asked:
        return Found()
    rows = list(
        donors.filter(Q(phone_index__in=phones) | Q(id_index__in=ids)).values_list(
            Coalesce("merged_into", "pk"), "phone_index", "id_index"
        )
    )
    known = list(Donor.objects.filter(pk__in=[row[0] for row in rows]).order_by("name", "pk"))
    told = list(Donor.objects.told_to(user, *roles).filter(pk__in=[one.pk for one in known]))
    mine = {index for pk, *indexes in rows if pk in {one.pk for one in told} for index in indexes}
    with transaction.atomic():
        news = _count(user, asked, asked - mine)
        if news is None:
            return Found(limited=True)
        matched = {pk for pk, *indexes in rows if news & set(indexes)}
        for donor in known:
            if donor.pk in matched:
                note_match(user, donor, address)
    return Found([one for one in known if one in told], [one for one in known if one not in told])


@dataclass(frozen=True)
class Counted:
    """What ``count_matches`` lets a person be told of a file's numbers."""

    # The matches that used up some of the limit just now.
    counted: set[str]
    # From when on the person may ask for the rest; None: all may be told.
    again_at: datetime | None


@transaction.atomic
def count_matches(user: User, matched: Collection[str], others: Collection[str]) -> Counted:
    """Count the numbers of a file (blind indexes) that are on file beyond the person's reach.

    A file may hold any number of new donors, so ``others``, which lead to nobody, do not count. Once the
    limit is reached they are not told apart from matches any more. Passing it uses up what was left: the
    refusal itself tells that there are more matches.
    """
    before = _within_the_hour(user)
    left = max(settings.DONOR_LOOKUPS_PER_HOUR - sum(before.values()), 0)
    news = set(matched) - before.keys()
    counted = set(sorted(news)[:left])
    DonorLookup.objects.bulk_create(DonorLookup(person=user, asked=one, counts=True) for one in counted)
    if len(news) <= left and (left or not set(others) - before.keys()):
        return Counted(counted, None)
    latest = DonorLookup.objects.filter(person=user, counts=True).aggregate(Max("at"))["at__max"]
    return Counted(counted, (latest or timezone.now()) + HOUR)


def _within_the_hour(user: User) -> dict[str, bool]:
    """The numbers that the person looked up within the hour, and whether each counts; locked until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOOKUPS_OF_PERSON, user.pk])
    mine = DonorLookup.objects.filter(person=user)
    mine.filter(at__lt=timezone.now() - HOUR).delete()
    return dict(mine.values_list("asked", "counts"))


def _count(user: User, asked: set[str], counting: set[str]) -> set[str] | None:
    """Those of the numbers that are new within the hour; None when the counting ones pass the limit."""
    before = _within_the_hour(user)
    news = asked - set(before)
    if news & counting and sum(before.values()) + len(news & counting) > settings.DONOR_LOOKUPS_PER_HOUR:
        return None
    DonorLookup.objects.bulk_create(
        DonorLookup(person=user, asked=one, counts=one in counting) for one in news
    )
    return news
