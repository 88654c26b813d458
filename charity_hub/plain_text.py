"""Cleaning typed or pasted text: invisible characters and full-width digits."""

import re
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
_HALF: Final = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def visible(text: str) -> str:
    """The text without invisible characters."""
    return INVISIBLE.sub("", text)


def half_width(text: str) -> str:
    """The text with full-width letters, digits and signs in half width: ``１２，５`` is ``12,5``.

    Other characters are not converted: 10² is not 102, ½ is not 1/2, and ① is not 1.
    """
    return text.translate(_HALF)
