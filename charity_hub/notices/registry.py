"""The kinds of notices. Each room registers its own in ``registrations.register()``::

register_notices(
    NoticeKind(
        "spending_returned",
        _("A request that I filed was returned"),
        _("Spending request %(number)s was returned: %(reason)s"),
        rule=FILERS,
    ),
)
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from charity_hub.people.access import AnyUser, Rule


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind. ``words`` are the notice itself, filled with the facts that ``notify`` is given.

    ``label`` is what a person chooses by; ``rule`` says to whom the choice is shown. ``by_text``: a text
    message goes out too, unless the person chose otherwise. ``waits``: it keeps until the morning.
    """

    code: str
    label: str | Promise
    words: str | Promise
    rule: Rule
    by_text: bool = True
    waits: bool = True


_kinds: dict[str, NoticeKind] = {}


def register_notices(*kinds: NoticeKind) -> None:
    """Make kinds known. Registering one again replaces it."""
    _kinds.update({kind.code: kind for kind in kinds})


def kind_of(code: str) -> NoticeKind:
    """Raises ``KeyError`` for a kind that nobody registers."""
    return _kinds[code]


def known(code: str) -> bool:
    """Whether a kind is still registered: its notices may be older than the code."""
    return code in _kinds


def kinds_for(user: AnyUser) -> list[NoticeKind]:
    """The kinds that may concern this person, in the order of registration."""
    return [kind for kind in _kinds.values() if kind.rule.allows(user)]


def urgent() -> Iterable[str]:
    """The codes of the kinds that are sent at night, too."""
    return [kind.code for kind in _kinds.values() if not kind.waits]
