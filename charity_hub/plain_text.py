"""Cleaning typed or pasted text: invisible characters and full-width digits."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Unicode's Default_Ignorable_Code_Point: zero-width characters, soft hyphens, joiners, direction marks,
# variation selectors, fillers, tags. Also the Braille blank and interlinear annotation characters, which are
# invisible too.
INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# All full-width characters of Chinese input methods.
_SEPARATORS: Final = re.compile(r"[\s·•・．.\-]+")
_HALF: Final = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def visible(text: str) -> str:
    """The text without invisible characters."""
    return INVISIBLE.sub("", text)


def half_width(text: str) -> str:
    """The text with full-width letters, digits and signs in half width: ``１２，５`` is ``12,5``.

    Other characters are not converted: 10² is not 102, ½ is not 1/2, and ① is not 1.
    """
    return text.translate(_HALF)


def clean_name(text: str) -> str:
    """The name as it is kept and printed, for forms and registers alike: without what nobody sees and
    control characters, blanks in a row made one.
    """
    if text.isprintable() and text == " ".join(text.split()) and not INVISIBLE.search(text):
        return text
    kept = (" " if unicodedata.category(sign).startswith("Z") else sign for sign in visible(text))
    shown = "".join(sign for sign in kept if unicodedata.category(sign) not in {"Cc", "Cs"})
    return " ".join(shown.split())


@lru_cache(maxsize=4096)
def name_key(text: str) -> str:
    """The same for the same name however it was typed: width, case, blanks and dots do not tell people
    apart.
    """
    folded = unicodedata.normalize("NFKC", clean_name(text)).casefold()
    return _SEPARATORS.sub("", folded) or folded.strip()
