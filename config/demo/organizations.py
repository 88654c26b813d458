"""The demo's organizations, funds and stations."""

from datetime import date
from typing import Any

from stdnum.cn import uscc

from charity_hub.organizations.models import Kind, Organization
from charity_hub.people.models import User
from charity_hub.regions.models import Region
from config.demo.people import (
    DIEBEI_CENTRE,
    GUANGZHOU_AGENCY,
    GUANGZHOU_CHARITY,
    GUANGZHOU_FUND,
    GUANGZHOU_STREET,
    GUICHENG,
    GUICHENG_AGENCY,
    GUICHENG_CHARITY,
    GUICHENG_FUND,
)
from donations.stations.actions import open_station
from donations.stations.models import Station
from funds.profile.actions import propose_fund
from funds.profile.models import Fund, Position
from funds.profile.terms import NewPurpose, Proposal, Seat
from funds.profile.workflow import activate_fund, submit_fund

ORGANIZATIONS = [
    # name, kind, region, may raise money publicly
    (GUICHENG_CHARITY, Kind.CHARITY, GUICHENG, True),
    (GUANGZHOU_CHARITY, Kind.CHARITY, "4401", True),
    ("桂城街道办事处（演示）", Kind.STREET_OFFICE, GUICHENG, False),
    ("龙洞街道办事处（演示）", Kind.STREET_OFFICE, GUANGZHOU_STREET, False),
    (GUICHENG_AGENCY, Kind.AGENCY, GUICHENG, False),
    (DIEBEI_CENTRE, Kind.AGENCY, GUICHENG, False),
    (GUANGZHOU_AGENCY, Kind.AGENCY, GUANGZHOU_STREET, False),
]

CHAIR, MEMBERS = "冯管委", ["罗管委", "岑管委", "郭管委", "严管委"]

GUICHENG_TERMS = {
    "name": "桂城街道社区慈善基金（关爱基金）",
    "aim": "取之社区，用之社区：帮助桂城的独居长者住得安全、困境儿童健康成长、困难家庭子女安心读书。",
    "agreement_number": "示例慈基〔2024〕11号",
    "signed_on": date(2024, 12, 10),
    "starts_on": date(2025, 1, 1),
    "use_terms": "限定用途的捐赠只用于该用途；不限定的按年度计划使用。支出由街道申请、慈善会审批。",
    "rights_terms": "街道提出用款申请并公开结果；慈善会保管资金、开具票据、每季度公布收支；管委会不领报酬。",
    "termination_terms": "协议期满不续签，或连续两年未开展活动，经管委会决议终止。",
    "leftover_terms": "终止后的剩余财产转入慈善会管理的同类社区慈善基金。",
    "seed_money_fen": 20_000_000,
    "seed_money_from": "桂城街道示例企业联合会",
    "management_fee_bp": 300,
}
GUANGZHOU_TERMS = {
    "name": "龙洞街道社区慈善基金",
    "aim": "支持龙洞街道的长者助餐、青少年成长和社区互助。",
    "agreement_number": "示例羊慈〔2024〕26号",
    "signed_on": date(2024, 11, 20),
    "starts_on": date(2025, 1, 1),
    "use_terms": "捐赠按捐赠人的意愿使用；不限定的部分用于社区互助小额项目。",
    "rights_terms": "街道负责项目与公开，基金会负责资金与票据，双方每半年对账一次。",
    "termination_terms": "任何一方提前三个月书面通知，经管委会决议终止。",
    "leftover_terms": "剩余财产用于基金会的社区互助项目。",
    "seed_money_fen": 5_000_000,
    "seed_money_from": "龙洞示例商会",
    "management_fee_bp": 500,
}
GUICHENG_PURPOSES = [
    NewPurpose("长者居家安全", slug="elder-home-safety"),
    NewPurpose("困境儿童", slug="children"),
    NewPurpose("助学", slug="schooling"),
    NewPurpose("不限定", restricted=False),
]
GUANGZHOU_PURPOSES = [
    NewPurpose("长者助餐", slug="elder-meals"),
    NewPurpose("青少年成长", slug="youth"),
    NewPurpose("不限定", restricted=False),
]

