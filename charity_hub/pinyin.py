"""Chinese names as people type them: ``桂城街道`` is found by ``guicheng``, by ``gcjd`` and by ``gui cheng``."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=20_000)
def spell(text: str) -> str:
    """What a pinyin column holds: the whole spelling and the initials, ``guichengjiedao gcjd``."""
    if not text:
        return ""
    whole = "".join(lazy_pinyin(text))
    initials = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return f"{whole} {initials}".lower()


def sounds_like(text: str, word: str) -> bool:
    """Whether the typed word is part of the text's spelling or of its initials."""
    return word.lower() in spell(text)
