"""The pages of an agreement's versions: who gets in, what they see, what follows."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from charity_hub.documents.uploads import documents_of
from charity_hub.workflow.actions import history
from funds.agreement.workflow import agree_version, return_version, withdraw_version
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.file_fields import keep_papers
from funds.profile.publishing import show_paper
from tests.builders import active_fund, agreement_version, draft_fund
from tests.cast import ada, client_of, hua, jun, lan, mei, ping, qin, rui, yan
from tests.funds.attacks import sql, triggers_off

pytestmark = pytest.mark.django_db

CODE = "JJ-440605011-01"
DESK = f"/desk/funds/{CODE}/"
NEW = f"{DESK}agreement/new/"
PUBLIC = f"/funds/{CODE}/"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TODAY = timezone.localdate()
PROPOSED = VersionState.PROPOSED


def form(**changes: Any) -> dict[str, Any]:
    """What the browser sends to change the use of the money from today on."""
    return {
        "reason": "扩大服务范围。",
        "valid_from": TODAY.isoformat(),
        "signed_on": TODAY.isoformat(),
        "agreement_number": "示例〔2026〕2号",
        "aim": "帮助更多居民",
        "use_terms": "按用途使用",
        "rights_terms": "",
        "termination_terms": "双方协商",
        "leftover_terms": "用于相近目的",
        "leftover_fund": "",
        "ends_on": "",
        "management_fee_bp": "2.5",
        **changes,
    }


def page_of(version: AgreementVersion, verb: str = "") -> str:
    return f"{DESK}agreement/{version.pk}/{verb}"


def shown(path: str, person: Any = None) -> str:
    return client_of(person() if person else None).get(path).content.decode()


def test_street_proposes_with_the_signed_paper_and_is_led_to_the_proposal() -> None:
    active_fund()
    paper = SimpleUploadedFile("补充协议.pdf", PDF)
    answer = client_of(mei()).post(NEW, form(papers=[paper]))
    version = AgreementVersion.objects.get()
    assert answer.headers["Location"] == page_of(version)
    assert (version.state, version.management_fee_bp, version.aim) == (PROPOSED, 250, "帮助更多居民")
    assert [document.name for document in documents_of(version)] == ["补充协议.pdf"]


def test_form_begins_with_what_is_agreed_now() -> None:
    agreement_version(active_fund(), aim="现在的宗旨", management_fee_bp=150)
    page = shown(NEW, mei)
    assert "现在的宗旨" in page
    assert 'value="1.5"' in page


def test_form_begins_with_what_was_given_back_last() -> None:
    version = agreement_version(active_fund(), state=PROPOSED, aim="改过的宗旨")
    return_version(version, "请附补充协议。", actor=ping())
    page = shown(NEW, mei)
    assert "改过的宗旨" in page
    assert "扩大服务范围。" in page


def test_closed_fund_that_is_named_for_the_leftovers_stays_chosen_and_is_told_of() -> None:
    taker, fund = active_fund(), active_fund("JJ-440605011-02", name="二号基金")
    agreement_version(fund, leftover_fund=taker)
    with triggers_off():
        sql("UPDATE funds_fund SET state = 'closed' WHERE id = %s", taker.pk)
    field = client_of(mei()).get(f"/desk/funds/{fund.code}/agreement/new/").context["form"]["leftover_fund"]
    assert f'<option value="{taker.pk}" selected' in str(field)
    assert "closed" in field.help_text


def test_error_stands_at_its_field() -> None:
    active_fund()
    early = (TODAY - timedelta(days=365)).isoformat()
    answer = client_of(mei()).post(NEW, form(valid_from=early, signed_on=early))
    assert list(answer.context["form"].errors) == ["valid_from"]
    assert not AgreementVersion.objects.exists()


def test_while_one_waits_the_street_is_led_to_it() -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    assert client_of(mei()).get(NEW).headers["Location"] == page_of(version)


def test_draft_is_changed_as_a_draft() -> None:
    draft_fund()
    assert client_of(mei()).get(NEW).headers["Location"] == DESK


@pytest.mark.parametrize(
    ("person", "status"), [(None, 302), (lan, 403), (ping, 403), (hua, 403), (yan, 403), (jun, 404)]
)
def test_others_do_not_propose(person: Any, status: int) -> None:
    active_fund()
    assert client_of(person() if person else None).post(NEW, form()).status_code == status
    assert not AgreementVersion.objects.exists()


@pytest.mark.parametrize("person", [mei, ping, qin, ada, yan, hua])
def test_everybody_in_scope_reads_a_proposal_beside_what_is_agreed(person: Any) -> None:
    fund = active_fund()
    page = shown(page_of(agreement_version(fund, state=PROPOSED, aim="改过的宗旨")), person)
    assert fund.aim in page
    assert "改过的宗旨" in page


@pytest.mark.parametrize(("person", "status"), [(None, 302), (lan, 403), (jun, 404), (rui, 404)])
def test_others_do_not_know_of_it(person: Any, status: int) -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    assert client_of(person() if person else None).get(page_of(version)).status_code == status


def test_version_of_another_fund_is_not_found_under_this_one() -> None:
    active_fund()
    other = agreement_version(active_fund("JJ-440605011-02", name="二号基金"), state=PROPOSED)
    assert client_of(mei()).get(page_of(other)).status_code == 404


def test_officer_agrees_on_a_page_that_shows_what_changes() -> None:
    version = agreement_version(active_fund(), state=PROPOSED, aim="改过的宗旨")
    client = client_of(ping())
    assert "改过的宗旨" in client.get(page_of(version, "agree/")).content.decode()
    client.post(page_of(version, "agree/"), {"reason": "同意调整"})
    assert AgreementVersion.objects.get().agreed_by == ping()
    assert history(version).filter(new=VersionState.AGREED, why="同意调整").exists()


@pytest.mark.parametrize(("verb", "person"), [("agree/", mei), ("give-back/", mei), ("withdraw/", ping)])
def test_each_step_is_one_sides_task(verb: str, person: Any) -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    assert client_of(person()).post(page_of(version, verb), {"reason": "因"}).status_code == 403
    assert AgreementVersion.objects.get().state == PROPOSED


def test_officer_gives_back_and_the_street_reads_why_and_withdraws() -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    client_of(ping()).post(page_of(version, "give-back/"), {"reason": "请附补充协议。"})
    assert "请附补充协议。" in shown(page_of(version), mei)
    client_of(mei()).post(page_of(version, "withdraw/"))
    assert AgreementVersion.objects.get().state == VersionState.WITHDRAWN


def test_proposal_waits_on_the_desk_of_the_hosts_officers_alone() -> None:
    agreement_version(active_fund(), state=PROPOSED)
    assert [agree_version.rows_waiting(person()).count() for person in (ping, qin, mei, rui)] == [1, 1, 0, 0]


def test_given_back_proposal_waits_for_its_proposer_until_another_follows() -> None:
    fund = active_fund()
    return_version(agreement_version(fund, state=PROPOSED), "请附补充协议。", actor=ping())
    assert [withdraw_version.rows_waiting(person()).count() for person in (mei, ping)] == [1, 0]
    agreement_version(fund, state=PROPOSED, aim="又一宗旨")
    assert not withdraw_version.rows_waiting(mei()).exists()


def test_public_page_shows_what_is_in_force_and_links_to_every_version() -> None:
    fund = active_fund()
    agreement_version(fund, aim="现在的宗旨")
    page = shown(PUBLIC)
    assert "现在的宗旨" in page
    assert fund.aim not in page
    assert f"{PUBLIC}agreement/1/" in page
    assert f"{PUBLIC}agreement/2/" in page


def test_fund_with_its_first_agreement_shows_no_list_of_versions() -> None:
    fund = active_fund()
    page = shown(PUBLIC)
    assert fund.aim in page
    assert "/agreement/1/" not in page


def test_public_page_keeps_quiet_about_a_proposal() -> None:
    agreement_version(active_fund(), state=PROPOSED, aim="改过的宗旨")
    assert "改过的宗旨" not in shown(PUBLIC)
    assert client_of(None).get(f"{PUBLIC}agreement/2/").status_code == 404


def test_anybody_reads_earlier_versions_and_what_changed() -> None:
    fund = active_fund()
    agreement_version(fund, aim="现在的宗旨")
    assert fund.aim in shown(f"{PUBLIC}agreement/1/")
    second = shown(f"{PUBLIC}agreement/2/")
    assert all(words in second for words in (fund.aim, "现在的宗旨", "扩大服务范围。"))


@pytest.mark.parametrize("number", [0, 2, 99999])
def test_version_that_is_not_there_is_not_found(number: int) -> None:
    active_fund()
    assert client_of(None).get(f"{PUBLIC}agreement/{number}/").status_code == 404


def test_agreement_of_a_draft_is_not_public() -> None:
    draft_fund()
    assert client_of(None).get(f"{PUBLIC}agreement/1/").status_code == 404


def test_paper_of_an_agreed_version_is_shown_to_everybody_from_the_funds_page() -> None:
    version = agreement_version(active_fund())
    (paper,) = keep_papers([SimpleUploadedFile("补充协议.pdf", PDF)], owner=version, actor=mei())
    assert "补充协议" in shown(DESK, mei)
    assert "补充协议" not in shown(f"{PUBLIC}agreement/2/")
    client_of(mei()).post(f"{DESK}files/{paper.pk}/show/")
    assert "补充协议" in shown(f"{PUBLIC}agreement/2/")
    assert client_of(None).get(f"/documents/{paper.pk}/").status_code == 200


def test_paper_of_a_proposal_is_the_desks_alone() -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    (paper,) = keep_papers([SimpleUploadedFile("补充协议.pdf", PDF)], owner=version, actor=mei())
    assert client_of(mei()).post(f"{DESK}files/{paper.pk}/show/").status_code == 404
    assert client_of(None).get(f"/documents/{paper.pk}/").status_code == 302
    agree_version(version, actor=ping())
    assert show_paper(paper, actor=mei())


def test_paper_that_is_signed_later_is_added_later() -> None:
    version = agreement_version(active_fund())
    paper = SimpleUploadedFile("补充协议.pdf", PDF)
    client_of(mei()).post(page_of(version, "files/"), {"papers": [paper]})
    assert documents_of(version).count() == 1


@pytest.mark.parametrize("versions", [1, 8])
def test_public_page_takes_as_many_queries_for_many_versions(
    versions: int, django_assert_num_queries: Any
) -> None:
    fund = active_fund()
    for number in range(versions):
        agreement_version(fund, valid_from=TODAY + timedelta(days=number), aim=f"宗旨{number}")
    client = client_of(None)
    client.get(f"{PUBLIC}agreement/2/")
    with django_assert_num_queries(3):  # the fund, its versions, this one's public papers
        client.get(f"{PUBLIC}agreement/2/")
