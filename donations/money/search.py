"""Finding gifts and donors by what people type: a number, a receipt, a name, a phone."""

import re
from collections.abc import Collection
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.people.encryption import end_index
from charity_hub.people.models import User
from charity_hub.plain_text import name_key
from donations.money.donor_lookup import look_up, phone_indexes
from donations.money.models import Donor
from donations.money.permissions import HANDLERS, HANDLING
from donations.money.rules import EARLIEST

# Up to here the donors who are meant are looked up first, so that their gifts come from the index.
MOST_DONORS = 500
_WHOLE_NUMBER = re.compile(r"JZ-\d{4}-\d{6,}")
_END_OF_PHONE = re.compile(r"[0-9]{4}")
MOST_WORDS = 8
_LAST_FIGURES = re.compile(r"\d{1,7}")


def gifts_matching(text: str) -> Q:
    """Gifts by their number (whole, its beginning, its last figures) or the official receipt's beginning."""
    word = text.strip()
    if not word:
        return Q(pk__in=[])
    numbers = [word.upper()]
    if _LAST_FIGURES.fullmatch(word):
        numbers += [f"JZ-{year}-{int(word):06}" for year in _years(timezone.localdate())]
    called = Q(number__in=numbers)
    if word.upper().startswith("JZ-") and not _WHOLE_NUMBER.fullmatch(word.upper()):
        called |= Q(number__startswith=word.upper())
    # As in the partial index gift_by_receipt: PostgreSQL does not see by itself that nobody asks for "".
    return called | (Q(official_receipt__startswith=word) & ~Q(official_receipt=""))


def gifts_of_donors_matching(text: str) -> Q:
    """Gifts of donors whose name or pinyin holds this."""
    word = text.strip()
    if not word:
        return Q(pk__in=[])
    donors = Donor.objects.filter(
        Q(name__icontains=word) | Q(name_key__contains=name_key(word)) | Q(pinyin__contains=word.lower())
    )
    few = list(donors.order_by().values_list("pk", flat=True)[: MOST_DONORS + 1])
    return Q(donor__in=few if len(few) <= MOST_DONORS else donors.values("pk"))


def donors_matching(user: User, text: str, address: str | None = None) -> Q:
    """Donors whose name or pinyin holds each word, or whose phone this is: whole as people write it, or its
    last four digits. By phone are found those alone whose phone the person may see.

    Raises ``Refused`` when the person has looked for many phones within the hour.
    """
    names = Q()
    for word in text.split()[:MOST_WORDS]:
        names &= (
            Q(name__icontains=word) | Q(name_key__contains=name_key(word)) | Q(pinyin__contains=word.lower())
        )
    rows = _rows_with_phone(user, text.strip(), address)
    return names if rows is None else names | Q(pk__in=rows)


def _rows_with_phone(user: User, text: str, address: str | None) -> Collection[int] | None:
    """The donors with this phone, or with one that ends so; None where the text is neither."""
    mine = Donor.objects.in_scope_of(user, *HANDLING)
    if _END_OF_PHONE.fullmatch(text):
        ending = Donor.objects.filter(phone_end_index=end_index(text))
        return mine.filter(pk__in=Donor.objects.current_for(ending)).values_list("pk", flat=True)
    phones = phone_indexes(text)
    if not phones or not HANDLERS.allows(user):
        return None
    found = look_up(user, mine, *HANDLING, phones=phones, address=address)
    if found.limited:
        raise Refused(_("Too many numbers were looked up within the hour. Search by name, or try later."))
    return [donor.pk for donor in found.told]


def _years(today: date) -> range:
    return range(EARLIEST.year, today.year + 1)
