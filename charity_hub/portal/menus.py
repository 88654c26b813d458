"""A space's menu as HTML, drawn once for each language and selection: every page carries one."""

from functools import cache, lru_cache
from typing import Final

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from charity_hub.people.access import Somebody
from charity_hub.portal.registry import Space, menu_of

# Pages under which everything else of their space lies.
HOMES: Final = frozenset({"/", "/desk/", "/me/"})

# url name, label in the language at hand, icon, address
type Drawn = tuple[str, str, str, str]


def menu_html(space: Space, user: Somebody, path: str, *, template: str = "menu") -> SafeString:
    """The entries that lead this person somewhere, the one at ``path`` marked."""
    entries = tuple(
        (entry.url_name, str(entry.label), entry.icon, address_of(entry.url_name))
        for entry in menu_of(space, user)
    )
    here = next((entry[0] for entry in entries if is_here(path, entry[3])), "")
    return _drawn(template, get_language(), entries, here)


def is_here(path: str, address: str) -> bool:
    """Whether the page at ``path`` is the one at ``address`` or lies below it."""
    return path == address or (address not in HOMES and path.startswith(address))


@cache
def address_of(url_name: str) -> str:
    """The address of a page without arguments; it never changes while the process lives."""
    return reverse(url_name)


@lru_cache(maxsize=1024)
def _drawn(template: str, _language: str | None, entries: tuple[Drawn, ...], here: str) -> SafeString:
    return render_to_string(f"portal/parts/{template}.html", {"entries": entries, "here": here})
