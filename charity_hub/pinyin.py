"""Chinese names as people type them: ``桂城街道`` is found by ``guicheng``, ``gcjd`` and ``gui cheng``."""

from functools import lru_cache

from pypinyin import lazy_pinyin


@lru_cache(maxsize=20_000)
def spell(text: str) -> str:
    """The content of a pinyin column: the full pinyin and the initials, ``guichengjiedao gcjd``."""
    if not text:
        return ""
    sounds = lazy_pinyin(text)
    # Letters and digits stay as they are, also among the initials.
    initials = (sound if sound in text else sound[:1] for sound in sounds)
    return f"{''.join(sounds)} {''.join(initials)}".lower()


def sounds_like(text: str, word: str) -> bool:
    """Whether the typed word is part of the text's pinyin or of its initials."""
    return word.lower() in spell(text)
