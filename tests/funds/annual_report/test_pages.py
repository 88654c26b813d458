"""The printed report: read back as text, in a full year and in an empty one."""

import io
import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from charity_hub.reports.printing import print_report
from funds.annual_report.charts import charts
from tests import cast
from tests.builders import gift, spending_request
from tests.charity_hub.reports.scenes import draft, fund_of_2024, issued

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]


def pages_of(pdf: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def full_year() -> None:
    fund = fund_of_2024()
    gift(given_on=date(2025, 4, 1), name="𠮷㙟示例", publish_name=True, amount_fen=12_345_678)
    spending_request(
        fund, "paid", on=date(2025, 5, 1), amount_fen=250_000, title="居家安全改造", beneficiaries=30
    )


def test_a_full_report_holds_every_chapter_and_numbers_its_pages() -> None:
    full_year()
    pages = pages_of(print_report(draft()))
    text = "".join(pages)
    for chapter in (
        "年度概览",
        "基金概况与协议",
        "治理",
        "收入",
        "支出",
        "用途资金与结余",
        "管理费与比率",
        "资金存放",
        "信息公开",
        "签署",
        "名词解释",
    ):
        assert chapter in text
    assert f"第{len(pages) - 1}页/共{len(pages) - 1}页" in pages[-1]
    assert "123,456.78" in text
    assert "居家安全改造" in text


def test_nothing_is_a_dash_in_rows_and_totals_alike() -> None:
    fund_of_2024()
    text = "".join(pages_of(print_report(draft())))
    assert "全年———" in text
    assert re.findall(r"(?<![¥\d,.])0\.00(?!%)", text) == []  # a ratio of nothing is a figure


def test_a_long_table_goes_on_overleaf_below_its_head() -> None:
    full_year()
    for number in range(12):
        gift(given_on=date(2025, 6, 1 + number), amount_fen=1_000 + number)
    pages = pages_of(print_report(draft()))
    headed = [page for page in pages if "序号捐赠人日期金额（元）" in page]
    assert len(headed) == 2
    assert pages.index(headed[1]) == pages.index(headed[0]) + 1


def test_rare_characters_are_printed() -> None:
    full_year()
    assert "𠮷㙟示例" in "".join(pages_of(print_report(draft())))


def test_an_empty_year_is_printed_without_a_chart() -> None:
    fund_of_2024()
    report = draft()
    assert charts(report.figures or {}) == {}
    assert "本年度没有收入，也没有支出。" in "".join(pages_of(print_report(report)))


def test_a_year_with_gifts_has_its_chart() -> None:
    full_year()
    assert list(charts(draft().figures or {})) == ["months.svg"]


def test_the_chart_begins_with_the_first_month_that_moved_and_its_axis_ends_with_a_round_figure() -> None:
    full_year()
    words = re.findall(r">([^<>]+)</text>", charts(draft().figures or {})["months.svg"].decode())
    assert [word for word in words if word.endswith("月")] == [f"{month}月" for month in range(4, 13)]
    assert [word for word in words if not word.endswith("月")] == ["0", "10", "20"]  # ¥123,456.78 in ¥10,000


def test_a_draft_says_that_it_is_one() -> None:
    fund_of_2024()
    assert all("草稿" in page for page in pages_of(print_report(draft())))


def test_an_issued_report_carries_its_code_and_the_hash_of_its_figures() -> None:
    full_year()
    report = issued()
    text = "".join(pages_of(print_report(report)))
    assert report.certificate is not None
    assert report.certificate.code in text
    assert report.figures_hash in text
    assert "草稿" not in text
    assert cast.mei().name in text


def test_a_month_of_reversals_is_drawn_below_zero() -> None:
    fund_of_2024()
    report = draft()
    figures = report.figures or {}
    figures["books"]["months"][4] |= {"in": -100, "out": 0}
    assert b"<svg" in charts(figures)["months.svg"]


def test_the_funds_public_page_lists_its_issued_reports() -> None:
    report = issued()
    page = Client().get(reverse("funds:detail", args=[cast.FUND_CODE]))
    assert report.get_absolute_url() in page.text
    assert reverse("documents:document", args=[report.pdf_id]) in page.text
