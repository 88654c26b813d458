"""A reader sees at once which of two issued versions counts."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from charity_hub.reports import actions
from charity_hub.reports.models import AnnualReport
from tests import cast
from tests.cast import client_of
from tests.charity_hub.reports.scenes import computed, issue, issued

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]


def test_of_two_issued_versions_the_earlier_one_is_called_replaced() -> None:
    first = issued()
    desk = reverse("reports:desk_detail", args=[first.pk])
    draft_of_second = computed(actions.correct(first, "更正。", actor=cast.mei()))
    assert "Replaced" not in client_of(cast.mei()).get(desk).text
    issue(draft_of_second)
    # On the desk in the state of the page, too: the version that stands reads "Issued" at the same place.
    assert client_of(cast.mei()).get(desk).text.count("Replaced") == 2
    assert client_of(None).get(first.get_absolute_url()).text.count("Replaced") == 1


def two_versions() -> tuple[AnnualReport, AnnualReport]:
    first = issued()
    second = computed(actions.correct(first, "更正。", actor=cast.mei()))
    return first, issue(second)


def test_the_desk_list_and_its_export_call_it_replaced_too() -> None:
    two_versions()
    client, address = client_of(cast.mei()), reverse("reports:desk_list")
    rows = client.get(address).context["table"].rows
    assert sorted((row.record.version, "Replaced" in row.get_cell("state")) for row in rows) == [
        (1, True),
        (2, False),
    ]
    sheet = load_workbook(BytesIO(client.get(f"{address}?export=xlsx").getvalue())).active
    assert {row[3]: row[4] for row in list(sheet.values)[1:]} == {1: "Replaced", 2: "Issued"}


@pytest.mark.parametrize(("state", "version"), [("issued", 2), ("replaced", 1)])
def test_the_filter_finds_a_version_by_the_word_that_is_shown(state: str, version: int) -> None:
    two_versions()
    page = client_of(cast.mei()).get(reverse("reports:desk_list"), {"state": state})
    assert [row.record.version for row in page.context["table"].rows] == [version]
