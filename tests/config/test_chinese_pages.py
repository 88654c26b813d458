"""The tutorial and the guides in Chinese: the same pages and commands, and the labels that people see."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

DOCS = settings.BASE_DIR / "docs"
ENGLISH = sorted((DOCS / "tutorial").glob("*.md")) + sorted((DOCS / "guides").glob("*.md"))
CATALOG = settings.BASE_DIR / "locale/zh_Hans/LC_MESSAGES/django.po"


def chinese(page: Path) -> Path:
    return DOCS / "zh-CN" / page.relative_to(DOCS)


def commands(page: Path) -> list[str]:
    """The fenced blocks without comments, which are translated."""
    blocks = re.findall(r"^ *```\w+\n(.*?)^ *```$", page.read_text(), re.MULTILINE | re.DOTALL)
    plain = (re.sub(r"\s+# .*|\"\"\".*\"\"\"", "", block) for block in blocks)
    return [re.sub(r"^ +", "", block, flags=re.MULTILINE) for block in plain]


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.stem)
def test_chinese_page_has_the_commands_of_the_english_one(page: Path) -> None:
    assert commands(chinese(page)) == commands(page)


def shown_labels() -> list[re.Pattern[str]]:
    """What the pages show in Chinese; figures and names stand where the sentence has a place for them."""
    texts = (
        text for entry in polib.pofile(str(CATALOG)) for text in (entry.msgstr, *entry.msgstr_plural.values())
    )
    return [re.compile(re.sub(r"%\\\(\w+\\\)[sd]", ".+", re.escape(text))) for text in texts if text]


def test_chinese_pages_name_buttons_as_the_portal_does() -> None:
    labels = shown_labels()
    written = {
        label for page in ENGLISH for label in re.findall(r"\*\*([^*]+)\*\*", chinese(page).read_text())
    }
    assert {label for label in written if not any(shown.fullmatch(label) for shown in labels)} == set()
