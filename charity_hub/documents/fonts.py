"""The fonts that PDFs and charts are set in, and what to print where none of them has a character.

Noto Sans SC is the text face. Names hold characters that it lacks (𠮷, emoji): the faces after it are asked
in turn. What none of them can draw is written as its code point, ``[U+20000]``: never an empty box,
never left out.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import typst
from django.conf import settings

from charity_hub.plain_text import INVISIBLE

FAMILIES = ("Noto Sans SC", "Noto Sans JP", "Noto Sans HK", "Noto Emoji")
PACKAGES = ("noto-sans-sc", "noto-sans-jp", "noto-sans-hk", "noto-emoji")
JOINER = "\u200d"  # holds emoji of several signs together
WEIGHTS = ("400Regular", "700Bold")


def folders() -> list[Path]:
    """Where the font files lie: one folder for each family and weight."""
    packages = Path(settings.BASE_DIR) / "node_modules" / "@expo-google-fonts"
    return [packages / package / weight for package in PACKAGES for weight in WEIGHTS]


@cache
def loaded() -> typst.Fonts:
    """The fonts for typst, found once in a process.

    System fonts are left out, so that the same data gives the same PDF everywhere.
    """
    missing = [str(folder) for folder in folders() if not folder.is_dir()]
    if missing:
        raise FileNotFoundError(f"Fonts are missing, run `npm ci`: {', '.join(missing)}")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(f) for f in folders()]
    )


def _code_points(font: bytes) -> Iterator[int]:
    """The characters of a TrueType font, from its ``cmap`` table (format 12, as all Noto fonts have)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(tables))
    cmap = next(offset for tag, _sum, offset, _length in records if tag == b"cmap")
    (encodings,) = struct.unpack_from(">H", font, cmap + 2)
    for number in range(encodings):
        subtable = cmap + struct.unpack_from(">HHI", font, cmap + 4 + 8 * number)[2]
        if struct.unpack_from(">H", font, subtable)[0] != 12:
            continue
        (groups,) = struct.unpack_from(">I", font, subtable + 12)
        for group in range(groups):
            first, last, _glyph = struct.unpack_from(">III", font, subtable + 16 + 12 * group)
            yield from range(first, last + 1)
        return


@cache
def characters() -> frozenset[str]:
    """Every character that one of the fonts can draw."""
    files = [file for folder in folders() if folder.name == WEIGHTS[0] for file in folder.glob("*.ttf")]
    return frozenset(chr(point) for file in files for point in _code_points(file.read_bytes()))


def _drawn(character: str) -> str:
    """What to print for a character that has to be replaced. A mark above a letter is no less to be seen."""
    if character in "\n\t" or unicodedata.category(character).startswith("Z"):
        return character
    invisible = unicodedata.category(character) in {"Cc", "Cf"} or INVISIBLE.match(character)
    return "" if invisible else f"[U+{ord(character):04X}]"


def printable(text: str) -> str:
    """The text with characters that no font has as code points, and without those that show nothing.

    A letter and its mark are first made one character where there is one: that may be drawn.
    """
    if not _odd(text):
        return text
    composed = unicodedata.normalize("NFC", text)
    return composed.translate({ord(sign): _drawn(sign) for sign in _odd(composed)})


def _odd(text: str) -> set[str]:
    return {
        sign
        for sign in text
        if (sign not in characters() or unicodedata.category(sign) in {"Cc", "Cf"}) and sign != JOINER
    }
