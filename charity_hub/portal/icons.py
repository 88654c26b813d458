"""Tabler's icons as inline SVG: a page contains the few that it shows, and no font is loaded."""

import re
from functools import cache
from typing import Final

from django.conf import settings

FOLDER: Final = settings.BASE_DIR / "node_modules/@tabler/icons/icons/outline"
# Every file begins with an invisible square for drawing programs.
SQUARE: Final = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


@cache
def strokes(name: str) -> str:
    """The content of the icon's SVG; ``LookupError`` for an unknown name."""
    file = FOLDER / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not file.exists():
        raise LookupError(f"There is no Tabler icon called {name!r}; see https://tabler.io/icons.")
    drawing = SQUARE.sub("", file.read_text())
    inside = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
    return re.sub(r"\s*\n\s*", "", inside).replace('" />', '"/>')
