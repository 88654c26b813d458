"""The fonts of PDFs and charts, and what to print for characters that no font has.

The text font is Noto Sans SC. For characters that it lacks (𠮷, emoji) the other fonts are tried
in order. A character that none of them has is printed as its code point, ``[U+20000]``, never as an empty box
and never left out.
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
JOINER = "\u200d"  # contains emoji made of several characters
WEIGHTS = ("400Regular", "700Bold")


def folders() -> list[Path]:
    """The folders of the font files: one for each family and weight."""
    packages = Path(settings.BASE_DIR) / "node_modules" / "@expo-google-fonts"
    return [packages / package / weight for package in PACKAGES for weight in WEIGHTS]


@cache
def loaded() -> typst.Fonts:
    """The fonts for typst, loaded once per process.

    System fonts are excluded, so that the same data gives the same PDF everywhere.
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
    """Every character that one of the fonts has."""
    files = [file for folder in folders() if folder.name == WEIGHTS[0] for file in folder.glob("*.ttf")]
    return frozenset(chr(point) for file in files for point in _code_points(file.read_bytes()))


def _drawn(character: str) -> str:
    """The text to print for a character that has to be replaced; a combining mark is shown too."""
    if character in "\n\t" or unicodedata.category(character).startswith("Z"):
        return character
    invisible = unicodedata.category(character) in {"Cc", "Cf"} or INVISIBLE.match(character)
    return "" if invisible else f"[U+{ord(character):04X}]"


def printable(text: str) -> str:
    """The text with code points for characters that no font has, and without invisible characters.

    A letter and its combining mark are first composed, because a font may have the composed character.
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
