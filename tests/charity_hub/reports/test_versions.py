"""A reader sees at once which of two issued versions counts."""

import pytest
from django.urls import reverse

from charity_hub.reports import actions
from tests import cast
from tests.cast import client_of
from tests.charity_hub.reports.scenes import computed, issued

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]


def test_of_two_issued_versions_the_earlier_one_is_called_replaced() -> None:
    first = issued()
    desk = reverse("reports:desk_detail", args=[first.pk])
    draft_of_second = computed(actions.correct(first, "更正。", actor=cast.mei()))
    assert "Replaced" not in client_of(cast.mei()).get(desk).text
    actions.issue(draft_of_second, actor=cast.mei())
    for page in (client_of(cast.mei()).get(desk), client_of(None).get(first.get_absolute_url())):
        assert page.text.count("Replaced") == 1
