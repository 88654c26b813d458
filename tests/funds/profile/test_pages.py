"""The desk pages of funds: who gets in, what they see, what follows."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from charity_hub.documents.uploads import documents_of
from charity_hub.portal.interrupted_forms import sign_note
from charity_hub.workflow.actions import history
from charity_hub.workflow.models import Transition
from funds.profile.models import Fund, FundState
from funds.profile.workflow import (
    FUND,
    activate_fund,
    close_fund,
    hand_over,
    return_fund,
    submit_fund,
    wind_up_fund,
)
from tests.builders import active_fund, draft_fund
from tests.cast import (
    ada,
    client_of,
    guicheng,
    host_charity,
    hua,
    jun,
    lan,
    mei,
    ping,
    qin,
    rui,
    wen,
    yan,
)
from tests.funds.attacks import triggers_off

pytestmark = pytest.mark.django_db

CODE = "JJ-440605011-01"
LIST = "/desk/funds/"
PAGE = f"{LIST}{CODE}/"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def proposal_form(**changes: Any) -> dict[str, Any]:
    """What the browser sends for a sound proposal."""
    day = timezone.localdate().isoformat()
    return {
        "region": guicheng().pk,
        "host": host_charity().pk,
        "name": "",
        "aim": "帮助桂城有需要的居民",
        "signed_on": day,
        "starts_on": day,
        "use_terms": "按用途使用",
        "termination_terms": "双方协商",
        "leftover_terms": "用于相近目的",
        "seed_money_fen": "１，０００.00元",
        "seed_money_from": "示例企业",
        "management_fee_bp": "5.5",
        "purposes_name": ["助学", "不限定", "", ""],
        "purposes_binding": ["bound", "free", "bound", "bound"],
        "committee_name": ["主任", "甲", "乙", "丙", "丁", ""],
        "committee_represents": ["街道", "", "", "", "", ""],
        "committee_position": ["chair", "member", "member", "member", "member", "member"],
        "supervisors_name": ["监督员"],
        "supervisors_represents": ["居民"],
    } | changes


def test_street_staff_propose_a_fund_and_submit_it() -> None:
    client = client_of(mei())
    assert client.post(f"{LIST}new/", proposal_form()).status_code == 302
    fund = Fund.objects.get()
    assert (fund.seed_money_fen, fund.management_fee_bp, fund.committee.count()) == (100_000, 550, 6)
    client.post(f"{PAGE}submit/")
    fund.refresh_from_db()
    assert fund.state == FundState.UNDER_REVIEW


def test_a_nul_in_a_row_is_a_blank() -> None:
    rows = {"purposes_name": ["助\x00学", "不限定\x00"], "purposes_binding": ["bound", "free"]}
    client_of(mei()).post(f"{LIST}new/", proposal_form(**rows))
    assert [purpose.name for purpose in Fund.objects.get().purposes.all()] == ["助 学", "不限定"]


def test_double_click_on_the_proposal_makes_one_draft() -> None:
    client, form = client_of(mei()), proposal_form(opened_by=sign_note(mei()))
    client.post(f"{LIST}new/", form)
    client.post(f"{LIST}new/", form)
    assert Fund.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seed_money_fen", "-5"),
        ("seed_money_fen", "1.005"),
        ("seed_money_fen", "100000000.01"),
        ("seed_money_fen", "许多"),
        ("management_fee_bp", "10.01"),
        ("management_fee_bp", "-1"),
        ("signed_on", "2999-01-01"),
        ("starts_on", "1999-01-01"),
        ("aim", ""),
        ("purposes_name", ["助学", "助学", "不限定", ""]),
        ("committee_name", ["", "甲", "乙", "丙", "丁", "戊"]),
        ("committee_name", ["长" * 41, "甲", "乙", "丙", "丁", "戊"]),
        ("committee_position", ["king", "member", "member", "member", "member", "member"]),
        ("host", "999999"),
        ("region", "110101001"),
    ],
)
def test_bad_answer_is_named_and_nothing_is_kept(field: str, value: object) -> None:
    answer = client_of(mei()).post(f"{LIST}new/", proposal_form(**{field: value}))
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Fund.objects.exists()


def test_what_was_typed_stays_in_a_form_with_an_error() -> None:
    answer = client_of(mei()).post(f"{LIST}new/", proposal_form(aim=""))
    assert "监督员" in answer.content.decode()


def test_agreement_is_kept_with_the_fund() -> None:
    paper = SimpleUploadedFile("协议.pdf", PDF, "application/pdf")
    client_of(mei()).post(f"{LIST}new/", proposal_form(paper=paper))
    assert documents_of(Fund.objects.get()).get().name == "协议.pdf"


def test_renamed_program_is_no_agreement() -> None:
    paper = SimpleUploadedFile("协议.pdf", b"MZ\x90\x00" + bytes(100), "application/pdf")
    answer = client_of(mei()).post(f"{LIST}new/", proposal_form(paper=paper))
    assert "paper" in answer.context["form"].errors


def test_draft_is_changed_on_its_form() -> None:
    draft_fund()
    client_of(mei()).post(f"{PAGE}change/", proposal_form(name="关爱基金"))
    assert Fund.objects.get().name == "关爱基金"


def test_form_of_a_draft_shows_what_it_says() -> None:
    draft_fund()
    page = client_of(mei()).get(f"{PAGE}change/").content.decode()
    assert all(word in page for word in ("困境儿童", "委员丁示例", "监督员示例", "100,000.00"))


def test_submitting_an_unready_draft_says_what_to_mend() -> None:
    draft_fund(committee=[])
    answer = client_of(mei()).post(f"{PAGE}submit/")
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_draft_that_came_back_shows_why_above_everything_else() -> None:
    fund = draft_fund()
    assert client_of(mei()).get(PAGE).context["told"] == ""
    submit_fund(fund, actor=mei())
    return_fund(fund, "请补充监督员。", actor=ping())
    answer = client_of(mei()).get(PAGE)
    assert answer.context["told"] == "请补充监督员。"
    assert "Returned" in answer.content.decode()


def test_unready_draft_offers_mending_before_submitting() -> None:
    draft_fund(committee=[])
    page = client_of(mei()).get(PAGE).content.decode()
    assert f'<a class="btn btn-primary" href="{PAGE}change/">' in page
    assert f'<a class="btn" href="{PAGE}submit/">' in page


def test_fund_says_whose_turn_it_is() -> None:
    fund = draft_fund()
    assert client_of(mei()).get(PAGE).context["turn"] == ""
    submit_fund(fund, actor=mei())
    assert str(host_charity()) in client_of(mei()).get(PAGE).context["turn"]


def test_officer_activates_on_a_page_that_asks_once_more() -> None:
    submit_fund(draft_fund(), actor=mei())
    client = client_of(ping())
    assert client.get(f"{PAGE}activate/").status_code == 200
    client.post(f"{PAGE}activate/")
    assert Fund.objects.get().state == FundState.ACTIVE


def test_what_the_officer_remarks_on_activating_stays_in_the_history() -> None:
    submit_fund(draft_fund(), actor=mei())
    client_of(ping()).post(f"{PAGE}activate/", {"reason": "材料齐全"})
    assert history(Fund.objects.get()).filter(new=FundState.ACTIVE, why="材料齐全").exists()


def test_second_press_on_activate_is_quiet() -> None:
    active_fund()
    assert client_of(ping()).post(f"{PAGE}activate/").status_code == 302


def test_step_that_is_over_leads_back_to_the_fund() -> None:
    active_fund()
    answer = client_of(ping()).get(f"{PAGE}activate/")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)


def test_suspending_without_a_reason_asks_for_it() -> None:
    active_fund()
    answer = client_of(ping()).post(f"{PAGE}suspend/", {"reason": " "})
    assert "reason" in answer.context["form"].errors


@pytest.mark.parametrize("person", [mei, ping, qin, yan, hua, ada])
def test_people_in_scope_read_the_fund(person: Any) -> None:
    active_fund()
    assert client_of(person()).get(PAGE).status_code == 200


@pytest.mark.parametrize("person", [jun, rui])
def test_other_streets_and_charities_get_404(person: Any) -> None:
    active_fund()
    assert client_of(person()).get(PAGE).status_code == 404


@pytest.mark.parametrize("person", [lan, wen])
def test_people_without_the_role_get_403(person: Any) -> None:
    active_fund()
    assert client_of(person()).get(PAGE).status_code == 403


def test_anonymous_is_led_to_sign_in() -> None:
    active_fund()
    assert client_of(None).get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("person", "verb", "state"),
    [
        (ping, "submit", "draft"),
        (mei, "activate", "under_review"),
        (mei, "give-back", "under_review"),
        (mei, "suspend", "active"),
        (mei, "wind-up", "active"),
        (yan, "suspend", "active"),
        (hua, "suspend", "active"),
    ],
)
def test_in_scope_but_not_entitled_is_403_and_has_no_button(person: Any, verb: str, state: str) -> None:
    fund = active_fund() if state == "active" else draft_fund()
    if state == "under_review":
        submit_fund(fund, actor=mei())
    client = client_of(person())
    assert client.get(f"{PAGE}{verb}/").status_code == 403
    assert f"{PAGE}{verb}/" not in client.get(PAGE).content.decode()


def test_who_proposed_is_not_offered_to_activate() -> None:
    fund = draft_fund()
    submit_fund(fund, actor=mei())
    with triggers_off():
        Fund.objects.update(proposed_by=ping())
    assert f"{PAGE}activate/" not in client_of(ping()).get(PAGE).content.decode()
    assert f"{PAGE}activate/" in client_of(qin()).get(PAGE).content.decode()


def test_another_officer_hands_the_leftovers_over() -> None:
    wind_up_fund(active_fund(), "到期", actor=ping())
    assert f"{PAGE}hand-over/" not in client_of(ping()).get(PAGE).content.decode()
    client_of(qin()).post(f"{PAGE}hand-over/", {"bank_reference": "B9"})
    client_of(ping()).post(f"{PAGE}close/")
    assert Fund.objects.get().state == FundState.CLOSED


def test_closing_is_offered_once_the_accounts_are_empty() -> None:
    wind_up_fund(active_fund(), "到期", actor=ping())
    assert f"{PAGE}close/" not in client_of(qin()).get(PAGE).content.decode()
    client_of(qin()).post(f"{PAGE}hand-over/", {"bank_reference": "B9"})
    page = client_of(qin()).get(PAGE).content.decode()
    assert f"{PAGE}close/" in page
    assert "closes the fund" in page
    assert f"{PAGE}hand-over/" not in page


def test_fund_that_winds_up_waits_for_who_can_do_something() -> None:
    wind_up_fund(active_fund(), "到期", actor=ping())
    assert [hand_over.rows_waiting(user).count() for user in (ping(), qin())] == [0, 1]
    client_of(qin()).post(f"{PAGE}hand-over/", {"bank_reference": "B9"})
    assert [close_fund.rows_waiting(user).count() for user in (ping(), qin())] == [1, 1]


def test_fund_to_review_waits_since_it_was_submitted() -> None:
    fund = draft_fund()
    submit_fund(fund, actor=mei())
    connection.check_constraints()  # the move is recorded; only then is it dated back
    with triggers_off():
        Transition.objects.filter(new=FundState.UNDER_REVIEW).update(at="2026-03-09 12:00+08:00")
    (item,) = FUND.items(activate_fund.rows_waiting(ping()))
    assert item.since == date(2026, 3, 9)


@pytest.mark.parametrize("verb", ["suspend", "wind-up"])
def test_grave_step_is_taken_with_a_red_button(verb: str) -> None:
    active_fund()
    page = client_of(ping()).get(f"{PAGE}{verb}/").content.decode()
    assert "btn-danger" in page
    assert "btn-primary" not in page


def test_easy_step_is_not_taken_with_a_red_button() -> None:
    submit_fund(draft_fund(), actor=mei())
    page = client_of(ping()).get(f"{PAGE}activate/").content.decode()
    assert "btn-primary" in page
    assert "btn-danger" not in page


def test_officer_adds_and_retires_a_purpose() -> None:
    fund = active_fund()
    client = client_of(ping())
    client.post(f"{PAGE}purposes/new/", {"name": "社区应急"})
    client.post(f"{PAGE}purposes/she-qu-ying-ji/retire/")
    assert fund.purposes.get(name="社区应急").retired_on == timezone.localdate()


def test_chair_and_supervisor_are_told_from_the_members() -> None:
    active_fund()
    page = client_of(mei()).get(PAGE).content.decode()
    assert ">Chair</span>" in page
    assert ">Supervisor</span>" in page


def test_officer_changes_the_committee() -> None:
    fund = active_fund()
    form = {key: value for key, value in proposal_form().items() if key.startswith(("committee", "superv"))}
    client_of(ping()).post(f"{PAGE}committee/", form | {"reason": "任期届满。"})
    assert fund.committee.filter(name="主任").exists()


def test_files_are_read_by_those_in_scope_alone() -> None:
    fund = active_fund()
    client_of(mei()).post(f"{PAGE}files/", {"papers": SimpleUploadedFile("会议纪要.pdf", PDF)})
    address = f"/documents/{documents_of(fund).get().pk}/"
    assert client_of(yan()).get(address).status_code == 200
    assert client_of(jun()).get(address).status_code in {403, 404}


def test_list_shows_only_funds_in_scope() -> None:
    active_fund()
    active_fund("JJ-440106018-01", name="别处基金")
    page = client_of(mei()).get(LIST).content.decode()
    assert CODE in page
    assert "别处基金" not in page


@pytest.mark.parametrize("query", ["q=桂城", "q=guicheng", "q=gcsl", f"q={CODE}", "state=active"])
def test_list_finds_by_name_pinyin_code_and_state(query: str) -> None:
    active_fund()
    assert CODE in client_of(mei()).get(f"{LIST}?{query}").content.decode()


def test_list_leaves_out_what_the_filter_excludes() -> None:
    active_fund()
    assert CODE not in client_of(mei()).get(f"{LIST}?state=closed").content.decode()


def queries_of(address: str, person: Any) -> int:
    client = client_of(person)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_list_takes_as_many_queries_for_nine_funds_as_for_one() -> None:
    active_fund()
    with_one = queries_of(LIST, mei())
    for number in range(2, 10):
        draft_fund(name=f"基金{number}")
    assert queries_of(f"{LIST}?per_page=50", mei()) == with_one


def test_review_waits_on_the_desk_of_the_hosts_officers() -> None:
    submit_fund(draft_fund(), actor=mei())
    assert PAGE in client_of(ping()).get("/desk/").content.decode()
    assert PAGE not in client_of(rui()).get("/desk/").content.decode()
