"""Finding gifts by what people type: a number, a receipt, a donor. Each part is answered by an index."""

import re
from datetime import date

from django.db.models import Q
from django.utils import timezone

from donations.money.models import Donor
from donations.money.names import name_key
from donations.money.rules import EARLIEST

# Up to here the donors who are meant are looked up first, so that their gifts come from the index.
MOST_DONORS = 500
_WHOLE_NUMBER = re.compile(r"JZ-\d{4}-\d{6,}")
_LAST_FIGURES = re.compile(r"\d{1,7}")


def gifts_called(text: str) -> Q:
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


def gifts_of_donors_called(text: str) -> Q:
    """Gifts of donors whose name or pinyin holds this."""
    word = text.strip()
    if not word:
        return Q(pk__in=[])
    donors = Donor.objects.filter(
        Q(name__icontains=word) | Q(name_key__contains=name_key(word)) | Q(pinyin__contains=word.lower())
    )
    few = list(donors.order_by().values_list("pk", flat=True)[: MOST_DONORS + 1])
    return Q(donor__in=few if len(few) <= MOST_DONORS else donors.values("pk"))


def _years(today: date) -> range:
    return range(EARLIEST.year, today.year + 1)
