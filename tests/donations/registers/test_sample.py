"""The register that stations sent as a sample: what must come out stands in its second sheet (核对)."""

import json
from functools import cache
from io import StringIO
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db.models import Sum

from charity_hub.ledger.models import Transfer
from donations.money.models import Donor, Gift, Way
from tests import cast
from tests.builders import active_fund, station
from tests.donations.registers.workbooks import DATA

SAMPLE = DATA / "station-register-sample.xlsx"

pytestmark = pytest.mark.django_db


@cache
def wanted() -> dict[str, str]:
    """The control sheet, by the English words of its first column."""
    sheet = openpyxl.load_workbook(SAMPLE)["核对"]
    rows = [(str(row[0]), str(row[1])) for row in sheet.iter_rows(min_row=2, values_only=True)]
    return {title.split(" ", 1)[1]: value for title, value in rows}


def imported(*, dry_run: bool = False, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command(
        "import_donations",
        options.pop("file", SAMPLE),
        station=station().code,
        dry_run=dry_run,
        json=True,
        stdout=out,
        **options,
    )
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_dry_run_prints_exactly_the_agreed_keys() -> None:
    assert list(imported(dry_run=True)) == [
        "rows", "acceptable", "fen", "rejected", "questions", "doubles", "warn_id", "warn_phone",
        "total_differs",
    ]  # fmt: skip


@pytest.mark.parametrize("figure", ["rows", "acceptable", "fen", "warn_id", "warn_phone"])
def test_figures_are_those_of_the_control_sheet(figure: str) -> None:
    assert imported(dry_run=True)[figure] == int(wanted()[figure])


def test_rejected_rows_are_those_of_the_control_sheet() -> None:
    rejected = imported(dry_run=True)["rejected"]
    assert ", ".join(f"{row}:{column}" for row, column, _reason in rejected) == wanted()["rejected rows"]
    assert len(rejected) == int(wanted()["rejected"])


def test_every_rejection_has_a_reason_that_is_a_sentence() -> None:
    reasons = [reason for _row, _column, reason in imported(dry_run=True)["rejected"]]
    assert all(reason.endswith((".", "。")) and len(reason) > 8 for reason in reasons)


def test_double_rows_are_those_of_the_control_sheet() -> None:
    doubles = imported(dry_run=True)["doubles"]
    assert ", ".join(map(str, doubles)) == wanted()["double rows"]


def test_dry_run_writes_nothing() -> None:
    imported(dry_run=True)
    assert not Gift.objects.exists()


def test_import_records_every_acceptable_row_and_posts_it() -> None:
    cast.ada()
    found = imported()
    assert found["added"] == Gift.objects.count() == int(wanted()["acceptable"])
    assert Gift.objects.aggregate(fen=Sum("amount_fen"))["fen"] == int(wanted()["fen"])
    assert Transfer.objects.filter(kind__startswith="gift:").count() == int(wanted()["acceptable"])


def test_the_same_file_twice_adds_nothing() -> None:
    cast.ada()
    imported()
    again = imported()
    assert (again["added"], again["there"]) == (0, int(wanted()["acceptable"]))


def test_doubles_can_be_left_out() -> None:
    cast.ada()
    found = imported(skip_doubles=True)
    assert (found["added"], found["left_out"]) == (967, 7)


def test_names_keep_their_rare_characters() -> None:
    cast.ada()
    imported()
    assert Donor.objects.filter(name="㙟琳").exists()


def test_wechat_and_alipay_are_qr_transfers_and_enter_the_bank() -> None:
    cast.ada()
    imported()
    qr = Gift.objects.filter(way=Way.QR_TRANSFER)
    assert (
        qr.filter(transfer__entries__account__code=f"bank:{active_fund().code}").count() == qr.count() > 300
    )
