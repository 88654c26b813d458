"""Nobody fills in a form that the version can no longer take, or cannot take yet."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from charity_hub.reports.models import AnnualReport
from tests import cast
from tests.cast import client_of
from tests.charity_hub.reports.scenes import discarded, draft, issued, requested, written

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]

OF_OPEN_VERSIONS = ("desk_words", "issue", "discard")


def leads_back(name: str, report: AnnualReport) -> bool:
    answer = client_of(cast.mei()).get(reverse(f"reports:{name}", args=[report.pk]), follow=True)
    back = reverse("reports:desk_detail", args=[report.pk])
    return answer.redirect_chain == [(back, 302)] and "present state" in answer.text


@pytest.mark.parametrize("name", OF_OPEN_VERSIONS)
def test_an_issued_version_is_not_written_issued_or_discarded(name: str) -> None:
    assert leads_back(name, issued())


@pytest.mark.parametrize("name", [*OF_OPEN_VERSIONS, "correct"])
def test_a_discarded_version_takes_nothing(name: str) -> None:
    assert leads_back(name, discarded(draft()))


def test_a_draft_is_changed_and_not_corrected() -> None:
    assert leads_back("correct", draft())


@pytest.mark.parametrize("name", OF_OPEN_VERSIONS)
def test_an_open_version_takes_them(name: str) -> None:
    report = written()
    answer = client_of(cast.mei()).get(reverse(f"reports:{name}", args=[report.pk]))
    assert answer.status_code == 200


def test_words_sent_too_late_stay_on_the_page_beside_the_reason() -> None:
    report = issued()
    sent = {"results": "写了很久的成效", "problems": "无", "next_plan": "无", "seen": report.words_version}
    answer = client_of(cast.mei()).post(reverse("reports:desk_words", args=[report.pk]), sent)
    assert "写了很久的成效" in answer.text
    assert "Begin a correction instead" in answer.text


@pytest.mark.parametrize(
    ("make", "leads_to", "why"),
    [
        (requested, "desk_detail", "still being calculated"),
        (draft, "desk_words", "Write them, then issue"),
        (lambda: written(2026), "desk_detail", "has not ended"),
    ],
)
def test_an_unfinished_draft_leads_to_what_is_missing(
    make: Callable[[], AnnualReport], leads_to: str, why: str
) -> None:
    report = make()
    answer = client_of(cast.mei()).get(reverse("reports:issue", args=[report.pk]), follow=True)
    assert answer.redirect_chain == [(reverse(f"reports:{leads_to}", args=[report.pk]), 302)]
    assert why in str(*answer.context["messages"])
