"""The desk pages of spending: who gets in, what they see, what follows."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from charity_hub.documents.uploads import documents_of
from charity_hub.people.models import Look
from charity_hub.portal.interrupted_forms import sign_note
from charity_hub.portal.templatetags.hub import yuan
from charity_hub.workflow.actions import history
from funds.profile.models import Fund
from funds.profile.workflow import suspend_fund
from funds.spending.actions import file_request
from funds.spending.models import SpendingRequest, SpendingState
from tests.builders import active_fund, purpose_of, spending_request, spending_terms
from tests.cast import ada, client_of, hua, jun, lan, mei, ping, qin, rui, wen, yan

pytestmark = pytest.mark.django_db

CODE = "JJ-440605011-01"
NEW = f"/desk/funds/{CODE}/spending/new/"
LIST = "/desk/spending/"
ACCOUNT = "6222020000001234567"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TODAY = timezone.localdate().isoformat()


def page(request: SpendingRequest, verb: str = "") -> str:
    return f"{LIST}{request.number}/{verb}"


def request_form(fund: Fund, **changes: Any) -> dict[str, Any]:
    """What the browser sends for a sound request, answers checked."""
    return {
        "purpose": purpose_of(fund).pk,
        "use": "aid",
        "title": "慰问困难长者",
        "amount_fen": "1,234.50",
        "payee_kind": "organization",
        "payee_name": "示例社工站",
        "payee_bank": "示例银行",
        "payee_account": "6222 0200 0000 1234 567",
        "confirmed": "1",
    } | changes


def seen(request: SpendingRequest) -> dict[str, int]:
    latest = history(request).last()
    assert latest is not None
    return {"seen": latest.pk}


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (SpendingState.FILED, "approves"),
        (SpendingState.RETURNED, "edits"),
        (SpendingState.APPROVED, "pays"),
    ],
)
def test_open_request_says_whose_turn_it_is(state: str, word: str) -> None:
    request = spending_request(state=state)
    assert word in client_of(mei()).get(page(request)).context["turn"]


def test_request_carries_its_amount_in_capitals_and_room_to_sign() -> None:
    request = spending_request(amount_fen=100_500)
    text = client_of(mei()).get(page(request)).content.decode()
    assert "人民币壹仟零伍元整" in text
    assert "Seal and date" in text


def test_payment_is_of_today_unless_the_payer_says_otherwise() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    assert f'value="{TODAY}"' in client_of(qin()).get(page(request, "pay/")).content.decode()


def test_request_that_is_over_waits_for_nobody() -> None:
    request = spending_request(state=SpendingState.WITHDRAWN)
    assert client_of(mei()).get(page(request)).context["turn"] == ""


def test_request_of_a_suspended_fund_rests() -> None:
    request = spending_request()
    suspend_fund(request.fund, "核查账目。", actor=ping())
    assert "suspended" in client_of(ping()).get(page(request)).context["turn"]


def test_answers_are_checked_before_the_request_is_filed() -> None:
    fund = active_fund()
    form = request_form(fund)
    del form["confirmed"]
    answer = client_of(mei()).post(NEW, form)
    assert "¥1,234.50" in answer.content.decode()
    assert not SpendingRequest.objects.exists()


def test_check_page_warns_of_more_than_the_purpose_holds() -> None:
    fund = active_fund()
    form = request_form(fund, amount_fen="100000.01")
    del form["confirmed"]
    text = client_of(mei()).post(NEW, form).content.decode()
    warning = text.partition("alert-warning")[2].partition("</div>")[0]
    assert yuan(10_000_000) in warning
    assert yuan(10_000_001) in warning


def test_check_page_is_silent_where_the_purpose_holds_enough() -> None:
    fund = active_fund()
    form = request_form(fund, amount_fen="100000")
    del form["confirmed"]
    page = client_of(mei()).post(NEW, form).content.decode()
    assert yuan(10_000_000) in page
    assert "alert-warning" not in page


def test_street_staff_file_a_request() -> None:
    fund = active_fund()
    answer = client_of(mei()).post(NEW, request_form(fund))
    request = SpendingRequest.objects.get()
    assert answer["Location"] == page(request)
    assert (request.amount_fen, request.payee_account, request.filed_by) == (123_450, ACCOUNT, mei())


def test_double_click_on_file_files_once() -> None:
    fund = active_fund()
    client, form = client_of(mei()), request_form(fund, opened_by=sign_note(mei()))
    client.post(NEW, form)
    client.post(NEW, form)
    assert SpendingRequest.objects.count() == 1


def test_several_files_go_with_the_request() -> None:
    fund = active_fund()
    files = [SimpleUploadedFile(f"报价{number}.pdf", PDF) for number in (1, 2)]
    client_of(mei()).post(NEW, request_form(fund, papers=files))
    assert documents_of(SpendingRequest.objects.get()).count() == 2


@pytest.mark.parametrize("amount", ["0", "-1", "1.005", "100000000.01", "很多", ""])
def test_bad_amount_is_named_and_nothing_is_filed(amount: str) -> None:
    fund = active_fund()
    answer = client_of(mei()).post(NEW, request_form(fund, amount_fen=amount))
    assert "amount_fen" in answer.context["form"].errors
    assert not SpendingRequest.objects.exists()


def test_purpose_of_another_fund_cannot_be_chosen() -> None:
    fund, other = active_fund(), active_fund("JJ-440106018-01", name="别处基金")
    answer = client_of(mei()).post(NEW, request_form(fund, purpose=purpose_of(other).pk))
    assert "purpose" in answer.context["form"].errors


def test_suspended_fund_leads_back_with_a_sentence() -> None:
    fund = active_fund()
    suspend_fund(fund, "核查", actor=ping())
    assert client_of(mei()).get(NEW)["Location"] == f"/desk/funds/{CODE}/"


def test_other_streets_fund_in_the_address_is_404() -> None:
    active_fund()
    assert client_of(jun()).get(NEW).status_code == 404


def test_one_fund_needs_no_choice() -> None:
    active_fund()
    assert client_of(mei()).get(f"{LIST}new/")["Location"] == NEW


def test_several_funds_are_chosen_from() -> None:
    active_fund()
    second = active_fund("JJ-440605011-02", name="二号基金")
    answer = client_of(mei()).post(f"{LIST}new/", {"fund": second.code})
    assert answer["Location"] == f"/desk/funds/{second.code}/spending/new/"


def test_form_says_what_the_chosen_purpose_holds_now() -> None:
    fund = active_fund()
    answer = client_of(mei()).get(f"/desk/funds/{CODE}/spending/holds/", {"purpose": purpose_of(fund).pk})
    assert "¥100,000.00" in answer.content.decode()


def test_nonsense_purpose_holds_nothing() -> None:
    active_fund()
    answer = client_of(mei()).get(f"/desk/funds/{CODE}/spending/holds/", {"purpose": "1 OR 1=1"})
    assert answer.content.decode().strip() == ""


def test_officer_approves_and_another_pays() -> None:
    request = spending_request()
    client_of(ping()).post(page(request, "approve/"), seen(request))
    client_of(qin()).post(page(request, "pay/"), {"paid_on": TODAY, "bank_reference": "B1"})
    request.refresh_from_db()
    assert (request.state, request.approved_by, request.paid_by) == ("paid", ping(), qin())


def test_what_the_officer_remarks_on_approving_stays_in_the_history() -> None:
    request = spending_request()
    client_of(ping()).post(page(request, "approve/"), seen(request) | {"reason": " 请尽快付款 "})
    last = history(request).last()
    assert last
    assert (last.new, last.why) == (SpendingState.APPROVED, "请尽快付款")


def test_double_click_on_pay_is_quiet() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    client, form = client_of(qin()), {"paid_on": TODAY, "bank_reference": "B1"}
    client.post(page(request, "pay/"), form)
    assert client.post(page(request, "pay/"), form)["Location"] == page(request)


def test_approval_beyond_what_is_there_says_both_figures() -> None:
    request = spending_request(amount_fen=10_000_001)
    answer = client_of(ping()).post(page(request, "approve/"), seen(request))
    assert "¥100,000.01" in str(answer.context["form"].errors)


def test_request_changed_meanwhile_is_shown_again() -> None:
    request = spending_request()
    answer = client_of(ping()).post(page(request, "approve/"), {"seen": 1})
    assert answer.status_code == 200
    request.refresh_from_db()
    assert request.state == SpendingState.FILED


@pytest.mark.parametrize(
    "changes", [{"paid_on": "2999-01-01"}, {"paid_on": "昨天"}, {"bank_reference": ""}, {"paid_on": ""}]
)
def test_wrong_payment_is_named(changes: dict[str, str]) -> None:
    request = spending_request(state=SpendingState.APPROVED)
    answer = client_of(qin()).post(
        page(request, "pay/"), {"paid_on": TODAY, "bank_reference": "B1"} | changes
    )
    assert set(answer.context["form"].errors) == set(changes)


def test_returned_request_is_revised_and_keeps_its_account() -> None:
    request = spending_request(state=SpendingState.RETURNED)
    form = request_form(request.fund, amount_fen="5", payee_account="")
    client_of(mei()).post(page(request, "revise/"), form)
    request.refresh_from_db()
    assert (request.state, request.amount_fen, request.payee_account) == ("filed", 500, ACCOUNT)


def test_reason_of_the_return_stands_over_the_form() -> None:
    request = spending_request(state=SpendingState.RETURNED)
    assert "请补充报价单" in client_of(mei()).get(page(request, "revise/")).content.decode()


@pytest.mark.parametrize("verb", ["", "approve/", "give-back/"])
def test_account_of_the_payee_is_masked(verb: str) -> None:
    request = spending_request()
    shown = client_of(ping()).get(page(request, verb)).content.decode()
    assert "**** 4567" in shown
    assert ACCOUNT not in shown


def test_who_pays_sees_the_account_whole_and_the_look_is_recorded() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    shown = client_of(qin()).get(page(request, "pay/")).content.decode()
    assert ACCOUNT in shown
    look = Look.objects.get()
    assert (look.user, look.field) == (qin(), "payee_account")


def test_account_beside_a_mistake_in_the_form_is_a_look_too() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    shown = client_of(qin()).post(page(request, "pay/"), {"paid_on": ""}).content.decode()
    assert ACCOUNT in shown
    assert Look.objects.count() == 1


def test_recording_the_payment_is_no_look() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    client_of(qin()).post(page(request, "pay/"), {"paid_on": TODAY, "bank_reference": "示例流水1"})
    request.refresh_from_db()
    assert request.state == SpendingState.PAID
    assert not Look.objects.exists()


def test_who_approved_does_not_see_the_account_whole() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    assert ACCOUNT not in client_of(ping()).get(page(request, "pay/")).content.decode()
    assert not Look.objects.exists()


def test_account_is_not_shown_whole_once_it_is_paid() -> None:
    request = spending_request(state=SpendingState.PAID)
    assert client_of(qin()).get(page(request, "pay/")).status_code == 302
    assert not Look.objects.exists()


@pytest.mark.parametrize("person", [mei, ping, yan, hua, ada])
def test_people_in_scope_read_the_request(person: Any) -> None:
    assert client_of(person()).get(page(spending_request())).status_code == 200


@pytest.mark.parametrize("person", [jun, rui])
def test_other_streets_and_charities_get_404(person: Any) -> None:
    assert client_of(person()).get(page(spending_request())).status_code == 404


@pytest.mark.parametrize("person", [lan, wen])
def test_people_without_the_role_get_403(person: Any) -> None:
    assert client_of(person()).get(page(spending_request())).status_code == 403


@pytest.mark.parametrize(
    ("person", "verb", "state"),
    [
        (mei, "approve/", "filed"),
        (mei, "give-back/", "filed"),
        (ping, "withdraw/", "filed"),
        (mei, "pay/", "approved"),
        (mei, "release/", "approved"),
        (yan, "pay/", "approved"),
        (hua, "approve/", "filed"),
        (ping, "revise/", "returned"),
    ],
)
def test_in_scope_but_not_entitled_is_403_and_has_no_button(person: Any, verb: str, state: str) -> None:
    request = spending_request(state=state)
    client = client_of(person())
    assert client.get(page(request, verb)).status_code == 403
    assert page(request, verb) not in client.get(page(request)).content.decode()


def test_approver_is_not_offered_to_pay() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    assert page(request, "pay/") not in client_of(ping()).get(page(request)).content.decode()
    assert page(request, "pay/") in client_of(qin()).get(page(request)).content.decode()


def test_form_is_not_shown_to_who_leaves_the_step_to_another_officer() -> None:
    fund = active_fund()
    filed = file_request(spending_terms(fund), fund=fund, actor=ada())
    approved = spending_request(fund, state=SpendingState.APPROVED)
    for person, request, verb in [(ada, filed, "approve/"), (ping, approved, "pay/")]:
        answer = client_of(person()).get(page(request, verb), follow=True)
        assert answer.redirect_chain == [(page(request), 302)]
        assert "Another officer of the host charity" in str(*answer.context["messages"])


def test_approver_who_pays_by_the_address_is_refused_on_the_page() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    answer = client_of(ping()).post(page(request, "pay/"), {"paid_on": TODAY, "bank_reference": "B1"})
    assert answer.context["form"].errors
    request.refresh_from_db()
    assert request.state == SpendingState.APPROVED
