"""The context of every page's frame, computed only if a template uses it."""

from functools import cache, lru_cache
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from charity_hub.notices.models import Notice
from charity_hub.people.access import STAFF, AnyUser
from charity_hub.people.models import User
from charity_hub.portal.interrupted_forms import NOTE, own_note, sign_note
from charity_hub.portal.registry import Space, menu_of

# Pages that contain all other pages of their space.
HOMES: Final = frozenset({"/", "/desk/", "/me/"})

# url name, label in the present language, icon, address
type Drawn = tuple[str, str, str, str]


def menu_html(space: Space, user: AnyUser, path: str, *, template: str = "menu") -> SafeString:
    """The menu entries that this person may open, with the one of ``path`` marked."""
    entries = tuple(
        (entry.url_name, str(entry.label), entry.icon, address_of(entry.url_name))
        for entry in menu_of(space, user)
    )
    here = next((entry[0] for entry in entries if is_here(path, entry[3])), "")
    return _drawn(template, get_language(), entries, here)


def is_here(path: str, address: str) -> bool:
    """Whether the page at ``path`` is the one at ``address`` or below it."""
    return path == address or (address not in HOMES and path.startswith(address))


@cache
def address_of(url_name: str) -> str:
    """The address of a page without arguments; cached for the life of the process."""
    return reverse(url_name)


@lru_cache(maxsize=1024)
def _drawn(template: str, _language: str | None, entries: tuple[Drawn, ...], here: str) -> SafeString:
    return render_to_string(f"portal/parts/{template}.html", {"entries": entries, "here": here})


LARGE_TYPE_COOKIE: Final = "type"

# Each language by its own name, in full and short.
LANGUAGE_WORDS: Final = {
    "zh-hans": ("简体中文", "简"),
    "zh-hant": ("繁體中文", "繁"),
    "en": ("English", "EN"),
}


class Frame:
    """``hub`` in every template."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def user(self) -> AnyUser:
        return getattr(self.request, "user", None) or AnonymousUser()

    @property
    def large_type(self) -> bool:
        return self.request.COOKIES.get(LARGE_TYPE_COOKIE) == "large"

    @property
    def version(self) -> str:
        return str(settings.VERSION)

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Each as (code, its own name, the short form)."""
        return [(code, *LANGUAGE_WORDS[code]) for code, _name in settings.LANGUAGES]

    @cached_property
    def unread(self) -> int:
        """How many notices this person has not read yet."""
        return Notice.objects.unread(self.user).count() if isinstance(self.user, User) else 0

    @cached_property
    def is_staff(self) -> bool:
        return STAFF.allows(self.user)

    def _menu(self, space: Space, template: str) -> SafeString:
        return menu_html(space, self.user, self.request.path, template=template)

    def public_menu(self) -> SafeString:
        return self._menu("public", "menu")

    def public_links(self) -> SafeString:
        return self._menu("public", "links")

    def public_ways(self) -> SafeString:
        return self._menu("public", "ways")

    def desk_menu(self) -> SafeString:
        return self._menu("desk", "menu")

    def me_menu(self) -> SafeString:
        return self._menu("me", "menu")

    def me_ways(self) -> SafeString:
        return self._menu("me", "ways")

    @property
    def language_url(self) -> str:
        return address_of("portal:set_language")

    @property
    def type_size_url(self) -> str:
        return address_of("portal:set_type_size")

    @property
    def opened_by(self) -> str:
        """The signed token of a form, which names the person who opened it; a form shown again keeps its
        token.
        """
        return self.request.POST[NOTE] if own_note(self.request, self.user) else sign_note(self.user)

    @property
    def here(self) -> str:
        """This page's address, to return to after a switch."""
        return self.request.get_full_path()

    @property
    def picture(self) -> str:
        """The picture that a chat shows beside a link, with ``SITE_URL`` as host."""
        return f"{settings.SITE_URL.rstrip('/')}{static('img/icon-512.png')}"

    @property
    def debug(self) -> bool:
        return bool(settings.DEBUG)


def frame(request: HttpRequest) -> dict[str, Any]:
    return {"hub": Frame(request)}
