"""Funds and spending in the administration."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from charity_hub.admin_history import changes_of
from funds.models import CommitteeMember, Fund, Purpose
from funds.profile.agreement_models import VersionState
from funds.profile.lifecycle import change_committee
from funds.profile.models import Position
from funds.profile.terms import Seat
from funds.spending.models import SpendingState
from tests.builders import COMMITTEE, active_fund, agreement_version, draft_fund, purpose_of, spending_request
from tests.cast import ada, client_of, ping

pytestmark = pytest.mark.django_db

PAGES = ["fund", "purpose", "committeemember", "spendingrequest", "agreementversion"]


@pytest.fixture
def client() -> Client:
    agreement_version(spending_request(state=SpendingState.PAID).fund)
    return client_of(ada())


@pytest.mark.parametrize("name", PAGES)
def test_list_is_searched(client: Client, name: str) -> None:
    answer = client.get(f"/admin/funds/{name}/", {"q": "guicheng"})
    assert answer.status_code == 200
    assert answer.context["cl"].result_count > 0


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_added_or_deleted(client: Client, name: str) -> None:
    row = client.get(f"/admin/funds/{name}/").context["cl"].result_list[0]
    assert client.get(f"/admin/funds/{name}/add/").status_code == 403
    assert client.post(f"/admin/funds/{name}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_row_and_its_history_are_shown(client: Client, name: str) -> None:
    row = client.get(f"/admin/funds/{name}/").context["cl"].result_list[0]
    assert client.get(f"/admin/funds/{name}/{row.pk}/change/").status_code == 200
    assert client.get(f"/admin/funds/{name}/{row.pk}/history/").context["changes"]


def mended(client: Client, fund: Fund) -> Fund:
    client.post(
        f"/admin/funds/fund/{fund.pk}/change/",
        {
            "aim": "改正的文字",
            "use_terms": "a",
            "termination_terms": "b",
            "leftover_terms": "c",
            "seed_money_fen": "1",
            "management_fee_bp": "999",
            "state": "closed",
            **{f"{prefix}-TOTAL_FORMS": "0" for prefix in ("purposes", "committee")},
            **{f"{prefix}-INITIAL_FORMS": "0" for prefix in ("purposes", "committee")},
        },
    )
    return Fund.objects.get(pk=fund.pk)


def test_words_of_a_draft_are_mended_and_its_money_is_not(client: Client) -> None:
    after = mended(client, draft_fund(name="二号基金"))
    assert after.aim == "改正的文字"
    assert (after.seed_money_fen, after.management_fee_bp, after.state) == (10_000_000, 500, "draft")


def test_words_that_were_agreed_on_are_not_mended_here(client: Client) -> None:
    fund = active_fund()
    assert mended(client, fund).aim == fund.aim


def agreement_section(client: Client, fund: Fund) -> tuple[str, str]:
    """The heading of the agreement on the fund's page, and the words below it."""
    sections = client.get(f"/admin/funds/fund/{fund.pk}/change/").context["adminform"].fieldsets
    (found,) = [(str(name), str(options.get("description", ""))) for name, options in sections if name]
    return found


def test_fund_whose_agreement_was_changed_says_that_its_terms_are_the_first_ones(client: Client) -> None:
    fund = active_fund()
    heading, hint = agreement_section(client, fund)
    versions = f"/admin/funds/agreementversion/?fund__id__exact={fund.pk}"
    assert heading == "First agreement"
    assert f'href="{versions}"' in hint
    assert client.get(versions).context["cl"].result_count == 1
    assert hint in client.get(f"/admin/funds/fund/{fund.pk}/change/").text


def test_fund_with_its_first_agreement_has_no_hint(client: Client) -> None:
    assert agreement_section(client, active_fund("JJ-440605011-02", name="二号基金")) == ("Agreement", "")


def test_version_that_is_only_proposed_makes_no_hint(client: Client) -> None:
    fund = active_fund("JJ-440605011-02", name="二号基金")
    agreement_version(fund, state=VersionState.PROPOSED)
    assert agreement_section(client, fund) == ("Agreement", "")


def test_spending_is_looked_at_alone_and_the_account_is_masked(client: Client) -> None:
    row = client.get("/admin/funds/spendingrequest/").context["cl"].result_list[0]
    page = client.get(f"/admin/funds/spendingrequest/{row.pk}/change/").content.decode()
    assert "**** 4567" in page
    assert "6222020000001234567" not in page
    assert client.post(f"/admin/funds/spendingrequest/{row.pk}/change/", {"title": "x"}).status_code == 403


def test_chosen_rows_are_exported_without_formulas(client: Client) -> None:
    request = spending_request(title='=HYPERLINK("http://example.org")')
    answer = client.post(
        "/admin/funds/spendingrequest/",
        {"action": "export_to_excel", "_selected_action": [str(request.pk)]},
    )
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    cells = [cell for row in load_workbook(BytesIO(content)).active.iter_rows() for cell in row]
    assert request.number in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_history_of_a_fund_tells_who_left_its_committee() -> None:
    fund = active_fund()
    change_committee(fund, [*COMMITTEE[:-1], Seat("新监督员", Position.SUPERVISOR)], "到期", actor=ping())
    changes = changes_of(fund, [(CommitteeMember, "fund")])
    gone = [change.row for change in changes if change.field == "" and "监督员示例" in change.row]
    assert len(gone) == 1


def test_history_never_shows_a_payees_account() -> None:
    changes = changes_of(spending_request())
    assert "****" in {change.new for change in changes}
    assert not [change for change in changes if "6222" in change.new]


def test_history_names_who_changed_a_row_in_the_portal(client: Client) -> None:
    fund = active_fund()
    client_of(ping()).post(f"/desk/funds/{fund.code}/suspend/", {"reason": "核查"})
    latest = changes_of(fund)[0]
    assert (latest.who, latest.new) == (str(ping()), str(Fund.objects.get().get_state_display()))


def test_history_of_a_purpose_holds_its_beginning() -> None:
    purpose = purpose_of(active_fund())
    assert {change.new for change in changes_of(purpose)} >= {"不限定", "unrestricted"}
    assert Purpose.objects.get(pk=purpose.pk).name == "不限定"
