"""Whatever goes wrong, people read a sentence and find a way on."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests import cast
from tests.charity_hub.portal.test_form_page import ENGLISH, page_of

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("sample")
def test_a_refusal_that_no_form_caught_is_a_page_with_its_sentence() -> None:
    assert "The purpose holds ¥1.00 only. Ask for less." in page_of(Client(), "/sample/refuse/", 409)


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("came", "back"),
    [
        ("http://testserver/desk/?page=2", "/desk/?page=2"),
        ("https://elsewhere.example/desk/", "/"),
        ("", "/"),
    ],
)
def test_a_refusal_leads_back_to_the_page_of_ours_before_it(came: str, back: str) -> None:
    answer = Client(headers={"accept-language": "en", "referer": came}).get("/sample/refuse/")
    assert f'class="btn btn-primary" href="{back}"' in answer.text.split("<main")[1]


@pytest.mark.usefixtures("sample")
def test_a_refusal_under_htmx_is_a_message_on_the_present_page() -> None:
    answer = Client().get("/sample/refuse/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#messages")
    assert "<html" not in answer.content.decode()


def test_a_missing_page_says_so() -> None:
    assert "Page not found" in page_of(Client(), "/nothing/here/", 404)


def test_a_visitor_of_the_demo_reads_the_same_and_no_list_of_addresses(settings: Settings) -> None:
    settings.DEBUG = True
    page = page_of(Client(), "/funds/JJ-000000000-00/", 404)
    assert "Page not found" in page
    assert "Using the URLconf" not in page


def test_an_address_that_only_takes_a_form_says_so_when_it_is_opened() -> None:
    answer = cast.client_of(cast.mei()).get("/type-size/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "To my desk" in answer.text


def test_a_page_for_others_says_so() -> None:
    assert "do not have permission" in page_of(cast.client_of(cast.lan()), "/desk/", 403)


@pytest.mark.usefixtures("sample")
def test_a_fault_of_ours_says_so_and_shows_no_inside() -> None:
    client = Client(raise_request_exception=False)
    page = page_of(client, "/sample/fail/", 500)
    assert "Something went wrong" in page
    assert "ValueError" not in page


def test_a_form_without_its_security_token_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", headers=ENGLISH)
    assert answer.status_code == 403
    assert "page has expired" in answer.content.decode()


def test_a_request_that_cannot_be_read_is_explained() -> None:
    fields = {f"field{number}": "" for number in range(2000)}
    answer = Client().post("/type-size/", fields, headers=ENGLISH)
    assert answer.status_code == 400
    assert "This request could not be read" in answer.content.decode()
    assert "hub-switches" in answer.content.decode()


@pytest.mark.parametrize("announced", [str(3 * 1024**3), "26214401", "-1", "x"])
def test_a_huge_upload_ends_at_the_door(announced: str) -> None:
    answer = Client().post("/type-size/", headers=ENGLISH, CONTENT_LENGTH=announced)
    assert answer.status_code == 413
    assert "at most 20 MB" in answer.content.decode()
