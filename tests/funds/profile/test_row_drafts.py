"""What was typed into the small tables of the proposal comes back with the draft."""

import re

import pytest

from tests import cast

pytestmark = pytest.mark.django_db

NEW, SAVE = "/desk/funds/new/", "/drafts/fund:new/"


def values(page: str, name: str) -> list[str]:
    """The values of all inputs of this name, those of the blank row for the script left out."""
    shown = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
    inputs = re.findall(rf'<input[^>]*name="{name}"[^>]*>', shown)
    return [found[1] for one in inputs if (found := re.search(r'value="([^"]*)"', one))]


def reopened(**typed: list[str]) -> str:
    mei = cast.client_of(cast.mei())
    mei.post(SAVE, typed)
    return mei.get(NEW, {"draft": "restore"}).content.decode()


def test_every_row_comes_back_in_its_order() -> None:
    names = [f"委员{number}" for number in range(12)]
    page = reopened(
        committee_name=names, committee_position=["member"] * 12, committee_represents=["居民"] * 12
    )
    assert values(page, "committee_name")[:12] == names


def test_half_a_row_comes_back_too() -> None:
    page = reopened(
        committee_name=["", "乙"], committee_position=["member", "member"], committee_represents=["街道", ""]
    )
    assert values(page, "committee_represents")[:2] == ["街道", ""]
    assert values(page, "committee_name")[:2] == ["", "乙"]
