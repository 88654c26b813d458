"""The demo's people: clearly fictional, one for every role, with sign-ins that are printed and shown."""

import json
from base64 import b32encode
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password

from charity_hub.organizations.models import Organization
from charity_hub.people.models import Membership, Role, User
from charity_hub.regions.models import Region

PASSWORD = "shequ-cishan-2026"


@dataclass(frozen=True)
class DemoPerson:
    """A person of the demo. ``scope``: a region code, an organization's name, or ``fund:`` and a code."""

    name: str
    role: str
    phone: str
    membership: Role | None = None
    scope: str = ""
    password: str = PASSWORD

    @property
    def administrator(self) -> bool:
        return self.membership is None and self.role == ADMINISTRATOR

    @property
    def totp_secret(self) -> str:
        """The TOTP secret; empty for residents."""
        if self.membership is None and not self.administrator:
            return ""
        return b32encode(sha256(f"demo {self.phone}".encode()).digest()[:20]).decode()


GUICHENG, GUANGZHOU_STREET = "440605011", "440106018"
GUICHENG_CHARITY, GUANGZHOU_CHARITY = "桂城示例慈善会", "羊城示例慈善基金会"
GUICHENG_AGENCY, GUANGZHOU_AGENCY = "灯湖示例社工服务中心", "云山示例社工服务中心"
DIEBEI_CENTRE = "叠北示例社区服务中心"
GUICHENG_FUND, GUANGZHOU_FUND = "JJ-440605011-01", f"JJ-{GUANGZHOU_STREET}-01"

ADMINISTRATOR = "系统管理员"
PEOPLE = [
    DemoPerson("安管理", ADMINISTRATOR, "+8613900000001"),
    DemoPerson("梅街道", "桂城街道办", "+8613900000002", Role.STREET_STAFF, GUICHENG),
    DemoPerson("平审批", "慈善会专员", "+8613900000003", Role.CHARITY_OFFICER, GUICHENG_CHARITY),
    DemoPerson("秦付款", "慈善会专员", "+8613900000004", Role.CHARITY_OFFICER, GUICHENG_CHARITY),
    DemoPerson("文站点", "灯湖捐赠站点", "+8613900000005", Role.STATION_WORKER, GUICHENG_AGENCY),
    DemoPerson("华监督", "基金监督员", "+8613900000006", Role.FUND_SUPERVISOR, f"fund:{GUICHENG_FUND}"),
    DemoPerson("冯管委", "管委会委员", "+8613900000007", Role.COMMITTEE_MEMBER, f"fund:{GUICHENG_FUND}"),
    DemoPerson("颜审计", "南海区审计员", "+8613900000008", Role.AUDITOR, "440605"),
    DemoPerson("施佛山", "佛山市民政局", "+8613900000009", Role.CITY_OFFICER, "4406"),
    DemoPerson("区南海", "南海区民政局", "+8613900000010", Role.DISTRICT_OFFICER, "440605"),
    DemoPerson("钟街道", "龙洞街道办", "+8613900000011", Role.STREET_STAFF, GUANGZHOU_STREET),
    DemoPerson("芮审批", "基金会专员", "+8613900000012", Role.CHARITY_OFFICER, GUANGZHOU_CHARITY),
    DemoPerson("舒付款", "基金会专员", "+8613900000013", Role.CHARITY_OFFICER, GUANGZHOU_CHARITY),
    DemoPerson("伍站点", "龙洞捐赠站点", "+8613900000014", Role.STATION_WORKER, GUANGZHOU_AGENCY),
    DemoPerson("季社工", "灯湖社工机构", "+8613900000015", Role.AGENCY_WORKER, GUICHENG_AGENCY),
    DemoPerson("苏评审", "市民评审员", "+8613900000016", Role.REVIEWER),
    DemoPerson("兰居民", "居民（有捐赠）", "+8613900000017"),
    DemoPerson("叶站点", "叠北捐赠站点", "+8613900000018", Role.STATION_WORKER, DIEBEI_CENTRE),
]


def sign_ins() -> list[DemoPerson]:
    """The demo people in the database, in the order of display."""
    there = set(
        User.objects.filter(phone__in=[person.phone for person in PEOPLE]).values_list("phone", flat=True)
    )
    return [person for person in PEOPLE if person.phone in there]


def create_people() -> dict[str, User]:
    """Create everyone, by name; a second call changes nobody. Also stores the list for the sign-in page."""
    password = make_password(PASSWORD)
    users = {person.name: _create(person, password) for person in PEOPLE}
    path = Path(settings.VAR_DIR) / "demo-people.json"
    shown = [asdict(person) | {"totp_secret": person.totp_secret} for person in PEOPLE]
    path.write_text(json.dumps(shown, ensure_ascii=False, indent=1))
    return users


def _create(person: DemoPerson, password: str) -> User:
    user = User.objects.filter(phone=person.phone).first()
    if user is None:
        user = User.objects.create_user(
            person.phone,
            person.name,
            phone_verified=True,
            is_staff=person.administrator,
            is_superuser=person.administrator,
        )
        User.objects.filter(pk=user.pk).update(password=password)
    if person.totp_secret and not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, person.totp_secret)
    if person.membership and not user.memberships.exists():
        Membership.objects.create(user=user, role=person.membership, **_scope(person.scope))
    return user


def _scope(scope: str) -> dict[str, object]:
    if not scope:
        return {}
    if scope.startswith("fund:"):
        return {"fund_code": scope.removeprefix("fund:")}
    if scope.isdigit():
        return {"region": Region.objects.get(code=scope)}
    return {"organization": Organization.objects.get(name=scope)}
