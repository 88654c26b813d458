"""Every main page of each space, in Chinese, at a desk and on a phone: axe finds nothing, nothing sticks out.

One world a person, all pages of theirs, and everything that was found told at once.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from charity_hub.jobs.models import Job
from charity_hub.ledger.seals import seal_through
from charity_hub.people.factor_reset import ask_for_reset
from charity_hub.people.models import User
from charity_hub.reports.models import AnnualReport
from donations.deposits.models import CashDeposit
from donations.money.acknowledgement import acknowledge, issued_certificate
from donations.money.models import Donor, Gift
from donations.money.workflow import void_gift
from donations.registers.actions import check_register, upload_register
from donations.registers.models import Register
from funds.profile.agreement_models import VersionState
from funds.profile.models import Fund
from funds.profile.workflow import submit_fund
from funds.spending.models import SpendingRequest, SpendingState
from tests import cast
from tests.browser.conftest import DESK, PHONE, Open, axe_findings, fits_the_screen
from tests.builders import agreement_version, cash_deposit, draft_fund, gift, spending_request, station
from tests.charity_hub.reports.scenes import draft, fund_of_2024, issued

SAMPLE = Path(__file__).parents[1] / "donations/registers/data/station-register-sample.xlsx"
YEAR = 2025
NOWHERE = "nowhere"
type Screen = dict[str, object]


def world() -> Fund:
    """A fund with gifts, spending in every state, cash on its way, a register, reports; another one waits."""
    fund = fund_of_2024()
    gift(given_on=date(YEAR, 4, 1), publish_name=True, amount_fen=12_345_678)
    last = gift(name="某某有限公司" * 4, donor_kind="organization", phone="", note="一句很长的话。" * 10)
    acknowledge([last])
    void_gift(gift(phone=cast.lan().phone, name="兰示例"), "记错金额", actor=cast.wen())
    gift(phone=cast.lan().phone, name="兰示例", amount_fen=8_800)
    for state in set(SpendingState.values) - {SpendingState.ENDED}:  # those end with their fund
        spending_request(fund, state, title=f"居家安全改造 {state}", explanation="一句话。" * 30)
    cash_deposit()
    seal_through(timezone.localdate() - timedelta(days=1))
    issued(YEAR)
    draft(YEAR + 1)
    with SAMPLE.open("rb") as file:
        sent = ContentFile(file.read(), name="登记表.xlsx")
    check_register(upload_register(sent, station=station(), fund=fund, actor=cast.wen()), actor=cast.wen())
    submit_fund(draft_fund(name="第二个示例基金"), actor=cast.mei())
    agreement_version(fund, use_terms="一句话。" * 30)
    return fund


def proposed_version_pages(fund: Fund) -> list[str]:
    """The pages of a change of the agreement that waits, and of its steps."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    version = agreement_version(fund, state=VersionState.PROPOSED, valid_from=tomorrow, aim="一句话。" * 20)
    steps = ("", "agree/", "give-back/", "files/")
    return [f"/desk/funds/{fund.code}/agreement/{version.pk}/{step}" for step in steps]


def request_pages(state: str, *steps: str) -> list[str]:
    """The page of the request in this state, and those of its steps."""
    request = SpendingRequest.objects.get(state=state)
    return [f"/desk/spending/{request.number}/{step}" for step in ("", *(f"{step}/" for step in steps))]


def report_pages() -> list[str]:
    made, open_one = AnnualReport.objects.get(year=YEAR), AnnualReport.objects.get(year=YEAR + 1)
    return [
        *(f"/desk/reports/{made.pk}/{step}" for step in ("", "?compare=1", "correct/", "again/")),
        *(f"/desk/reports/{open_one.pk}/{step}" for step in ("", "words/", "discard/")),
        f"/jobs/{Job.objects.latest('pk').pk}/",
    ]


def public_pages(fund: Fund) -> list[str]:
    printed = next(one for one in map(issued_certificate, Gift.objects.all()) if one)
    report = AnnualReport.objects.get(year=YEAR)
    assert report.certificate is not None
    return [
        *("/", "/funds/", "/stations/", "/reports/", "/verify/", f"/{NOWHERE}/"),
        *(f"/funds/{fund.code}/", f"/funds/{fund.code}/?year={YEAR}", f"/stations/{station().code}/"),
        *(f"/funds/{fund.code}/agreement/{number}/" for number in (1, 2)),
        *(f"/reports/fund/{fund.code}/{YEAR}/{step}" for step in ("", "?compare=1")),
        *(f"/verify/{code}/" for code in (printed.code, report.certificate.code, NOWHERE)),
    ]


def residents_pages(_fund: Fund) -> list[str]:
    return ["/me/", "/me/gifts/", "/me/profile/"]


