"""What is known of a donor, corrected with a reason; what another donor is known by is refused."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from charity_hub.errors import Refused
from charity_hub.people.models import Look
from charity_hub.workflow.actions import history
from donations.money.donor_actions import Correction, DonorStep, SameDonor, correct_donor
from donations.money.donors import find_donor
from donations.money.models import Donor, DonorKind, Gift
from tests import cast
from tests.donations.money.test_merged_donors import ID, donor, merged, pair

pytestmark = pytest.mark.django_db
WHY = "柜台写错"


def corrected(one: Donor, *right: Any, **options: Any) -> Donor:
    known: dict[str, Any] = {"reason": WHY, "actor": cast.wen()}
    correct_donor(one, Correction(*right), **known | options)
    return Donor.objects.get(pk=one.pk)


def test_a_corrected_name_is_found_by_its_new_spelling() -> None:
    one = corrected(donor("陈示列"), "陈示例")
    assert (one.name, one.name_key, one.pinyin) == ("陈示例", "陈示例", "chenshili csl")


def test_a_corrected_phone_finds_the_donor() -> None:
    one = corrected(donor(phone="13800001111"), "陈示例", "13800002222")
    found = find_donor(cast.host_charity(), kind=DonorKind.PERSON, name="陈示例", phone="13800002222")
    assert found == one


def test_what_is_not_named_stays_and_what_is_empty_goes() -> None:
    one = corrected(donor(phone="13800001111", id_number=ID), "陈示例", None, "")
    assert (one.phone, one.id_number, one.id_index) == ("+8613800001111", "", "")


def test_the_history_says_who_and_why() -> None:
    one = corrected(donor("陈示列"), "陈示例")
    assert [(step.new, step.why, step.actor) for step in history(one)] == [
        (DonorStep.CORRECTED, WHY, cast.wen())
    ]


def test_the_same_again_changes_nothing() -> None:
    one = corrected(donor("陈示列"), "陈示例")
    corrected(one, "陈示例")
    assert history(one).count() == 1


def test_a_withdrawn_consent_takes_the_name_off_every_gift() -> None:
    one = donor(phone="13800001111", publish_name=True)
    assert donor(phone="13800001111", publish_name=True) == one
    corrected(one, "陈示例", withdraw_name=True)
    assert not Gift.objects.filter(publish_name=True).exists()


def test_a_phone_and_a_name_that_another_donor_has_are_refused_with_the_other() -> None:
    one, other = pair()
    with pytest.raises(SameDonor) as caught:
        corrected(one, "陈示例", "13800002222")
    assert (caught.value.other, caught.value.field) == (other, "phone")


def test_an_id_that_another_donor_has_is_refused_with_the_other() -> None:
    other = donor("王示例", id_number=ID)
    with pytest.raises(SameDonor) as caught:
        corrected(donor(), "陈示例", None, ID)
    assert (caught.value.other, caught.value.field) == (other, "id_number")


def test_a_family_may_share_a_phone() -> None:
    donor("王示例", phone="13800002222")
    assert corrected(donor(), "陈示例", "13800002222").phone == "+8613800002222"


def test_two_organizations_of_one_name_are_refused() -> None:
    donor("示例公司", donor_kind=DonorKind.ORGANIZATION)
    with pytest.raises(SameDonor):
        corrected(donor("示列公司", donor_kind=DonorKind.ORGANIZATION), "示例公司")


@pytest.mark.parametrize(
    ("right", "field"),
    [((" ",), "name"), (("陈示例", "12345"), "phone"), (("陈示例", None, "11010519491231"), "id_number")],
)
def test_what_cannot_be_right_is_refused_at_its_field(right: Any, field: str) -> None:
    with pytest.raises(Refused) as caught:
        corrected(donor(), *right)
    assert caught.value.field == field


def test_a_reason_is_asked_for() -> None:
    with pytest.raises(Refused) as caught:
        corrected(donor(), "程示例", reason=" ")
    assert caught.value.field == "reason"


def test_a_merged_donor_is_not_corrected() -> None:
    with pytest.raises(PermissionDenied):
        corrected(merged()[0], "程示例")
    with pytest.raises(Refused, match="merged into another"):
        corrected(Donor.objects.exclude(merged_into=None).get(), "程示例", actor=cast.ping())


@pytest.mark.parametrize("other", [cast.jun, cast.rui, cast.yan, cast.hua, cast.lan])
def test_who_does_not_handle_the_donor_corrects_nothing(other: Any) -> None:
    with pytest.raises(PermissionDenied):
        corrected(donor(), "程示例", actor=other())


# --- the pages ------------------------------------------------------------------------------------


def page_of(one: Donor, name: str, *more: int) -> str:
    return reverse(f"gifts:{name}", args=[one.pk, *more])


def test_the_correction_is_shown_before_it_binds() -> None:
    one, client = donor("陈示列"), cast.client_of(cast.wen())
    answers = {"name": "陈示例", "reason": WHY}
    page = client.post(page_of(one, "donor_correct"), answers)
    assert "Check your answers" in page.content.decode()
    assert history(one).count() == 0
    client.post(page_of(one, "donor_correct"), answers | {"confirmed": "1"})
    assert Donor.objects.get(pk=one.pk).name == "陈示例"


def test_the_page_masks_what_is_on_file_and_so_records_no_look() -> None:
    one = donor(phone="13800001111", id_number=ID)
    page = cast.client_of(cast.wen()).get(page_of(one, "donor_correct")).content.decode()
    assert "138****1111" in page
    assert "13800001111" not in page
    assert ID not in page
    assert not Look.objects.exists()


def test_only_another_name_asks_for_new_prints() -> None:
    def told(name: str, phone: str) -> list[str]:
        answers = {"name": name, "phone": phone, "reason": WHY, "confirmed": "1"}
        answer = cast.client_of(cast.wen()).post(page_of(one, "donor_correct"), answers, follow=True)
        return [str(message) for message in answer.context["messages"]]

    one = donor("陈示例")
    one = corrected(one, "Chan 示例")
    kept = told("Chan 示例", "13800002222")
    assert told("Chan   示例", "13800003333") == kept
    assert told("Chan 示列", "13800004444") != kept


def test_a_double_is_refused_with_a_link_to_the_comparison() -> None:
    one, other = pair()
    answers = {"name": "陈示例", "phone": "13800002222", "reason": WHY, "confirmed": "1"}
    page = cast.client_of(cast.wen()).post(page_of(one, "donor_correct"), answers).content.decode()
    assert page_of(one, "donor_merge", other.pk) in page


def test_entries_with_the_same_name_are_offered_and_others_are_searched() -> None:
    one, other = pair()
    misspelt = donor("程示例")
    client = cast.client_of(cast.wen())
    offered = client.get(page_of(one, "donor_doubles")).content.decode()
    assert page_of(one, "donor_merge", other.pk) in offered
    assert page_of(one, "donor_merge", misspelt.pk) not in offered
    found = client.get(page_of(one, "donor_doubles") + "?q=chengs").content.decode()
    assert page_of(one, "donor_merge", misspelt.pk) in found


def test_both_stand_side_by_side_and_the_chosen_one_is_kept() -> None:
    one, other = pair()
    client = cast.client_of(cast.wen())
    page = client.get(page_of(one, "donor_merge", other.pk)).content.decode()
    assert "138****1111" in page
    assert "138****2222" in page
    answer = client.post(page_of(one, "donor_merge", other.pk), {"keep": one.pk, "reason": "本人确认"})
    assert answer["Location"] == one.get_absolute_url()
    assert Donor.objects.get(pk=other.pk).merged_into == one


def test_an_old_address_leads_to_the_donor_that_was_kept() -> None:
    gone, kept = merged()
    client = cast.client_of(cast.wen())
    assert client.get(gone.get_absolute_url())["Location"] == kept.get_absolute_url()
    assert "Took in another donor" in client.get(kept.get_absolute_url()).content.decode()


def test_an_old_address_leads_nobody_to_a_donor_of_another_street() -> None:
    gone, _kept = merged()
    assert cast.client_of(cast.jun()).get(gone.get_absolute_url()).status_code == 404


def test_a_merged_donor_is_in_no_list() -> None:
    merged()
    page = cast.client_of(cast.ping()).get("/desk/donors/").content.decode()
    assert page.count("陈示例") == 1


@pytest.mark.parametrize(("person", "status"), [(cast.yan, 403), (cast.hua, 403), (cast.jun, 404)])
@pytest.mark.parametrize("name", ["donor_correct", "donor_doubles"])
def test_who_does_not_handle_donors_opens_none_of_it(person: Any, status: int, name: str) -> None:
    one = donor()
    assert cast.client_of(person()).get(page_of(one, name)).status_code == status


def test_a_donor_out_of_scope_is_not_compared_with() -> None:
    from donations.money.donors import find_or_add_donors, identity

    one = donor()
    [stranger] = find_or_add_donors(cast.other_charity(), [identity("person", "陈示例", "13800009999")])
    answer = cast.client_of(cast.wen()).get(page_of(one, "donor_merge", stranger))
    assert answer.status_code == 404
