"""What every page's frame needs, worked out only when a template asks for it."""

from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import cached_property

from charity_hub.people.access import STAFF, Somebody
from charity_hub.portal.registry import MenuEntry, menu_of

LARGE_TYPE_COOKIE: Final = "type"

# Each language in its own words, as long and as short as there is room for.
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
    def user(self) -> Somebody:
        return getattr(self.request, "user", None) or AnonymousUser()

    @property
    def large_type(self) -> bool:
        return self.request.COOKIES.get(LARGE_TYPE_COOKIE) == "large"

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Each as (code, its own name, the short form)."""
        return [(code, *LANGUAGE_WORDS[code]) for code, _name in settings.LANGUAGES]

    @cached_property
    def is_staff(self) -> bool:
        return STAFF.allows(self.user)

    @cached_property
    def public_menu(self) -> list[MenuEntry]:
        return menu_of("public", self.user)

    @cached_property
    def desk_menu(self) -> list[MenuEntry]:
        return menu_of("desk", self.user)

    @cached_property
    def me_menu(self) -> list[MenuEntry]:
        return menu_of("me", self.user)

    @property
    def here(self) -> str:
        """This page's address, to come back to after a switch."""
        return self.request.get_full_path()

    @property
    def debug(self) -> bool:
        return bool(settings.DEBUG)


def frame(request: HttpRequest) -> dict[str, Any]:
    return {"hub": Frame(request)}
