"""The acknowledgement: what is on the paper, what its code answers, who may have it."""

import io
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from charity_hub.documents.models import Certificate
from charity_hub.errors import Refused
from charity_hub.people.models import User
from donations.money.acknowledgement import acknowledge, acknowledgements
from donations.money.actions import amend_gift
from donations.money.donor_actions import Correction, correct_donor
from donations.money.models import Donor, DonorKind, Gift
from donations.money.workflow import void_gift
from donations.stations.models import Station
from tests.builders import acknowledged, gift, user, voided
from tests.cast import bo, client_of, jun, lan, ping, wen

pytestmark = pytest.mark.django_db


def words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def printed(*gifts: Gift) -> bytes:
    acknowledge(gifts)
    return acknowledgements(gifts)


def test_the_paper_says_what_the_law_asks_for() -> None:
    given = gift(amount_fen=100_000, official_receipt="粤财 0001")
    paper = words(printed(given))
    for expected in (
        given.number,
        "陈示例",
        "¥1,000.00",
        "人民币壹仟元整",
        given.fund.name,
        given.fund.host.name,
        given.purpose.name,
        given.station.code,
        given.handler,
        given.given_on.isoformat(),
        "粤财 0001",
        Certificate.objects.get().spaced_code,
    ):
        assert expected in paper


def test_the_paper_says_that_it_is_not_the_official_receipt() -> None:
    with override("en"):
        assert "not the official donation receipt" in words(printed(gift())).replace("\n", " ")


def test_an_anonymous_gift_is_acknowledged_too() -> None:
    with override("en"):
        assert "Anonymous donor" in words(printed(gift(donor_kind=DonorKind.ANONYMOUS)))


@pytest.mark.parametrize(
    "name", ["𠮷田示例", "㙟示例", '=HYPERLINK("http://example.invalid")', "#set page(fill: red)"]
)
def test_rare_characters_formulas_and_markup_are_printed_as_they_are(name: str) -> None:
    assert name in words(printed(gift(name=name)))


def test_an_emoji_is_printed() -> None:
    assert printed(gift(name="爱心🌻小组")).startswith(b"%PDF")


