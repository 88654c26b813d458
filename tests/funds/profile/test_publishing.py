"""A fund's documents: nobody but the desk reads them until somebody in scope makes one public."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from charity_hub.documents.models import Document
from charity_hub.errors import Refused
from charity_hub.workflow.actions import history
from funds.profile.file_fields import keep_papers
from funds.profile.models import Fund, PublicPaper
from funds.profile.publishing import hide_paper, show_paper
from funds.profile.workflow import activate_fund, submit_fund
from tests.builders import active_fund, draft_fund, spending_request
from tests.cast import ada, bo, client_of, hua, jun, lan, mei, ping, rui, yan

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def paper_of(owner: Any) -> Document:
    (paper,) = keep_papers([SimpleUploadedFile("协议扫描件.pdf", PDF)], owner=owner, actor=mei())
    return paper


def desk(paper: Document, verb: str) -> str:
    return f"/desk/funds/{Fund.objects.get().code}/files/{paper.pk}/{verb}/"


def public_page() -> str:
    return client_of(None).get(f"/funds/{Fund.objects.get().code}/").content.decode()


@pytest.mark.parametrize("person", [None, bo, lan, jun])
def test_stranger_reads_a_document_only_when_it_is_public(person: Any) -> None:
    paper = paper_of(active_fund())
    client = client_of(person() if person else None)
    assert client.get(f"/documents/{paper.pk}/").status_code in {302, 404}
    show_paper(paper, actor=mei())
    assert client.get(f"/documents/{paper.pk}/").status_code == 200
    hide_paper(paper, actor=ping())
    assert client.get(f"/documents/{paper.pk}/").status_code in {302, 404}


def test_other_documents_of_the_fund_stay_with_the_desk() -> None:
    fund = active_fund()
    shown, kept = paper_of(fund), paper_of(fund)
    show_paper(shown, actor=mei())
    assert client_of(None).get(f"/documents/{kept.pk}/").status_code == 302


def test_who_shows_a_document_during_the_review_still_activates_the_fund() -> None:
    fund = draft_fund()
    paper = paper_of(fund)
    submit_fund(fund, actor=mei())
    show_paper(paper, actor=ping())
    assert activate_fund(fund, actor=ping())


def test_document_of_a_draft_is_not_public_before_its_fund_is() -> None:
    paper = paper_of(draft_fund())
    show_paper(paper, actor=mei())
    assert client_of(None).get(f"/documents/{paper.pk}/").status_code == 302


def test_public_page_lists_what_is_public_alone() -> None:
    paper = paper_of(active_fund())
    assert "协议扫描件" not in public_page()
    show_paper(paper, actor=mei())
    assert f"/documents/{paper.pk}/" in public_page()


@pytest.mark.parametrize("person", [mei, ping, ada])
def test_street_and_host_show_and_hide_on_the_desk(person: Any) -> None:
    paper = paper_of(active_fund())
    client = client_of(person())
    assert client.get(desk(paper, "show")).status_code == 200
    client.post(desk(paper, "show"))
    assert PublicPaper.objects.get().by == person()
    client.post(desk(paper, "hide"))
    assert not PublicPaper.objects.exists()


@pytest.mark.parametrize(
    ("person", "status"), [(None, 302), (lan, 403), (yan, 403), (hua, 403), (jun, 404), (rui, 404)]
)
@pytest.mark.parametrize("verb", ["show", "hide"])
def test_others_neither_show_nor_hide(person: Any, status: int, verb: str) -> None:
    paper = paper_of(active_fund())
    client = client_of(person() if person else None)
    assert client.post(desk(paper, verb)).status_code == status
    assert not PublicPaper.objects.exists()


def test_action_itself_refuses_people_without_the_task() -> None:
    paper = paper_of(active_fund())
    with pytest.raises(PermissionDenied):
        show_paper(paper, actor=jun())


def test_papers_of_a_request_are_never_shown_so() -> None:
    with pytest.raises(Refused):
        show_paper(paper_of(spending_request()), actor=mei())


def test_document_of_another_fund_is_not_found_under_this_one() -> None:
    active_fund()
    elsewhere = paper_of(active_fund("JJ-440106018-01", name="别处基金"))
    answer = client_of(mei()).post(f"/desk/funds/JJ-440605011-01/files/{elsewhere.pk}/show/")
    assert answer.status_code == 404


def test_showing_and_hiding_twice_is_quiet_and_told_once() -> None:
    fund = active_fund()
    paper, moves = paper_of(fund), history(fund).count()
    assert [show_paper(paper, actor=mei()) for _time in range(2)] == [True, False]
    assert [hide_paper(paper, actor=mei()) for _time in range(2)] == [True, False]
    assert history(fund).count() == moves + 2


def test_desk_offers_the_step_that_is_possible() -> None:
    paper = paper_of(active_fund())
    page = f"/desk/funds/{Fund.objects.get().code}/"
    client = client_of(mei())
    assert desk(paper, "show") in client.get(page).content.decode()
    show_paper(paper, actor=mei())
    assert desk(paper, "hide") in client.get(page).content.decode()
