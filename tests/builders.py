"""Plain functions that create what a test needs, by the same actions as the portal.

One section per room; every argument has a default, so a test names only what it is about.
"""

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from stdnum.cn import uscc as credit_code

from charity_hub.documents.models import Certificate
from charity_hub.ledger.actions import Line, open_account, open_book, post
from charity_hub.ledger.models import Account, AccountKind, Book, Transfer, Unit
from charity_hub.organizations.models import Kind, Organization
from charity_hub.people.models import Membership, Role, User
from charity_hub.regions.models import Level, Region
from donations.deposits.actions import hand_in_cash
from donations.deposits.models import CashDeposit
from donations.money.acknowledgement import acknowledge, issued_certificate
from donations.money.actions import record_gift
from donations.money.models import DonorKind, Gift, Way
from donations.money.rules import NewGift
from donations.money.workflow import void_gift
from donations.stations.actions import open_station
from donations.stations.models import Station
from funds.agreement.actions import propose_version
from funds.agreement.terms import changed
from funds.agreement.workflow import agree_version
from funds.profile.actions import propose_fund
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.agreements import versions_of
from funds.profile.models import Fund, Position, Purpose
from funds.profile.terms import NewPurpose, Proposal, Seat
from funds.profile.workflow import activate_fund, submit_fund
from funds.spending.actions import file_request
from funds.spending.models import SpendingRequest, SpendingState, Use
from funds.spending.workflow import (
    approve_request,
    pay_request,
    release_request,
    return_request,
    withdraw_request,
)
from tests.prepared import prepared

# --- regions, organizations, people -------------------------------------------------------------

REGION_NAMES = {
    "44": "广东省",
    "4401": "广州市",
    "440106": "天河区",
    "440106018": "示例街道",
    "4406": "佛山市",
    "440605": "南海区",
    "440605011": "桂城街道",
}
_numbers = itertools.count(1)


@prepared
def region(code: str = "440605011", name: str = "") -> Region:
    """A region and all its parents; a second call with a code returns the same row."""
    shorter = [size for size in (2, 4, 6, 9) if size < len(code)]
    parent = region(code[: shorter[-1]]) if shorter else None
    name = name or REGION_NAMES.get(code, f"示例区划{code}")
    full_name = f"{parent.full_name if parent else ''}{name}"
    made, _created = Region.objects.get_or_create(
        code=code,
        defaults={"name": name, "level": Level(len(code)), "parent": parent, "full_name": full_name},
    )
    return made


def credit_code_of(number: int, kind: str = "52440605") -> str:
    """A fictional unified social credit code with a valid check character."""
    body = f"{kind}{number:09d}"
    return f"{body}{credit_code.calc_check_digit(body)}"


def organization(
    name: str = "示例机构", kind: Kind = Kind.AGENCY, *, at: Region | None = None, **fields: Any
) -> Organization:
    if fields.get("may_fundraise_publicly"):
        fields = {"qualification_number": "示例资格001", "qualified_from": date(2018, 1, 1)} | fields
    return Organization.objects.create(name=name, kind=kind, region=at or region(), **fields)


def user(name: str = "示例居民", phone: str = "", password: str | None = None, **fields: Any) -> User:
    """A person with a verified phone and, by default, no password."""
    phone = phone or f"+86138{next(_numbers):08d}"
    return User.objects.create_user(phone, name, password, **{"phone_verified": True} | fields)


