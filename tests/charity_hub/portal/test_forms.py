import re
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from charity_hub.errors import Refused
from charity_hub.portal.form_page import answers
from charity_hub.portal.forms import refusals
from charity_hub.portal.templatetags.hub import yuan
from tests import cast
from tests.charity_hub.portal.sample_pages import ACTED, GiftForm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]
GIVE = "/sample/give/"


def filled(**changes: Any) -> dict[str, Any]:
    return {"amount": "1,000", "day": "2026-03-05", "purpose": "school", "note": ""} | changes


def test_a_form_is_laid_out_in_cards_and_forgets_no_field() -> None:
    cards = GiftForm().all_cards()
    assert [(card[0], card[1]) for card in cards] == [
        ("The gift", [("amount", "day"), "purpose"]),
        ("The rest", ["note", "paper"]),
    ]


def test_every_error_is_listed_with_a_link_to_its_field() -> None:
    answer = cast.client_of(cast.lan()).post(GIVE, filled(amount="0", purpose=""))
    page = answer.content.decode()
    assert 'href="#id_amount"' in page
    assert 'href="#id_purpose"' in page
    assert 'aria-describedby="id_amount_error"' in page
    assert ACTED == []


def test_errors_are_listed_in_the_order_of_the_page() -> None:
    form = GiftForm(filled(purpose="", amount="", day=""))
    form.order_fields(["purpose", "day", "amount"])
    assert [anchor for anchor, _label, _sentence in form.error_list] == [
        "id_amount",
        "id_day",
        "id_purpose",
    ]


def test_the_first_sending_shows_the_answers_and_does_nothing() -> None:
    answer = cast.client_of(cast.lan()).post(GIVE, filled(amount="１０００元"))
    page = answer.content.decode()
    assert "¥1,000.00" in page
    assert "Schooling" in page
    assert 'name="amount" value="１０００元"' in page
    assert ACTED == []


def test_the_second_sending_acts_and_moves_on() -> None:
    answer = cast.client_of(cast.lan()).post(GIVE, filled(confirmed="1"))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert [done["amount"] for done in ACTED] == [100_000]


def test_a_confirmed_form_is_checked_all_the_same() -> None:
    answer = cast.client_of(cast.lan()).post(GIVE, filled(amount="-1", confirmed="1"))
    assert answer.status_code == 200
    assert ACTED == []


def test_changing_the_answers_brings_the_form_back_as_it_was() -> None:
    page = cast.client_of(cast.lan()).post(GIVE, filled(note="keep me", change="1")).content.decode()
    assert 'value="keep me"' in page
    assert "data-error-summary" not in page


def test_a_refusal_becomes_an_error_of_its_field() -> None:
    answer = cast.client_of(cast.lan()).post(GIVE, filled(note="refuse", confirmed="1"))
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"amount": ["The purpose holds ¥1.00 only."]}


def test_a_refusal_of_a_field_that_the_form_lacks_stands_at_the_top() -> None:
    form = GiftForm(filled())
    with refusals(form):
        raise Refused("No.", "elsewhere")
    assert form.non_field_errors() == ["No."]


def test_a_refusal_of_the_whole_form_is_said_once_and_not_as_a_mistake_to_put_right() -> None:
    form = GiftForm(filled())
    with refusals(form):
        raise Refused("The fund is suspended.")
    page = render_crispy_form(form)
    assert page.count("The fund is suspended.") == 1
    assert "That is not possible now" in page
    assert "to be corrected" not in page


def test_other_exceptions_pass_through_refusals() -> None:
    with pytest.raises(ZeroDivisionError), refusals(GiftForm(filled())):
        _ = 1 // 0


def test_answers_are_read_back_in_words() -> None:
    form = GiftForm(filled(note=""))
    assert form.is_valid()
    (_gift, gift), (_rest, rest) = answers(form)
    assert [answer.words for answer in gift] == [yuan(100_000), "2026-03-05", "Schooling"]
    assert len(rest) == 2


def _note_of(page: str) -> str:
    """The note by which a file that waits is found again; empty if none waits."""
    found = re.search(r'name="kept" value="([^"]+)"', page)
    return found[1] if found else ""


def test_a_file_waits_while_the_answers_are_checked() -> None:
    client = cast.client_of(cast.lan())
    paper = SimpleUploadedFile("paper.pdf", b"%PDF-1.4 words", "application/pdf")
    page = client.post(GIVE, filled(paper=paper)).content.decode()
    assert "paper.pdf" in page
    client.post(GIVE, filled(kept=_note_of(page), confirmed="1"))
    assert [done["paper"] for done in ACTED] == [b"%PDF-1.4 words"]


def test_a_file_need_not_be_chosen_again_because_of_another_mistake() -> None:
    client = cast.client_of(cast.lan())
    paper = SimpleUploadedFile("paper.pdf", b"%PDF-1.4 words", "application/pdf")
    page = client.post(GIVE, filled(amount="", paper=paper)).content.decode()
    client.post(GIVE, filled(kept=_note_of(page), confirmed="1"))
    assert [done["paper"] for done in ACTED] == [b"%PDF-1.4 words"]


def test_a_file_that_is_itself_wrong_is_not_kept() -> None:
    empty = SimpleUploadedFile("paper.pdf", b"", "application/pdf")
    answer = cast.client_of(cast.lan()).post(GIVE, filled(amount="", paper=empty))
    assert list(answer.context["form"].errors) == ["amount", "paper"]
    assert _note_of(answer.content.decode()) == ""


def test_somebody_elses_file_stays_where_it_is() -> None:
    paper = SimpleUploadedFile("paper.pdf", b"%PDF-1.4 words", "application/pdf")
    page = cast.client_of(cast.lan()).post(GIVE, filled(paper=paper)).content.decode()
    cast.client_of(cast.bo()).post(GIVE, filled(kept=_note_of(page), confirmed="1"))
    assert [done["paper"] for done in ACTED] == [None]


def test_a_changed_note_finds_nothing() -> None:
    cast.client_of(cast.lan()).post(GIVE, filled(kept="../../etc/passwd", confirmed="1"))
    assert [done["paper"] for done in ACTED] == [None]


def test_a_page_that_asks_once_more_shows_the_refusal_in_place() -> None:
    answer = Client().post("/sample/remove/")
    assert answer.status_code == 200
    assert "It is gone already." in answer.content.decode()
