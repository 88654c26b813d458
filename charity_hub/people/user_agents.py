"""Browsers as people know them: ``Edge · Windows`` instead of what a browser says of itself."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# What a browser's description holds, and what people call it; the first that is found counts, for most
# browsers name the others too.
BROWSERS: Final[list[tuple[str, str | Promise]]] = [
    ("MicroMessenger", gettext_lazy("WeChat")),
    ("HuaweiBrowser", gettext_lazy("Huawei browser")),
    ("MiuiBrowser", gettext_lazy("Xiaomi browser")),
    ("QQBrowser", gettext_lazy("QQ browser")),
    ("UCBrowser", gettext_lazy("UC browser")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
]
SYSTEMS: Final[list[tuple[str, str | Promise]]] = [
    ("OpenHarmony", gettext_lazy("HarmonyOS")),
    ("HarmonyOS", gettext_lazy("HarmonyOS")),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", gettext_lazy("Android")),
    ("Windows", "Windows"),
    ("Mac OS", gettext_lazy("Mac")),
    ("Linux", "Linux"),
]


def browser_name(description: str) -> str:
    """The browser and its device in a word or two; what a ``User-Agent`` header says is only a claim."""
    names = [_first(BROWSERS, description), _first(SYSTEMS, description)]
    return " · ".join(filter(None, names)) or _("Unknown device")


def _first(known: list[tuple[str, str | Promise]], description: str) -> str:
    return next((str(name) for mark, name in known if mark in description), "")
