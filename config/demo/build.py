"""The whole demo, in chronological order."""

from django.utils import timezone

from charity_hub.ledger.seals import seal_through
from charity_hub.people.models import User
from config.demo.activity import Crew, gift_of_resident, live
from config.demo.agreement_changes import change_agreement
from config.demo.organizations import create_funds, create_organizations, create_stations
from config.demo.people import GUANGZHOU_FUND, GUICHENG_FUND, create_people
from funds.profile.models import Fund


def build(*, scale: int = 1) -> None:
    """Create the demo in the caller's transaction; do nothing if it exists."""
    create_organizations()
    people = create_people()
    if Fund.objects.filter(code=GUICHENG_FUND).exists():
        return
    create_funds(people)
    change_agreement(people)
    _live(people, scale)
    seal_through(timezone.localdate())


def _live(people: dict[str, User], scale: int) -> None:
    guicheng, guangzhou = (Fund.objects.get(code=code) for code in (GUICHENG_FUND, GUANGZHOU_FUND))
    stations = create_stations(people)
    live(
        guicheng,
        stations[:2],
        Crew(people["梅街道"], [people["文站点"], people["叶站点"]], people["平审批"], people["秦付款"]),
        scale=scale,
    )
    live(
        guangzhou,
        stations[2:],
        Crew(people["钟街道"], [people["伍站点"]], people["芮审批"], people["舒付款"]),
        scale=scale,
    )
    resident = people["兰居民"]
    gift_of_resident(guicheng, stations[0], resident.name, resident.phone, people["文站点"])
