"""Names as people write them, and the form by which the same name is known again."""

import re
import unicodedata
from functools import lru_cache

from charity_hub.pinyin import spell
from charity_hub.plain_text import INVISIBLE, visible

_SEPARATORS = re.compile(r"[\s·•・．.\-]+")


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


def pinyin_of(text: str) -> str:
    """What a search by pinyin looks through: the whole spelling and the initials (``zhangsan zs``)."""
    return spell(name_key(text))[:320]
