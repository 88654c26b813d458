"""One word for one thing, as ``docs/reference/vocabulary.md`` says."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import polib
import pytest
from django.conf import settings
from django.utils.translation import override

from charity_hub.ledger.kinds import Direction, codes, in_words
from donations.money.models import Way
from funds.profile.models import FundState, Position

ROOT = settings.BASE_DIR
VOCABULARY = "docs/reference/vocabulary.md"
CATALOG = "locale/zh_Hans/LC_MESSAGES/django.po"
REPORT = ROOT / "funds/annual_report/typst/parts.typ"


def avoided_words() -> list[str]:
    """The last column of the tables of the vocabulary."""
    rows = re.findall(r"^\|(?:[^|]*\|){3}([^|]*)\|$", (ROOT / VOCABULARY).read_text(), re.MULTILINE)
    return [word for row in rows[2:] for word in row.strip().split("、") if re.search("[一-鿿]", word)]


def texts() -> Iterator[tuple[str, str]]:
    """Everything that people read in Chinese: where it stands, and the text."""
    for entry in polib.pofile(str(ROOT / CATALOG)):
        yield entry.msgid, "".join((entry.msgstr, *entry.msgstr_plural.values()))
    for pattern in ("*/**/*.typ", "templates/**/*.html", "README.zh-CN.md", "docs/**/*.md"):
        for path in ROOT.glob(pattern):
            if not path.is_relative_to(ROOT / "node_modules") and path != ROOT / VOCABULARY:
                yield str(path.relative_to(ROOT)), path.read_text()


@pytest.mark.parametrize("word", avoided_words())
def test_no_text_uses_a_word_that_the_vocabulary_avoids(word: str) -> None:
    assert [place for place, text in texts() if word in text] == []


def labels_of_report(name: str) -> dict[str, str]:
    """A dictionary of the report's layout, such as ``way-words``."""
    found = re.search(rf"#let {name} = \((.*?)\)", REPORT.read_text(), re.DOTALL)
    assert found
    return dict(re.findall(r'"([^"]+)": "([^"]+)"', found[1]))


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("way-words", dict(Way.choices)),
        ("position-words", dict(Position.choices)),
        ("state-words", dict(FundState.choices)),
        ("source-words", dict.fromkeys(codes(Direction.INFLOW, Direction.HANDOVER), in_words)),
        (
            "use-words",
            dict.fromkeys(codes(Direction.OUTFLOW, Direction.HANDOVER), partial(in_words, paid=True)),
        ),
    ],
)
def test_the_printed_report_says_what_the_pages_say(name: str, labels: dict[str, Any]) -> None:
    printed = labels_of_report(name)
    with override("zh-hans"):
        pages = {
            key.removeprefix("payment:"): str(label(key) if callable(label) else label)
            for key, label in labels.items()
        }
    assert printed == {key: pages.get(key) for key in printed}
