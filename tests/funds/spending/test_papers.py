"""A request and its files: both or neither."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from charity_hub.documents.models import Document
from charity_hub.documents.uploads import documents_of
from charity_hub.errors import Refused
from funds.spending.actions import file_request
from funds.spending.models import SpendingRequest, SpendingState
from funds.spending.workflow import revise_request
from tests.builders import active_fund, spending_request, spending_terms
from tests.cast import client_of, mei
from tests.funds.broken_store import fill_the_disk
from tests.funds.spending.test_pages import NEW, PDF, page, request_form

pytestmark = pytest.mark.django_db


def quotes(count: int = 2) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"报价{number}.pdf", PDF) for number in range(count)]


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.pdf") if path.is_file()]


@pytest.mark.parametrize("after", [0, 1])
def test_request_whose_files_cannot_be_stored_is_not_filed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, after: int
) -> None:
    fund = active_fund()
    fill_the_disk(monkeypatch, after=after)
    with pytest.raises(Refused) as refused:
        file_request(spending_terms(fund), fund=fund, actor=mei(), papers=quotes())
    assert refused.value.field == "papers"
    assert not SpendingRequest.objects.exists()
    assert (Document.objects.count(), stored(tmp_path)) == (0, [])


def test_request_whose_files_cannot_be_stored_is_not_revised(monkeypatch: pytest.MonkeyPatch) -> None:
    request = spending_request(state=SpendingState.RETURNED)
    fill_the_disk(monkeypatch)
    terms = spending_terms(request.fund, title="另一事项")
    with pytest.raises(Refused):
        revise_request(request, terms=terms, actor=mei(), papers=quotes())
    request.refresh_from_db()
    assert (request.state, request.title) == (SpendingState.RETURNED, "长者家庭安全改造")


def test_what_was_typed_stays_when_the_files_cannot_be_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    fund = active_fund()
    form: dict[str, Any] = request_form(fund, papers=quotes())
    fill_the_disk(monkeypatch)
    answer = client_of(mei()).post(NEW, form)
    assert "papers" in answer.context["form"].errors
    assert "慰问困难长者" in answer.content.decode()


def test_same_form_sent_again_files_its_papers_once() -> None:
    fund = active_fund()
    for _time in range(2):
        request = file_request(spending_terms(fund), fund=fund, actor=mei(), papers=quotes())
    assert documents_of(request).count() == 2


def test_revising_adds_files() -> None:
    request = spending_request(state=SpendingState.RETURNED)
    form = request_form(request.fund, papers=quotes(1))
    client_of(mei()).post(page(request, "revise/"), form)
    assert documents_of(request).count() == 1