def test_printing_twice_is_the_same_paper() -> None:
    given = gift()
    assert printed(given) == printed(given)
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("method", ["post", "get"])
def test_printing_takes_as_many_queries_for_twenty_gifts_as_for_two(method: str) -> None:
    """The session, its person, their roles and the gifts. To issue: the locks of donors and gifts, the
    certificates that are there, their insertion, and all of them. To print: all of them.
    """
    client = client_of(wen())

    def queries(more: int) -> int:
        for number in range(more):
            gift(name=f"示例{number}", phone=f"138{more:04}{number:04}")
        address = reverse("gifts:acknowledgements")
        if method == "get":
            client.post(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.generic(method, address).status_code == (302 if method == "post" else 200)
        return len(captured)

    queries(1)  # what a process reads once: content types
    assert queries(2) == queries(18)


def test_a_paper_is_shown_only_after_it_was_asked_for() -> None:
    given = gift()
    address = reverse("gifts:acknowledgement", args=[given.number])
    client = client_of(wen())
    assert client.get(address).status_code == 409
    assert not Certificate.objects.exists()
    assert client.post(address, follow=True).content.startswith(b"%PDF")
    assert client.get(address).content.startswith(b"%PDF")


def test_a_gift_that_was_voided_meanwhile_gets_no_certificate() -> None:
    seen = gift()
    void_gift(Gift.objects.get(), "写错", actor=wen())
    with pytest.raises(Refused):
        acknowledge([seen])
    assert not Certificate.objects.exists()


def test_a_donor_who_was_corrected_meanwhile_is_certified_by_the_right_name() -> None:
    seen = Gift.objects.select_related("donor").get(pk=gift().pk)
    correct_donor(Donor.objects.get(), Correction("李示例"), reason="写错", actor=wen())
    acknowledge([seen])
    assert Certificate.objects.get().facts["donor"] == "李**"


def test_several_are_one_pdf_with_a_page_each() -> None:
    gifts = [gift(name=f"示例{number}", phone="") for number in range(3)]
    assert len(PdfReader(io.BytesIO(printed(*gifts))).pages) == 3


def test_a_voided_gift_is_not_acknowledged() -> None:
    with pytest.raises(Refused):
        printed(voided(gift(), "写错", actor=wen()))


def test_at_most_200_are_printed_at_once() -> None:
    with pytest.raises(Refused, match="200"):
        printed(*[gift()] * 201)


def verified(given: Gift) -> str:
    code = acknowledged(given).code
    return client_of(None).get(reverse("documents:verify", args=[code])).content.decode()


def test_anyone_with_the_code_reads_the_facts_with_the_name_masked() -> None:
    given = gift(amount_fen=100_000)
    page = verified(given)
    for expected in (
        given.number,
        "¥1,000.00",
        given.fund.name,
        given.purpose.name,
        given.given_on.isoformat(),
        "陈**",
    ):
        assert expected in page
    assert "陈示例" not in page
    assert "1380000" not in page


def test_a_published_name_is_shown_whole_until_the_consent_is_withdrawn() -> None:
    given = gift(publish_name=True)
    assert "陈示例" in verified(given)
    amend_gift(given, publish_name=False, publish_amount=True, official_receipt="", note="", actor=wen())
    assert "陈示例" not in verified(given)


def test_a_voided_gift_no_longer_verifies() -> None:
    given = gift()
    acknowledged(given)
    assert "alert-success" in verified(given)
    void_gift(given, "金额写错", actor=ping())
    page = verified(given)
    assert "alert-danger" in page
    assert "金额写错" not in page  # what an officer wrote is not everybody's


def replaced(given: Gift, **right: str) -> tuple[Certificate, Certificate]:
    """The papers before and after the donor of the gift was corrected."""
    printed(given)
    before = Certificate.objects.get()
    assert given.donor
    correct_donor(given.donor, Correction(**{"name": "陈示列"} | right), reason="写错", actor=wen())
    printed(Gift.objects.get(pk=given.pk))
    before.refresh_from_db()
    return before, Certificate.objects.get(replaced_at=None)


def test_a_corrected_name_gives_a_paper_with_a_code_of_its_own() -> None:
    before, after = replaced(gift(publish_name=True))
    assert before.code != after.code
    pages = [client_of(None).get(f"/verify/{one.code}/").content.decode() for one in (before, after)]
    assert ["hub-verify-replaced" in page for page in pages] == [True, False]
    assert ["陈示列" in page for page in pages] == [False, True]


def test_the_paper_that_is_printed_again_has_the_code_that_says_the_same() -> None:
    given = gift()
    _before, after = replaced(given)
    paper = words(acknowledgements([Gift.objects.get(pk=given.pk)]))
    assert after.spaced_code in paper
    assert "陈示列" in paper


def test_a_corrected_phone_leaves_the_paper_as_it_is() -> None:
    before, after = replaced(gift(), name="陈示例", phone="13900005678")
    assert before == after


def test_a_replaced_paper_is_not_shown_before_it_is_printed_anew() -> None:
    given = gift()
    replaced(given)
    correct_donor(Donor.objects.get(), Correction("陈示例"), reason="又写错", actor=wen())
    with pytest.raises(Refused):
        acknowledgements([Gift.objects.get(pk=given.pk)])


def test_voiding_revokes_the_replaced_papers_too() -> None:
    given = gift()
    replaced(given)
    void_gift(given, "金额写错", actor=ping())
    assert Certificate.objects.exclude(revoked_at=None).count() == 2


def test_a_station_with_a_new_name_leaves_the_paper_as_it_was_verified() -> None:
    given = gift()
    printed(given)
    Station.objects.update(name="新名站")
    paper = words(acknowledgements([Gift.objects.get(pk=given.pk)]))
    assert given.station.name in paper
    assert "新名站" not in paper


def test_postgresql_brings_no_replaced_paper_back() -> None:
    before, _after = replaced(gift())
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE documents_certificate SET replaced_at = NULL WHERE id = %s", [before.pk])


def test_a_filtered_list_is_printed_as_one_pdf() -> None:
    gift(), gift(way="cheque"), voided(gift(way="cheque", amount_fen=1), "写错", actor=wen())
    answer = client_of(wen()).post("/desk/gifts/acknowledgements/?way=cheque", follow=True)
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1
    assert answer["Cache-Control"] == "private, no-store"


def test_another_street_prints_nothing() -> None:
    given = gift()
    client = client_of(jun())
    assert client.get(reverse("gifts:acknowledgement", args=[given.number])).status_code == 404
    assert client.get("/desk/gifts/acknowledgements/").status_code == 409


def mine(person: Any) -> Any:
    return client_of(person).get("/me/gifts/")


def test_a_resident_finds_the_gifts_given_with_their_phone() -> None:
    given = gift(name="兰示例", phone=lan().phone)
    assert [one.number for one in mine(lan()).context["page"]] == [given.number]
    answer = client_of(lan()).post(reverse("gifts:my_acknowledgement", args=[given.number]), follow=True)
    assert answer.content.startswith(b"%PDF")


def test_who_has_given_nothing_yet_reads_on_their_page_how_gifts_come_there() -> None:
    page = client_of(bo()).get("/me/").text
    assert "Give your number when you give at a station" in page
    assert 'href="/stations/"' in page


def test_a_stranger_finds_nothing_of_it() -> None:
    given = gift(name="兰示例", phone=lan().phone)
    assert list(mine(bo()).context["page"]) == []
    assert client_of(bo()).get(reverse("gifts:my_acknowledgement", args=[given.number])).status_code == 404


def test_a_phone_that_is_not_verified_finds_nothing() -> None:
    person, given = user(phone="+8613800001234", phone_verified=False), gift()
    assert list(mine(person).context["page"]) == []
    User.objects.filter(pk=person.pk).update(phone_verified=True)
    assert [one.number for one in mine(person).context["page"]] == [given.number]


def test_a_donor_without_a_phone_is_nobodys() -> None:
    gift(phone="")
    own = gift(name="博示例", phone=bo().phone)
    assert [one.number for one in mine(bo()).context["page"]] == [own.number]


@pytest.mark.parametrize("count", [1, 50])
def test_my_gifts_take_the_same_number_of_queries_for_1_and_for_50(
    count: int, django_assert_max_num_queries: Any
) -> None:
    person = lan()
    for _number in range(count):
        gift(name="兰示例", phone=person.phone)
    client = client_of(person)
    with django_assert_max_num_queries(8):
        assert client.get("/me/gifts/").status_code == 200
