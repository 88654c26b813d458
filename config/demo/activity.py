"""A year and a half of gifts, deposits and spending.

Made from a fixed seed, so that the demo is the same for everyone on the same day.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from charity_hub.people.models import User
from config.demo.people import GUANGZHOU_AGENCY, GUICHENG_AGENCY
from donations.deposits.actions import hand_in_cash
from donations.deposits.workflow import receive_cash
from donations.money.actions import record_gifts
from donations.money.models import DonorKind, Way
from donations.money.rules import NewGift
from donations.stations.accounts import cash_account
from donations.stations.models import Station
from funds.profile.models import Fund, Purpose
from funds.spending.actions import file_request
from funds.spending.models import PayeeKind, SpendingRequest, Use
from funds.spending.workflow import approve_request, pay_request

MONTHS = 18
FILED_BEFORE, FILED_AT = timedelta(days=3), time(10, 20)
GIFTS_A_MONTH = 22
KEEPS_AMOUNT_BACK = 6  # one in this many donors does not agree to the publication of the amount
SURNAMES = "陈李黄张梁何林吴罗郑冯潘苏叶邓"
GIVEN_NAMES = [
    "一帆",
    "子晴",
    "家乐",
    "敏仪",
    "志明",
    "婉儿",
    "俊杰",
    "嘉欣",
    "伟文",
    "美玲",
    "国栋",
    "诗雅",
    "浩然",
    "𠮷祥",
    "㙟之",
    "颖琳",
]
COMPANIES = [
    "灯湖示例餐饮有限公司",
    "叠北示例五金厂",
    "南海示例商会",
    "龙洞示例教育咨询有限公司",
    "示例小学家长委员会",
]
AMOUNTS = [1_000, 2_000, 5_000, 5_000, 10_000, 10_000, 20_000, 20_000, 50_000, 66_600, 100_000, 8_888, 12_345]


@dataclass(frozen=True)
class Crew:
    """The people of one fund: one worker for each station; ``approver`` and ``payer`` are different
    people.
    """

    clerk: User
    workers: list[User]
    approver: User
    payer: User


def live(fund: Fund, stations: list[Station], crew: Crew, *, scale: int = 1) -> None:
    """Month by month: gifts, deposits, spending; up to yesterday."""
    chance = random.Random(fund.code)
    for first, last in _months():
        for station, worker in zip(stations, crew.workers, strict=True):
            record_gifts(
                gifts_of_month(fund, station, first, last, chance, scale),
                station=station,
                fund=fund,
                actor=worker,
            )
            _bank_the_cash(fund, station, last, worker, crew.payer)
        _spend(fund, last, chance, crew)


def _months() -> Iterator[tuple[date, date]]:
    """The last ``MONTHS`` months as first and last day, none after yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    months = yesterday.year * 12 + yesterday.month - 1
    for number in range(months - MONTHS + 1, months + 1):
        first = date(number // 12, number % 12 + 1, 1)
        following = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
        yield first, min(following - timedelta(days=1), yesterday)


def gifts_of_month(
    fund: Fund, station: Station, first: date, last: date, chance: random.Random, scale: int
) -> list[NewGift]:
    """Gifts of every kind, way and consent, for all purposes; the same ``chance`` gives the same gifts."""
    purposes = list(fund.purposes.all())
    return [
        _gift(f"demo:{station.code}:{first:%Y%m}:{number}", purposes, first, last, chance)
        for number in range(GIFTS_A_MONTH * scale)
    ]


def _gift(key: str, purposes: list[Purpose], first: date, last: date, chance: random.Random) -> NewGift:
    kind = chance.choices(
        [DonorKind.PERSON, DonorKind.ORGANIZATION, DonorKind.ANONYMOUS], weights=[75, 8, 17]
    )[0]
    company = kind == DonorKind.ORGANIZATION
    number = chance.randrange(240)
    person = f"{SURNAMES[number % len(SURNAMES)]}{GIVEN_NAMES[number % len(GIVEN_NAMES)]}"
    name = chance.choice(COMPANIES) if company else person
    return NewGift(
        purpose=chance.choice(purposes),
        donor_kind=kind,
        name="" if kind == DonorKind.ANONYMOUS else name,
        phone=f"+86137000{number:05d}" if kind == DonorKind.PERSON else "",
        amount_fen=chance.choice(AMOUNTS) * (30 if company else 1),
        way=Way.BANK_TRANSFER if company else chance.choice(list(Way)[:3]),
        given_on=first + timedelta(days=chance.randrange((last - first).days + 1)),
        handler=chance.choice(["文站点", "叶站点", "伍站点"]),
        publish_name=kind != DonorKind.ANONYMOUS and chance.random() < 0.6,
        publish_amount=number % KEEPS_AMOUNT_BACK != 0,
        official_receipt=f"示例粤{chance.randrange(10**8):08d}" if chance.random() < 0.5 else "",
        key=key,
    )


def gift_of_resident(fund: Fund, station: Station, name: str, phone: str, worker: User) -> None:
    """The resident of the demo gives every second month, so that ``/me/gifts/`` is not empty."""
    gifts = [
        NewGift(
            purpose=fund.purposes.first() or fund.purposes.get(),
            donor_kind=DonorKind.PERSON,
            name=name,
            phone=phone,
            amount_fen=10_000,
            way=Way.QR_TRANSFER,
            given_on=last,
            handler="文站点",
            publish_name=True,
            key=f"demo:{name}:{last:%Y%m}",
        )
        for number, (_first, last) in enumerate(_months())
        if number % 2
    ]
    record_gifts(gifts, station=station, fund=fund, actor=worker)


def _bank_the_cash(fund: Fund, station: Station, on: date, worker: User, payer: User) -> None:
    """Deposit all cash of the month, except the latest gifts: these are still in transit."""
    held = cash_account(station, fund).normal_balance
    if not held:
        return
    deposit = hand_in_cash(
        station=station,
        fund=fund,
        amount_fen=held,
        slip=f"示例存单{on:%Y%m}",
        handed_in_on=on,
        actor=worker,
    )
    if on < timezone.localdate() - timedelta(days=3):
        receive_cash(deposit, received_on=on, actor=payer)


# use, title, payee, kind of payee, share of the purpose's balance in percent, people helped
SPENDING = {
    "elder-home-safety": [
        (
            Use.GOODS,
            "独居长者家庭防滑扶手与烟感报警器",
            "南海示例适老化工程有限公司",
            PayeeKind.ORGANIZATION,
            42,
            36,
        ),
        (Use.SERVICE, "长者居家安全上门排查服务", GUICHENG_AGENCY, PayeeKind.ORGANIZATION, 35, 80),
    ],
    "children": [
        (Use.AID, "困境儿童生活补助", "梁某某（监护人）", PayeeKind.PERSON, 30, 1),
        (Use.ACTIVITY, "困境儿童暑期成长营", GUICHENG_AGENCY, PayeeKind.ORGANIZATION, 40, 24),
    ],
    "schooling": [(Use.AID, "困难家庭学生助学金", "示例学校资助专户", PayeeKind.ORGANIZATION, 45, 12)],
    "elder-meals": [(Use.SERVICE, "长者饭堂配餐服务", GUANGZHOU_AGENCY, PayeeKind.ORGANIZATION, 50, 60)],
    "youth": [(Use.ACTIVITY, "青少年社区探访活动", GUANGZHOU_AGENCY, PayeeKind.ORGANIZATION, 40, 30)],
    "unrestricted": [(Use.ACTIVITY, "社区邻里互助日", "示例社区居委会", PayeeKind.ORGANIZATION, 6, 150)],
}


def _spend(fund: Fund, on: date, chance: random.Random, crew: Crew) -> None:
    """Each month money of one or two purposes is spent; the newest requests still wait for approval or
    payment.
    """
    purposes = chance.sample(list(fund.purposes.select_related("net_account")), k=2)
    for step, purpose in enumerate(purposes):
        request = _file(fund, purpose, on, chance, crew)
        if request is None or ((fresh := on > timezone.localdate() - timedelta(days=20)) and step == 0):
            continue
        approve_request(request, actor=crew.approver, on=on)
        if not fresh:
            pay_request(request, paid_on=on, bank_reference=f"示例流水{on:%Y%m%d}{step}", actor=crew.payer)


def _file(
    fund: Fund, purpose: Purpose, on: date, chance: random.Random, crew: Crew
) -> SpendingRequest | None:
    use, title, payee, payee_kind, percent, people = chance.choice(SPENDING[purpose.slug])
    net, _committed = purpose.accounts
    amount = net.normal_balance * percent // 100 // 10_000 * 10_000
    if not amount:
        return None
    terms = SpendingRequest(
        purpose=purpose,
        amount_fen=amount,
        title=title,
        payee_name=payee,
        use=use,
        payee_kind=payee_kind,
        payee_bank="示例银行南海支行",
        payee_account=f"6200000000{chance.randrange(10**9):09d}",
        explanation=f"经社区摸查并由管委会例会讨论，计划服务 {people} 人。",
        beneficiaries=people,
    )
    request = file_request(terms, fund=fund, actor=crew.clerk)
    # Requests are dated by the clock; spread the demo's requests over days before their approval.
    filed_at = timezone.make_aware(datetime.combine(on - FILED_BEFORE, FILED_AT))
    SpendingRequest.objects.filter(pk=request.pk).update(filed_at=filed_at)
    return request
