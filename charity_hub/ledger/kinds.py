"""What kinds of transfers are called: each room names those it posts in ``signage.register()``."""

from collections.abc import Mapping

from django.utils.functional import Promise

_words: dict[str, str | Promise] = {}


def name_kinds(words: Mapping[str, str | Promise]) -> None:
    """Give kinds their words, for people who look at the books. Naming a kind again replaces its words."""
    _words.update(words)


def in_words(kind: str) -> str:
    """What a kind is called; one that nobody named (any more) stays as it is written."""
    return str(_words.get(kind, kind))


def called(words: str) -> list[str]:
    """The kinds that go by these words, or by this code."""
    return [kind for kind in {*_words, words} if words in (kind, str(_words.get(kind, "")))]