def streets_pages(fund: Fund) -> list[str]:
    return [
        *("/desk/", "/desk/search/?q=示例", "/desk/funds/", "/desk/funds/new/", f"/desk/funds/{fund.code}/"),
        f"/desk/funds/{fund.code}/agreement/new/",
        *("/desk/spending/", f"/desk/funds/{fund.code}/spending/new/", "/desk/gifts/", "/desk/donors/"),
        *("/desk/stations/", "/desk/stations/add/", f"/desk/stations/{station().code}/"),
        *(f"/desk/stations/{station().code}/{step}/" for step in ("edit", "close")),
        *("/desk/reports/", *(f"/desk/funds/{fund.code}/{page}/" for page in ("close-months", "figures"))),
        *report_pages(),
        *request_pages("filed", "withdraw", "files"),
        *request_pages("returned", "revise"),
    ]


def charitys_pages(fund: Fund) -> list[str]:
    waiting = Fund.objects.exclude(pk=fund.pk).get()
    steps = ("", "suspend/", "wind-up/", "committee/", "purposes/new/", "files/")
    return [
        *("/desk/", f"/desk/funds/{waiting.code}/activate/", f"/desk/funds/{waiting.code}/give-back/"),
        *(f"/desk/funds/{fund.code}/{step}" for step in steps),
        *proposed_version_pages(fund),
        "/desk/deposits/",
        *(
            f"/desk/deposits/{CashDeposit.objects.get().number}/{step}"
            for step in ("", "receive/", "withdraw/")
        ),
        *request_pages("filed", "approve", "give-back"),
        *request_pages("approved", "release"),
        *request_pages("paid"),
    ]


def payers_pages(_fund: Fund) -> list[str]:
    """What is open to an officer who did not approve alone."""
    return request_pages("approved", "pay")


def stations_pages(_fund: Fund) -> list[str]:
    register, donor = Register.objects.get(), Donor.objects.get(name="兰示例")
    number = Gift.objects.latest("pk").number
    return [
        *("/desk/", "/desk/gifts/", "/desk/gifts/add/", "/desk/deposits/add/"),
        *(f"/desk/donors/{donor.pk}/{step}" for step in ("", "correct/", "merge/")),
        *(f"/desk/gifts/{number}/{step}" for step in ("", "ask-to-void/", "amend/")),
        *(f"/desk/registers/{step}" for step in ("", "add/", f"{register.pk}/", f"{register.pk}/columns/")),
    ]


def officers_pages(_fund: Fund) -> list[str]:
    """The overview of those who change nothing."""
    return ["/desk/"]


def admins_pages(fund: Fund) -> list[str]:
    tables = [
        "charity_hub/factorreset",
        "charity_hub/phonechange",
        "charity_hub/region",
        "charity_hub/organization",
        "charity_hub/user",
        "charity_hub/account",
    ]
    tables += [
        "charity_hub/transfer",
        "funds/fund",
        "funds/agreementversion",
        "donations/station",
        "donations/gift",
    ]
    reset = ask_for_reset(cast.has_factor(cast.rui()), reason="手机丢失", actor=cast.ada())
    return [
        "/admin/",
        *(f"/admin/{table}/" for table in tables),
        *(f"/admin/charity_hub/factorreset/{reset.pk}/{page}/" for page in ("change", "confirm")),
        f"/admin/charity_hub/user/{cast.mei().pk}/reset-factor/",
        f"/admin/funds/fund/{fund.pk}/change/",
        f"/admin/charity_hub/organization/{fund.host_id}/change/",
        f"/admin/charity_hub/user/{cast.mei().pk}/change/",
    ]


def problems(open_as: Open, person: User | None, paths: Sequence[str], screen: Screen) -> list[str]:
    """What is wrong with these pages as this person sees them: findings of axe, pages that stick out."""
    page = open_as(person, paths[0], screen=screen)
    found = []
    for path in paths:
        answer = page.goto(path)
        missing = 404 if NOWHERE in path else 200
        if answer is None or answer.status != missing or not page.url.endswith(quote(path, safe="/?=-.")):
            found.append(f"{path}: {answer and answer.status} at {page.url}")
        found += [f"{path}: {one}" for one in axe_findings(page)]
        if not fits_the_screen(page):
            found.append(f"{path}: sticks out to the side")
    return found


@pytest.mark.parametrize(
    ("person", "pages", "screens"),
    [
        (None, public_pages, [PHONE, DESK]),
        (cast.lan, residents_pages, [PHONE, DESK]),
        (cast.mei, streets_pages, [DESK, PHONE]),
        (cast.ping, charitys_pages, [DESK, PHONE]),
        (cast.qin, payers_pages, [DESK, PHONE]),
        (cast.wen, stations_pages, [DESK, PHONE]),
        (cast.dong, officers_pages, [DESK, PHONE]),
        (cast.su, officers_pages, [PHONE]),
        (cast.ada, admins_pages, [DESK]),
    ],
    ids=[
        "anyone",
        "resident",
        "street",
        "charity",
        "payer",
        "station",
        "officer",
        "reviewer",
        "administrator",
    ],
)
def test_every_page_is_for_everybody(
    open_as: Open,
    person: Callable[[], User] | None,
    pages: Callable[[Fund], list[str]],
    screens: list[Screen],
) -> None:
    paths = pages(world())
    who = person() if person else None
    assert [one for screen in screens for one in problems(open_as, who, paths, screen)] == []
