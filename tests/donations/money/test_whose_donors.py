"""A gift that one records oneself opens no donor of another station."""

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from charity_hub.people.models import Look, Role, User
from donations.money.donor_actions import Correction, correct_donor
from donations.money.models import Donor, DonorKind, Gift
from donations.money.resident_views import gifts_of
from donations.stations.models import Station
from tests.builders import gift, membership, organization, station, user
from tests.cast import client_of, mei, ping, station_operator, wen
from tests.donations.money.test_gift_form import page_of

pytestmark = pytest.mark.django_db
ID = "11010519491231002X"
FOREIGN_ID = "440605199001010014"


def elsewhere() -> Station:
    found = Station.objects.filter(code="ZD-440605011-02").first()
    return found or station("ZD-440605011-02", operator=organization("另一示例机构"))


def donor_of(given: Gift) -> Donor:
    assert given.donor
    return given.donor


def of_others(**said: str) -> Donor:
    """A donor whom another station of the charity knows."""
    return donor_of(gift(station=elsewhere(), actor=mei(), **{"id_number": ID} | said))


def colleague() -> User:
    person = user("同事示例")
    membership(person, Role.STATION_WORKER, at=station_operator())
    return person


def status_of(person: User, donor: Donor) -> int:
    return client_of(person).get(donor.get_absolute_url()).status_code


def test_a_gift_of_one_fen_opens_neither_page_nor_phone_nor_id() -> None:
    donor = of_others()
    assert donor_of(gift(amount_fen=1)) == donor
    client = client_of(wen())
    assert client.get(donor.get_absolute_url()).status_code == 404
    for field in ("phone", "id_number"):
        assert client.post(reverse("gifts:donor_show", args=[donor.pk, field])).status_code == 404
    assert not Look.objects.exists()


def test_a_gift_of_ones_own_corrects_and_merges_nobody_of_another_station() -> None:
    donor, mine = of_others(), donor_of(gift(name="李示例", phone="13900001234"))
    gift(amount_fen=1)
    client = client_of(wen())
    assert client.get(reverse("gifts:donor_correct", args=[donor.pk])).status_code == 404
    assert client.get(reverse("gifts:donor_merge", args=[mine.pk, donor.pk])).status_code == 404
    assert donor.name not in page_of(client.get("/desk/donors/?q=chen"))


def test_the_gift_is_read_without_a_way_to_the_donor() -> None:
    donor, given = of_others(), gift()
    way = f'href="{donor.get_absolute_url()}"'
    assert way in page_of(client_of(ping()).get(given.get_absolute_url()))
    page = page_of(client_of(wen()).get(given.get_absolute_url()))
    assert given.number in page
    assert way not in page


def test_what_a_colleague_records_makes_the_donor_the_stations_own() -> None:
    donor = of_others()
    gift(actor=colleague())
    assert status_of(wen(), donor) == 200


def test_a_donor_whom_one_added_is_ones_own() -> None:
    assert status_of(wen(), donor_of(gift())) == 200


def test_what_others_add_closes_the_donor_whom_one_added() -> None:
    donor = donor_of(gift())
    of_others()
    assert status_of(wen(), donor) == 404


def test_what_the_charity_corrects_closes_the_donor_whom_one_added() -> None:
    donor = donor_of(gift())
    correct_donor(donor, Correction("陈示例", id_number=FOREIGN_ID), reason="身份证", actor=ping())
    assert status_of(wen(), donor) == 404


def test_the_charity_sees_all_its_donors() -> None:
    assert status_of(ping(), of_others()) == 200


def test_an_installation_may_share_donors(settings: Settings) -> None:
    settings.DONORS_SHARED = True
    donor = of_others()
    gift(amount_fen=1)
    assert status_of(wen(), donor) == 200


def test_an_id_with_a_made_up_name_tells_no_name() -> None:
    donor = of_others()
    given = gift(name="试示例", phone="", id_number=ID)
    assert donor_of(given) != donor
    assert donor_of(given).name == "试示例"


def test_an_id_with_another_name_is_the_same_donor_to_who_knows_the_donor() -> None:
    donor = donor_of(gift(id_number=ID))
    assert donor_of(gift(name="陈是例", phone="", id_number=ID)) == donor


@pytest.mark.parametrize(
    "said",
    [
        {"name": "陈示例", "id_number": ID},
        {"name": "示例有限公司", "donor_kind": DonorKind.ORGANIZATION, "id_number": ""},
    ],
    ids=["person", "organization"],
)
def test_nobody_gives_their_own_phone_to_a_donor_of_another_station(said: dict[str, str]) -> None:
    donor = of_others(phone="", **said)
    assert donor_of(gift(phone=wen().phone, **said)) == donor
    assert not gifts_of(wen()).exists()


def test_a_phone_is_added_by_who_knows_the_donor() -> None:
    donor = of_others(phone="")
    gift(actor=colleague(), phone="", id_number=ID)
    gift(phone="13800001234", id_number=ID)
    donor.refresh_from_db()
    assert donor.phone == "+8613800001234"
