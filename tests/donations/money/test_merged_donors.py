"""Two rows that are one person: merged, with everything that points to them, and never undone by SQL."""

from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.urls import reverse

from charity_hub.documents.certificates import certificate_of
from charity_hub.errors import Refused
from charity_hub.people.encryption import blind_index
from charity_hub.workflow.actions import history
from donations.money.acknowledgement import acknowledge
from donations.money.donor_actions import DonorStep, merge_donors
from donations.money.donors import find_donor
from donations.money.models import Donor, DonorKind, Gift
from tests import cast
from tests.builders import active_fund, gift, station
from tests.donations.money.test_guarantees import attack
from tests.donations.money.test_races import together

pytestmark = pytest.mark.django_db
ID = "11010519491231002X"


def donor(name: str = "陈示例", phone: str = "", **fields: Any) -> Donor:
    """Somebody with a gift of their own."""
    found = gift(name=name, phone=phone, **fields).donor
    assert found
    return found


def pair() -> tuple[Donor, Donor]:
    """The same person recorded by two phones: the one to go, the one to keep."""
    return donor(phone="13800001111"), donor(phone="13800002222")


def merged() -> tuple[Donor, Donor]:
    gone, kept = pair()
    merge_donors(gone, kept, reason="本人确认", actor=cast.wen())
    return Donor.objects.get(pk=gone.pk), Donor.objects.get(pk=kept.pk)


def test_the_gifts_go_to_the_donor_that_is_kept() -> None:
    gone, kept = merged()
    assert {one.donor for one in Gift.objects.all()} == {kept}
    assert gone.merged_into == kept


def test_both_histories_tell_it_with_its_reason() -> None:
    gone, kept = merged()
    assert [(step.new, step.why, step.actor) for step in history(gone)] == [
        (DonorStep.MERGED, "本人确认", cast.wen())
    ]
    assert [step.new for step in history(kept)] == [DonorStep.TOOK_IN]


def test_the_gifts_history_tells_whose_it_was() -> None:
    gone, kept = merged()
    moved: Any = Gift.objects.order_by("pk")[0]
    events = moved.events.order_by("pgh_id")
    assert list(events.values_list("donor", flat=True)) == [gone.pk, kept.pk]


def test_merging_again_is_quiet() -> None:
    gone, kept = merged()
    merge_donors(gone, kept, reason="本人确认", actor=cast.wen())
    assert history(kept).count() == 1


@pytest.mark.parametrize("phone", ["13800001111", "13800002222"])
def test_what_either_was_known_by_finds_the_one_that_is_kept(phone: str) -> None:
    kept = merged()[1]
    assert find_donor(cast.host_charity(), kind=DonorKind.PERSON, name="陈示例", phone=phone) == kept
    assert donor(phone=phone) == kept


@pytest.mark.parametrize("phone", ["+8613800001111", "+8613800002222"])
def test_my_gifts_follow_whichever_phone_the_person_signs_in_with(phone: str) -> None:
    merged()
    assert Gift.objects.given_by_phone(blind_index(phone)).count() == 2


def test_a_phone_and_an_id_that_the_kept_one_lacks_are_taken_over() -> None:
    gone, kept = donor(phone="13800001111", id_number=ID), donor("陈示列")
    kept = Donor.objects.get(pk=merge_donors(gone, kept, reason="写错名字", actor=cast.wen()).pk)
    assert (kept.phone, kept.id_number) == ("+8613800001111", ID)
    assert find_donor(cast.host_charity(), kind=DonorKind.PERSON, name="", id_number=ID) == kept


def test_an_acknowledgement_that_was_printed_stays_valid() -> None:
    gone, kept = pair()
    given = Gift.objects.get(donor=gone)
    acknowledge([given])
    merge_donors(gone, kept, reason="本人确认", actor=cast.wen())
    certificate = certificate_of("gift", given)
    assert certificate
    page = cast.client_of(None).get(f"/verify/{certificate.code}/")
    assert page.status_code == 200
    assert given.number in page.content.decode()
    assert certificate.revoked_at is None


def test_an_acknowledgement_under_another_name_is_replaced() -> None:
    gone, kept = donor(phone="13800001111"), donor("陈示列")
    given = Gift.objects.get(donor=gone)
    acknowledge([given])
    assert certificate_of("gift", given)
    merge_donors(gone, kept, reason="写错名字", actor=cast.wen())
    assert certificate_of("gift", given) is None


def test_the_page_says_on_which_day_of_shanghai_each_was_recorded() -> None:
    with time_machine.travel("2026-11-30 17:05:00Z", tick=False):
        gone, kept = pair()
    page = cast.client_of(cast.wen()).get(reverse("gifts:donor_merge", args=[gone.pk, kept.pk]))
    assert [dict(side["facts"])["First recorded"] for side in page.context["sides"]] == ["2026-12-01"] * 2


def test_who_had_been_merged_before_goes_along() -> None:
    first, second = merged()
    third = donor(phone="13800003333")
    merge_donors(second, third, reason="本人确认", actor=cast.wen())
    first.refresh_from_db()
    assert first.merged_into == third
    assert Gift.objects.filter(donor=third).count() == 3


def test_a_picked_donor_that_was_merged_meanwhile_stands_for_the_kept_one() -> None:
    gone, kept = merged()
    assert gift(donor=gone).donor == kept


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (lambda: donor("示例公司", donor_kind=DonorKind.ORGANIZATION), "never one donor"),
        (lambda: donor(phone="13800002222", id_number="44060519901204202X"), "two different IDs"),
    ],
)
def test_what_cannot_be_one_person_is_refused(other: Any, sentence: str) -> None:
    one = donor(phone="13800001111", id_number=ID)
    with pytest.raises(Refused, match=sentence):
        merge_donors(one, other(), reason="本人确认", actor=cast.wen())


