"""Text that was typed or pasted, without what nobody sees, and with the digits of any keyboard."""

import re
from typing import Final

# Unicode's Default_Ignorable_Code_Point: zero-width and soft hyphens, joiners, marks of direction, selectors
# of variants, fillers, tags. And the Braille blank and the signs of interlinear notes, which show nothing.
INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# The whole keyboard in full width, as Chinese input methods write it.
_HALF: Final = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def visible(text: str) -> str:
    """The text without signs that nobody sees."""
    return INVISIBLE.sub("", text)


def half_width(text: str) -> str:
    """The text with full-width letters, digits and signs in half width: ``１２，５`` is ``12,5``.

    Nothing else is taken for a digit: 10² is not 102, ½ not 1/2, and ① not 1.
    """
    return text.translate(_HALF)