STATIONS = [
    # code, name, region, operator, fund, address, phone, contact
    (
        "ZD-440605011-01",
        "灯湖社区捐赠站点",
        "440605011020",
        GUICHENG_AGENCY,
        GUICHENG_FUND,
        "灯湖示例路 1 号社区服务中心一楼",
        "0757-8000 0001",
        "文站点",
    ),
    (
        "ZD-440605011-02",
        "叠北社区捐赠站点",
        "440605011028",
        DIEBEI_CENTRE,
        GUICHENG_FUND,
        "叠北示例大道 8 号",
        "0757-8000 0002",
        "叶站点",
    ),
    (
        f"ZD-{GUANGZHOU_STREET}-01",
        "龙洞街道捐赠站点",
        GUANGZHOU_STREET,
        GUANGZHOU_AGENCY,
        GUANGZHOU_FUND,
        "龙洞示例街 22 号社工站",
        "020-8000 0003",
        "伍站点",
    ),
]


def create_organizations() -> None:
    for number, (name, kind, region, public) in enumerate(ORGANIZATIONS, start=1):
        body = f"52{Region.objects.get(code=region).code[:6]:0<6}{'DEM0':0<7}{number:02d}"
        Organization.objects.get_or_create(
            name=name,
            defaults={
                "kind": kind,
                "region_id": region,
                "uscc": body + uscc.calc_check_digit(body),
                "address": "示例路 88 号",
                "phone": f"0757-8100 00{number:02d}",
                "contact": "示例联系人",
                "may_fundraise_publicly": public,
                "qualification_number": f"示例募字{number:03d}号" if public else "",
                "qualified_from": date(2023, 1, 1) if public else None,
            },
        )


def create_funds(people: dict[str, User]) -> None:
    """Both funds, from proposal to activation on the first day of their agreements."""
    guicheng = _proposal(GUICHENG, GUICHENG_CHARITY, GUICHENG_PURPOSES, GUICHENG_TERMS)
    _bring_to_life(guicheng, clerk=people["梅街道"], officer=people["平审批"])
    guangzhou = _proposal(GUANGZHOU_STREET, GUANGZHOU_CHARITY, GUANGZHOU_PURPOSES, GUANGZHOU_TERMS)
    _bring_to_life(guangzhou, clerk=people["钟街道"], officer=people["芮审批"])


def _proposal(region: str, host: str, purposes: list[NewPurpose], terms: dict[str, Any]) -> Proposal:
    members = [Seat(name, Position.MEMBER, "居民代表") for name in MEMBERS]
    return Proposal(
        region=Region.objects.get(code=region),
        host=Organization.objects.get(name=host),
        purposes=purposes,
        committee=[
            Seat(CHAIR, Position.CHAIR, "街道办"),
            *members,
            Seat("华监督", Position.SUPERVISOR, "居民监督员"),
        ],
        **terms,
    )


def _bring_to_life(proposal: Proposal, *, clerk: User, officer: User) -> None:
    fund = propose_fund(proposal, actor=clerk)
    submit_fund(fund, actor=clerk)
    activate_fund(fund, actor=officer, on=proposal.starts_on)


def create_stations(people: dict[str, User]) -> list[Station]:
    """The stations, each opened by the staff of its street."""
    return [_station(people, *station) for station in STATIONS]


def _station(
    people: dict[str, User],
    code: str,
    name: str,
    region: str,
    operator: str,
    fund: str,
    address: str,
    phone: str,
    contact: str,
) -> Station:
    return open_station(
        code=code,
        name=name,
        region=Region.objects.get(pk=region),
        operator=Organization.objects.get(name=operator),
        funds=[Fund.objects.get(code=fund)],
        address=address,
        phone=phone,
        contact=contact,
        opening_hours="周一至周五 9:00–12:00、14:30–17:30；周六 9:00–12:00",
        actor=people["梅街道" if fund == GUICHENG_FUND else "钟街道"],
    )
