"""National ID numbers: GB 11643-1999, 18 characters, check character by ISO 7064 MOD 11-2."""

import re
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.plain_text import half_width

LENGTH = 18
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
EARLIEST_YEAR = 1850


def normal_id(text: str) -> str:
    """The number as it is stored: half-width, capital X, without spaces and dashes. Checks nothing."""
    plain = half_width(text).upper()
    return "".join(letter for letter in plain if letter.isalnum())


def check_character(first_17: str) -> str:
    """The 18th character that belongs to 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def birth_date(id_number: str) -> date | None:
    """The date of birth in a number of 18 characters, or None when it is no date."""
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None


def id_problem(text: str) -> str | None:
    """A sentence that says what is wrong with a national ID number, or None when it is right.

    Any region code is accepted; the date of birth must be real and not in the future.
    """
    number = normal_id(text)
    if len(number) != LENGTH:
        return _("An ID number has 18 characters; this one has %(count)s.") % {"count": len(number)}
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return _("An ID number has 17 digits and then a digit or X; this one has other characters.")
    born = birth_date(number)
    if born is None or born.year < EARLIEST_YEAR:
        return _("Characters 7 to 14 of this ID number are not a date of birth.")
    if born > timezone.localdate():
        return _("The date of birth in this ID number is in the future.")
    if check_character(number[:17]) != number[17]:
        return _("The last character of this ID number does not fit the others: one of them is mistyped.")
    return None