def membership(
    holder: User,
    role: Role = Role.STREET_STAFF,
    *,
    at: Region | Organization | str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """A role at a region, an organization, a fund (by its code), or nowhere (reviewers)."""
    if at is None and role != Role.REVIEWER:
        at = region()
    return Membership.objects.create(
        user=holder,
        role=role,
        region=at if isinstance(at, Region) else None,
        organization=at if isinstance(at, Organization) else None,
        fund_code=at if isinstance(at, str) else "",
        starts_on=starts_on or timezone.localdate(),
        ends_on=ends_on,
    )


# --- funds ----------------------------------------------------------------------------------------

PURPOSES = [
    NewPurpose("长者居家安全", slug="elder-home-safety"),
    NewPurpose("困境儿童", slug="children"),
    NewPurpose("助学", slug="schooling"),
    NewPurpose("不限定", restricted=False, slug="unrestricted"),
]
COMMITTEE = [
    Seat("主任示例", Position.CHAIR, "桂城街道办事处"),
    Seat("委员甲示例", represents="桂城示例慈善会"),
    Seat("委员乙示例", represents="居民"),
    Seat("委员丙示例", represents="居民"),
    Seat("委员丁示例", represents="捐赠人"),
    Seat("监督员示例", Position.SUPERVISOR, "居民"),
]


def proposal(**fields: Any) -> Proposal:
    """The terms of a valid fund of Guicheng, hosted by the cast's charity; ¥100,000.00 of seed money."""
    from tests import cast

    day = timezone.localdate() - timedelta(days=30)
    terms: dict[str, Any] = {
        "host": cast.host_charity(),
        "region": cast.guicheng(),
        "aim": "帮助桂城有需要的居民。",
        "signed_on": day,
        "starts_on": day,
        "use_terms": "资助居家安全、困境儿童和助学。",
        "termination_terms": "双方协商终止。",
        "leftover_terms": "移交桂城示例慈善会用于相近目的。",
        "seed_money_fen": 10_000_000,
        "seed_money_from": "桂城示例企业",
        "management_fee_bp": 500,
        "purposes": PURPOSES,
        "committee": COMMITTEE,
    }
    return Proposal(**terms | fields)


def draft_fund(**fields: Any) -> Fund:
    """A fund as proposed by Mei; ``fields`` are those of ``proposal``."""
    from tests import cast

    return propose_fund(proposal(**fields), actor=cast.mei())


@prepared
def active_fund(code: str = "JJ-440605011-01", *, on: date | None = None, **fields: Any) -> Fund:
    """A fund that street staff proposed and submitted and an officer of its host activated.

    Mei proposes the fund of the code's region; elsewhere a new person does. Ping or a new person activates
    it.
    A second call with a code returns the same fund. A fund with a higher number first creates those with
    lower numbers.
    ``fields`` are those of ``proposal``.
    """
    from tests import cast

    if found := Fund.objects.filter(code=code).first():
        return found
    _, at_code, number = code.split("-")
    before = f"JJ-{at_code}-{int(number) - 1:02}"
    if int(number) > 1 and not Fund.objects.filter(code=before).exists():
        active_fund(before)
    at = region(at_code)
    host = fields.setdefault("host", cast.host_charity())
    street = cast.mei() if at == cast.guicheng() else user("街道示例")
    officer = cast.ping() if host == cast.host_charity() else user("慈善会示例")
    if at != cast.guicheng():
        membership(street, Role.STREET_STAFF, at=at)
    if host != cast.host_charity():
        membership(officer, Role.CHARITY_OFFICER, at=host)
    fund = propose_fund(proposal(region=at, **fields), actor=street)
    submit_fund(fund, actor=street)
    activate_fund(fund, actor=officer, on=on)
    fund = Fund.objects.get(pk=fund.pk)
    assert fund.code == code, f"{fund.code} was assigned"
    return fund


def agreement_version(
    fund: Fund, *, valid_from: date | None = None, state: str = VersionState.AGREED, **changes: Any
) -> AgreementVersion:
    """Mei's proposal of a changed agreement from today on, agreed to by Ping unless ``state`` is
    ``proposed``; ``changes`` are terms, by default another purpose of the fund.
    """
    from tests import cast

    today = timezone.localdate()
    terms = changed(versions_of(fund)[-1].terms, **{"signed_on": today, "aim": "帮助更多居民。"} | changes)
    version = propose_version(
        fund, terms, valid_from=valid_from or today, reason="扩大服务范围。", actor=cast.mei()
    )
    if state == VersionState.AGREED:
        agree_version(version, actor=cast.ping())
    return AgreementVersion.objects.get(pk=version.pk)


def purpose_of(fund: Fund, slug: str = "unrestricted") -> Purpose:
    return fund.purposes.get(slug=slug)


def spending_terms(fund: Fund, **fields: Any) -> SpendingRequest:
    """¥1,000.00 of the unrestricted purpose for an agency."""
    terms: dict[str, Any] = {
        "purpose": purpose_of(fund),
        "amount_fen": 100_000,
        "title": "长者家庭安全改造",
        "payee_name": "示例工程服务部",
        "payee_bank": "示例银行桂城支行",
        "payee_account": "6222020000001234567",
        "use": Use.SERVICE,
    }
    return SpendingRequest(**terms | fields)


def spending_request(
    fund: Fund | None = None, state: str = SpendingState.FILED, *, on: date | None = None, **fields: Any
) -> SpendingRequest:
    """A request filed by Mei and, depending on ``state``, approved by Ping (that day) and paid by Qin."""
    from tests import cast

    fund = fund or active_fund()
    request = file_request(spending_terms(fund, **fields), fund=fund, actor=cast.mei())
    if state == SpendingState.RETURNED:
        return_request(request, "请补充报价单。", actor=cast.ping())
    if state == SpendingState.WITHDRAWN:
        withdraw_request(request, actor=cast.mei())
    if state in {SpendingState.APPROVED, SpendingState.RELEASED, SpendingState.PAID}:
        approve_request(request, actor=cast.ping(), on=on)
    if state == SpendingState.RELEASED:
        release_request(request, "活动取消。", actor=cast.ping(), on=on)
    if state == SpendingState.PAID:
        pay_request(request, paid_on=on or timezone.localdate(), bank_reference="B0001", actor=cast.qin())
    request.refresh_from_db()
    return request


# --- ledger -------------------------------------------------------------------------------------


def book(code: str = "JJ-示例-01", name: str = "示例账簿") -> Book:
    return open_book(code, name)


def account(
    code: str = "bank:示例",
    kind: AccountKind = AccountKind.ASSET,
    *,
    within: Book | None = None,
    unit: Unit = Unit.CNY,
    floor: int | None = 0,
) -> Account:
    """An account with this code, in the book ``book()`` by default."""
    return open_account(within or book(), code, f"账户 {code}", kind, unit=unit, floor=floor)


def posted(
    debit: Account,
    credit: Account,
    amount: int = 100,
    *,
    key: str = "",
    kind: str = "trial:given",
    **fields: Any,
) -> Transfer:
    """A transfer of ``amount`` from ``credit`` to ``debit``, by default dated 2025-03-05."""
    fields = {"occurred_on": date(2025, 3, 5)} | fields
    lines = [Line(debit, amount), Line(credit, -amount)]
    return post(kind, lines, key=key or f"test:{next(_numbers)}", **fields)


# --- donations ------------------------------------------------------------------------------------


@prepared
def station(code: str = "ZD-440605011-01", *, funds: Sequence[Fund] | None = None, **fields: Any) -> Station:
    """A station that accepts gifts for ``active_fund()``; Wen works there. The same code returns the same
    station.

    Mei opens it, or Jun for the other street.
    """
    from tests import cast

    if found := Station.objects.filter(code=code).first():
        return found
    at = region(code.split("-")[1])
    known: dict[str, Any] = {
        "name": "桂城示例捐赠站",
        "region": at,
        "operator": cast.station_operator(),
        "funds": [active_fund()] if funds is None else funds,
        "address": "桂城街道示例路1号",
        "phone": "0757-86330000",
        "contact": "文示例",
        "opening_hours": "周一至周五 9:00–17:00",
        "actor": cast.mei() if at == cast.guicheng() else cast.jun(),
    }
    return open_station(code=code, **known | fields)


def gift(**fields: Any) -> Gift:
    """¥100.00 in cash from 陈示例 for the fund's unrestricted purpose, recorded today by Wen."""
    from tests import cast

    at = fields.pop("station", None) or station()
    fund = fields.pop("fund", None) or active_fund()
    donor, actor = fields.pop("donor", None), fields.pop("actor", None) or cast.wen()
    known: dict[str, Any] = {
        "purpose": purpose_of(fund),
        "donor_kind": DonorKind.PERSON,
        "name": "陈示例",
        "phone": "13800001234",
        "amount_fen": 10_000,
        "way": Way.CASH,
        "given_on": timezone.localdate(),
        "handler": "文示例",
    }
    return record_gift(NewGift(**known | fields), station=at, fund=fund, donor=donor, actor=actor)


def voided(given: Gift, why: str, *, actor: User) -> Gift:
    """The gift, voided by ``actor``."""
    void_gift(given, why, actor=actor)
    return Gift.objects.get(pk=given.pk)


def acknowledged(given: Gift) -> Certificate:
    """The certificate of the gift's acknowledgement, which is printed."""
    if (certificate := issued_certificate(given)) is None:
        acknowledge([given])
        certificate = issued_certificate(given)
    assert certificate
    return certificate


def cash_deposit(**fields: Any) -> CashDeposit:
    """¥50.00 of the station's cash, deposited today by Wen."""
    from tests import cast

    known: dict[str, Any] = {
        "station": station(),
        "fund": active_fund(),
        "amount_fen": 5_000,
        "slip": "示例回单001",
        "handed_in_on": timezone.localdate(),
        "actor": cast.wen(),
    }
    return hand_in_cash(**known | fields)
