"""The fixed cast: the same people in every test, each created on first use.

    client_of(mei()).get("/desk/")

Scopes: Guicheng is 440605011, the other street 440106018; the fund is JJ-440605011-01, hosted by
``host_charity()``; the station ZD-440605011-01 is operated by ``station_operator()``.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from charity_hub.organizations.models import Kind, Organization
from charity_hub.people.access import is_staff_member
from charity_hub.people.models import Role, User
from charity_hub.people.second_factor import prove
from charity_hub.portal.interrupted_forms import sign_note
from charity_hub.regions.models import Region
from tests.builders import credit_code_of, membership, organization, region, user
from tests.prepared import prepared

FUND_CODE = "JJ-440605011-01"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"


def guicheng() -> Region:
    return region("440605011")


def other_street() -> Region:
    return region("440106018")


def _organization(number: int, name: str, kind: Kind, **fields: Any) -> Organization:
    found = Organization.objects.filter(uscc=credit_code_of(number)).first()
    return found or organization(name, kind, at=guicheng(), uscc=credit_code_of(number), **fields)


@prepared
def host_charity() -> Organization:
    return _organization(1, "桂城示例慈善会", Kind.CHARITY, may_fundraise_publicly=True)


@prepared
def other_charity() -> Organization:
    return _organization(2, "别处示例慈善会", Kind.CHARITY, may_fundraise_publicly=True)


@prepared
def station_operator() -> Organization:
    return _organization(3, "桂城示例社会工作服务中心", Kind.AGENCY)


def _person(number: int, name: str, **fields: Any) -> User:
    phone = f"+86139{number:08d}"
    return User.objects.filter(phone=phone).first() or user(name, phone, **fields)


def _staff(number: int, name: str, role: Role, at: Region | Organization | str | None) -> User:
    person = _person(number, name)
    if not person.memberships.exists():
        membership(person, role, at=at)
    return person


@prepared
def mei() -> User:
    """Street staff of Guicheng."""
    return _staff(1, "梅示例", Role.STREET_STAFF, guicheng())


@prepared
def jun() -> User:
    """Street staff of the other street."""
    return _staff(2, "军示例", Role.STREET_STAFF, other_street())


@prepared
def ping() -> User:
    """Charity officer of the host charity."""
    return _staff(3, "平示例", Role.CHARITY_OFFICER, host_charity())


@prepared
def qin() -> User:
    """The host charity's second officer."""
    return _staff(4, "琴示例", Role.CHARITY_OFFICER, host_charity())


@prepared
def rui() -> User:
    """Charity officer of another charity."""
    return _staff(5, "瑞示例", Role.CHARITY_OFFICER, other_charity())


@prepared
def wen() -> User:
    """Station worker of the organization that operates the station."""
    return _staff(6, "文示例", Role.STATION_WORKER, station_operator())


@prepared
def yan() -> User:
    """Auditor of Guicheng's district."""
    return _staff(7, "燕示例", Role.AUDITOR, region("440605"))


@prepared
def hua() -> User:
    """Supervisor of the fund."""
    return _staff(8, "华示例", Role.FUND_SUPERVISOR, FUND_CODE)


@prepared
def dong() -> User:
    """District officer of Guicheng's district."""
    return _staff(12, "冬示例", Role.DISTRICT_OFFICER, region("440605"))


@prepared
def shi() -> User:
    """City officer of the district's city."""
    return _staff(13, "石示例", Role.CITY_OFFICER, region("4406"))


@prepared
def feng() -> User:
    """Committee member of the fund."""
    return _staff(14, "冯示例", Role.COMMITTEE_MEMBER, FUND_CODE)


@prepared
def ji() -> User:
    """Agency worker of the organization that operates the station."""
    return _staff(15, "季示例", Role.AGENCY_WORKER, station_operator())


@prepared
def su() -> User:
    """Reviewer: a role without a scope."""
    return _staff(16, "苏示例", Role.REVIEWER, None)


@prepared
def lan() -> User:
    """A resident."""
    return _person(9, "兰示例")


@prepared
def bo() -> User:
    """A stranger: signed in, without gifts."""
    return _person(10, "波示例")


@prepared
def ada() -> User:
    """The administrator."""
    return _person(11, "艾达示例", is_staff=True, is_superuser=True)


def nobody() -> AnonymousUser:
    return AnonymousUser()


def everybody() -> dict[str, User | None]:
    """The whole cast by name; ``anonymous`` is nobody."""
    people = (mei, jun, ping, qin, rui, wen, yan, hua, dong, shi, feng, ji, su, lan, bo, ada)
    return {"anonymous": None} | {person.__name__: person() for person in people}


def has_factor(person: User) -> User:
    """Give the person an authenticator app (its secret is ``TOTP_SECRET``)."""
    if not Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(person, TOTP_SECRET)
    return person


class Browser(Client):
    """Does what browsers do: sends the token of the form that it was shown, and reads a streamed answer at
    once, so that no file stays open.
    """

    def post(self, path: Any, data: Any = None, *args: Any, **extra: Any) -> Any:
        if isinstance(data, dict | None) and self.session.get(SESSION_KEY):
            reader = User.objects.get(pk=self.session[SESSION_KEY])
            data = {"opened_by": sign_note(reader)} | (data or {})
        return super().post(path, data, *args, **extra)

    def request(self, **request: Any) -> Any:
        answer: HttpResponseBase = super().request(**request)
        if isinstance(answer, StreamingHttpResponse):
            answer.streaming_content = [answer.getvalue()]
        return answer


def client_of(person: User | None, **defaults: Any) -> Client:
    """A browser in which this person has signed in, with the second factor for staff."""
    client = Browser(**defaults)
    if person is None:
        return client
    client.force_login(person)
    if is_staff_member(person):
        has_factor(person)
        session = client.session
        prove(session, person)
        session.save()
    return client
