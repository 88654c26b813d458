"""No figure breaks over two lines: every main page, from a phone to a large screen, sums in the millions."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from charity_hub.people.models import User
from funds.profile.models import Fund
from tests import cast
from tests.browser.conftest import DESK, Open, fits_the_screen
from tests.browser.test_axe import (
    charitys_pages,
    public_pages,
    residents_pages,
    stations_pages,
    streets_pages,
    world,
)
from tests.builders import gift

WIDTHS = (360, 768, 1024, 1280, 1920)
MILLIONS = 1_234_567_890

# Amounts, codes, phones and days as people see them; a seal or a hash is a word of letters and may wrap.
BROKEN = r"""
() => {
  const figure = new RegExp(
    "(?<![\\w.])(?:[A-Z]{2}-\\d[\\d-]*\\d|\\d{3} \\d{4} \\d{4}|\\d{3,4}-\\d{4} \\d{4}|\\d{4}-\\d{2}-\\d{2}" +
    "|-?[¥￥]?-?\\d[\\d,]*(?:\\.\\d+)?%?)(?!\\w)", "g");
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = texts.nextNode());) {
    if (!node.parentElement.checkVisibility()) continue;
    for (const hit of node.data.matchAll(figure)) {
      const range = document.createRange();
      range.setStart(node, hit.index);
      range.setEnd(node, hit.index + hit[0].length);
      const lines = new Set([...range.getClientRects()].map((line) => Math.round(line.top)));
      if (lines.size > 1) found.push(`${hit[0]} in ${node.parentElement.outerHTML.slice(0, 120)}`);
    }
  }
  return found;
}
"""
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true })"


def broken_figures(page: Page, paths: list[str]) -> list[str]:
    """What breaks, and pages that stick out to the side because a figure found no room."""
    found = []
    for path in paths:
        page.goto(path)
        page.evaluate(UNFOLD)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{path} at {width}: {one}" for one in page.evaluate(BROKEN)]
            if not fits_the_screen(page):
                found.append(f"{path} at {width}: sticks out to the side")
    return found


def rich_world() -> Fund:
    """The world of every page, with gifts of more than ten million yuan in all three ways of being held."""
    fund = world()
    for way in ("bank_transfer", "cash", "cheque"):
        gift(name="兰示例", phone=cast.lan().phone, amount_fen=MILLIONS, way=way)
    return fund


@pytest.mark.parametrize(
    ("person", "pages"),
    [
        (None, public_pages),
        (cast.lan, residents_pages),
        (cast.mei, streets_pages),
        (cast.ping, charitys_pages),
        (cast.wen, stations_pages),
    ],
    ids=["anyone", "resident", "street", "charity", "station"],
)
def test_a_figure_stands_on_one_line(
    open_as: Open, person: Callable[[], User] | None, pages: Callable[[Fund], list[str]]
) -> None:
    paths = pages(rich_world())
    who = person() if person else None
    assert broken_figures(open_as(who, paths[0], screen=DESK), paths) == []