def test_a_donor_is_not_merged_into_itself() -> None:
    one = donor()
    with pytest.raises(Refused, match="same donor"):
        merge_donors(one, one, reason="本人确认", actor=cast.wen())


def test_a_reason_is_asked_for() -> None:
    with pytest.raises(Refused) as caught:
        merge_donors(*pair(), reason=" ", actor=cast.wen())
    assert caught.value.field == "reason"


def test_a_merged_donor_takes_in_no_other() -> None:
    gone, _kept = merged()
    with pytest.raises(Refused, match="merged into another"):
        merge_donors(donor(phone="13800003333"), gone, reason="本人确认", actor=cast.ping())


@pytest.mark.parametrize("other", [cast.jun, cast.rui, cast.yan, cast.hua, cast.lan])
def test_who_does_not_handle_the_donors_merges_nobody(other: Any) -> None:
    with pytest.raises(PermissionDenied):
        merge_donors(*pair(), reason="本人确认", actor=other())


def test_gifts_that_are_not_the_clerks_to_handle_are_left_to_the_charity() -> None:
    from tests.builders import organization

    gone, kept = pair()
    elsewhere = station("ZD-440605011-02", operator=organization("别家示例机构"))
    gift(donor=gone, station=elsewhere, actor=cast.mei())
    with pytest.raises(Refused, match="charity's officers"):
        merge_donors(gone, kept, reason="本人确认", actor=cast.wen())
    merge_donors(gone, kept, reason="本人确认", actor=cast.ping())
    assert Gift.objects.filter(donor=kept).count() == 3


# --- PostgreSQL, whoever writes -------------------------------------------------------------------

MERGE = "UPDATE donations_donor SET merged_into_id = %s WHERE id = %s"


def test_a_merged_donor_is_not_left_with_gifts() -> None:
    gone, kept = pair()
    with pytest.raises(IntegrityError, match="has gifts"):
        attack(MERGE, [kept.pk, gone.pk])


def test_a_merged_donor_takes_no_new_gift() -> None:
    gone, _kept = merged()
    with pytest.raises(IntegrityError, match="UPDATE of donations_gift: refused"):
        attack("UPDATE donations_gift SET donor_id = %s", [gone.pk])


def test_a_gift_follows_its_donor_and_nobody_else() -> None:
    gone, kept = pair()
    with pytest.raises(IntegrityError, match="UPDATE of donations_gift: refused"):
        attack("UPDATE donations_gift SET donor_id = %s WHERE donor_id = %s", [kept.pk, gone.pk])


def test_donors_merge_in_no_circle() -> None:
    gone, kept = merged()
    with pytest.raises(IntegrityError, match="takes in no other"):
        attack(MERGE, [gone.pk, kept.pk])


def test_a_donor_is_never_its_own_heir() -> None:
    one = donor()
    with pytest.raises(IntegrityError):
        attack("UPDATE donations_donor SET merged_into_id = id WHERE id = %s", [one.pk])


@pytest.mark.parametrize("to", ["NULL", "%s"])
def test_a_merge_is_for_good(to: str) -> None:
    gone, _kept = merged()
    third = donor(phone="13800003333")
    values = [gone.pk] if to == "NULL" else [third.pk, gone.pk]
    with pytest.raises(IntegrityError, match="for good"):
        attack(f"UPDATE donations_donor SET merged_into_id = {to} WHERE id = %s", values)


def test_a_person_is_not_merged_into_an_organization() -> None:
    person, company = donor(), donor("示例公司", donor_kind=DonorKind.ORGANIZATION)
    with pytest.raises(IntegrityError, match="another charity or kind"):
        attack(MERGE, [company.pk, person.pk])


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM donations_donor WHERE id = %s",
        "UPDATE donations_donor SET kind = 'organization' WHERE id = %s",
    ],
)
def test_who_was_merged_stays_as_what_they_were(statement: str) -> None:
    gone, _kept = merged()
    with pytest.raises(IntegrityError, match="of donations_donor: refused"):
        attack(statement, [gone.pk])


def test_nobody_is_recorded_merged() -> None:
    one = donor()
    with pytest.raises(IntegrityError, match="nobody is recorded merged"):
        attack(
            "INSERT INTO donations_donor (charity_id, kind, name, name_key, pinyin, phone, phone_index,"
            " id_number, id_index, created_at, merged_into_id)"
            " SELECT charity_id, kind, '某', '某', '', '', '', '', '', now(), id FROM donations_donor"
            " WHERE id = %s",
            [one.pk],
        )


@pytest.mark.django_db(transaction=True)
def test_gifts_and_a_merge_at_once_leave_no_gift_behind() -> None:
    gone, kept = pair()
    fund, actor = active_fund(), cast.wen()
    jobs = [lambda: gift(fund=fund, phone="13800001111")] * 6
    raised = together(*jobs, lambda: merge_donors(gone, kept, reason="本人确认", actor=actor))
    assert [error for error in raised if error] == []
    assert Gift.objects.filter(donor=kept).count() == 8


@pytest.mark.django_db(transaction=True)
def test_two_donors_merged_into_each_other_at_once_are_merged_one_way() -> None:
    one, other = pair()
    actor = cast.wen()
    raised = together(
        lambda: merge_donors(one, other, reason="本人确认", actor=actor),
        lambda: merge_donors(other, one, reason="本人确认", actor=actor),
    )
    assert [type(error) for error in raised if error] == [Refused]
    assert Donor.objects.unmerged().count() == 1
