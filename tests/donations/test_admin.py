"""Stations, gifts, donors and cash in the administration."""

from io import BytesIO

import pytest
from django.test import Client
from django.utils.translation import gettext
from openpyxl import load_workbook

from charity_hub.admin_history import changes_of
from donations.models import Donor, Gift, Station
from donations.money.actions import amend_gift, ask_to_void
from tests.builders import active_fund, cash_deposit, gift, station
from tests.cast import ada, client_of, station_operator, wen

pytestmark = pytest.mark.django_db

LOOKED_AT = ["gift", "donor", "cashdeposit"]
PAGES = [*LOOKED_AT, "station"]
WORDS = {"gift": "chenshili", "donor": "chenshili", "cashdeposit": "JK-", "station": "示例路"}


@pytest.fixture
def client() -> Client:
    gift(name="陈示例", id_number="11010519491231002X")
    cash_deposit()
    return client_of(ada())


@pytest.mark.parametrize("name", PAGES)
def test_list_is_searched(client: Client, name: str) -> None:
    answer = client.get(f"/admin/donations/{name}/", {"q": WORDS[name]})
    assert answer.context["cl"].result_count == 1


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_added_or_deleted(client: Client, name: str) -> None:
    row = client.get(f"/admin/donations/{name}/").context["cl"].result_list[0]
    assert client.get(f"/admin/donations/{name}/add/").status_code == 403
    assert client.post(f"/admin/donations/{name}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_row_and_its_history_are_shown(client: Client, name: str) -> None:
    row = client.get(f"/admin/donations/{name}/").context["cl"].result_list[0]
    assert client.get(f"/admin/donations/{name}/{row.pk}/change/").status_code == 200
    assert client.get(f"/admin/donations/{name}/{row.pk}/history/").context["changes"]


@pytest.mark.parametrize("name", LOOKED_AT)
def test_money_is_looked_at_alone(client: Client, name: str) -> None:
    row = client.get(f"/admin/donations/{name}/").context["cl"].result_list[0]
    assert client.post(f"/admin/donations/{name}/{row.pk}/change/", {"amount_fen": 1}).status_code == 403


@pytest.mark.parametrize("page", ["", "change/", "history/"])
def test_phone_and_id_are_masked(client: Client, page: str) -> None:
    address = f"{Donor.objects.get().pk}/{page}" if page else ""
    text = client.get(f"/admin/donations/donor/{address}").content.decode()
    assert "陈示例" in text
    assert "13800001234" not in text
    assert "11010519491231002X" not in text


def test_chosen_rows_are_exported_with_masks_and_without_formulas(client: Client) -> None:
    formula = gift(name='=HYPERLINK("http://example.invalid")').donor
    assert formula
    answer = client.post(
        "/admin/donations/donor/",
        {"action": "export_to_excel", "_selected_action": [str(formula.pk), str(Donor.objects.first().pk)]},  # type: ignore[union-attr]
    )
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    cells = [cell for row in load_workbook(BytesIO(content)).active.iter_rows() for cell in row]
    assert "138****1234" in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f" or "13800001234" in str(cell.value)]


def test_what_a_station_publishes_is_mended_and_its_code_is_not(client: Client) -> None:
    one = station()
    answer = client.post(
        f"/admin/donations/station/{one.pk}/change/",
        {
            "code": "ZD-440605011-99",
            "name": "新名示例站",
            "operator": station_operator().pk,
            "funds": [active_fund().pk],
            "address": "新址",
            "phone": "0757-1",
            "contact": "新",
            "opening_hours": "每天",
        },
    )
    assert answer.status_code == 302
    after = Station.objects.get(pk=one.pk)
    assert (after.name, after.code, list(after.funds.all())) == ("新名示例站", one.code, [active_fund()])


@pytest.mark.parametrize("forged", [{"operator": "x"}, {"operator": "9" * 30}, {"funds": ["x", "\0"]}])
def test_a_choice_that_is_no_number_is_named_on_the_form(client: Client, forged: dict[str, object]) -> None:
    sent = {"operator": station_operator().pk, "funds": [active_fund().pk], "name": "新名示例站"} | forged
    answer = client.post(f"/admin/donations/station/{station().pk}/change/", sent)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors.keys() >= forged.keys()


def test_history_of_a_gift_holds_its_consents() -> None:
    given = gift()
    amend_gift(given, publish_name=True, publish_amount=True, official_receipt="粤财 1", note="", actor=wen())
    assert {change.new for change in changes_of(Gift.objects.get())} >= {"粤财 1", gettext("Yes")}


def test_history_of_a_donor_never_shows_phone_or_id() -> None:
    gift(id_number="11010519491231002X")
    changes = changes_of(Donor.objects.get())
    assert "****" in {change.new for change in changes}
    assert not [change for change in changes if "1380000" in change.new or "1949" in change.new]


def test_requests_to_void_are_looked_at(client: Client) -> None:
    ask_to_void(Gift.objects.get(), "金额写错", actor=wen())
    answer = client.get("/admin/donations/voidrequest/", {"q": "金额"})
    assert answer.context["cl"].result_count == 1
