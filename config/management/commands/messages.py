"""The catalogs: collect strings, build what the portal reads, check that everything is translated.

English is the source language. ``locale/zh_Hans`` is written by people; OpenCC makes ``locale/zh_Hant`` from
it.
Only the ``zh_Hans`` catalog is in the repository; ``build`` makes the rest in pure Python.
"""

from argparse import ArgumentParser
from functools import cache
from pathlib import Path
from typing import Final

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.reloader import translation_file_changed
from opencc import OpenCC

SOURCE = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
IGNORED = ["node_modules/*", ".venv/*", "var/*", "tests/*", "bench/*"]

# OpenCC conversions that are wrong in our sentences, and characters that would appear in two forms.
MENDED: Final = {
    "衝正": "沖正",  # a reversal in the books, not a collision
    "復制": "複製",
    "格里": "格裡",
    "平臺": "平台",
    "工作臺": "工作台",
    "後臺": "後台",
    "佈": "布",
}


class Command(BaseCommand):
    help = __doc__.splitlines()[0]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", choices=["collect", "build", "check"])

    def handle(self, *, step: str, **_options: object) -> None:
        {"collect": self.collect, "build": self.build, "check": self.compare}[step]()

    def collect(self) -> None:
        """Update the catalog from the code (needs gettext)."""
        call_command(
            "makemessages",
            locale=["zh_Hans"],
            ignore_patterns=IGNORED,
            no_location=True,
            no_wrap=True,
            no_obsolete=True,
            verbosity=0,
        )

    def build(self) -> None:
        """Compile zh-Hans, and zh-Hant made from it, if they are older than their source."""
        traditional = SOURCE.parents[2] / "zh_Hant" / "LC_MESSAGES" / "django.mo"
        compiled = SOURCE.with_suffix(".mo")
        newest = max(SOURCE.stat().st_mtime, Path(__file__).stat().st_mtime)
        if traditional.exists() and traditional.stat().st_mtime >= newest:
            return
        catalog = polib.pofile(str(SOURCE))
        catalog.save_as_mofile(str(compiled))
        traditional.parent.mkdir(parents=True, exist_ok=True)
        _in_traditional_characters(catalog).save_as_mofile(str(traditional))
        # This process may have loaded them before: on a fresh machine ``run`` continues with the demo.
        translation_file_changed(None, compiled)

    def compare(self) -> None:
        """Fail if a string is missing from the catalog, untranslated, fuzzy or no longer used."""
        before = SOURCE.read_text()
        catalog = polib.pofile(str(SOURCE))
        try:
            self.collect()
            collected = polib.pofile(str(SOURCE))
        finally:
            SOURCE.write_text(before)
        known, used = _ids(catalog), _ids(collected)
        problems = [f"not in the catalog: {text!r}" for text in sorted(used - known)]
        problems += [f"no longer used: {text!r}" for text in sorted(known - used)]
        problems += [f"untranslated: {entry.msgid!r}" for entry in catalog.untranslated_entries()]
        problems += [f"fuzzy: {entry.msgid!r}" for entry in catalog.fuzzy_entries()]
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write(f"{len(catalog)} strings, all translated.")


def _ids(catalog: polib.POFile) -> set[str]:
    return {f"{entry.msgctxt or ''}|{entry.msgid}" for entry in catalog if not entry.obsolete}


@cache
def _opencc() -> OpenCC:
    return OpenCC("s2tw")


def in_traditional(text: str) -> str:
    """The sentence in traditional characters, with OpenCC's errors in the terms of the field corrected."""
    text = _opencc().convert(text)
    for wrong, right in MENDED.items():
        text = text.replace(wrong, right)
    return text


def _in_traditional_characters(catalog: polib.POFile) -> polib.POFile:
    for entry in catalog:
        entry.msgstr = in_traditional(entry.msgstr)
        entry.msgstr_plural = {number: in_traditional(text) for number, text in entry.msgstr_plural.items()}
    return catalog
