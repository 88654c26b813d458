"""Pages kept for visitors: the same for all, but for the form token, and never for those who signed in."""

import re
import threading

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from charity_hub import unchanged
from charity_hub.organizations.models import Organization
from charity_hub.portal.kept_pages import TOKEN, kept_for_visitors
from tests.builders import active_fund
from tests.cast import client_of, lan

PAGE = "/funds/JJ-440605011-01/"


@pytest.fixture(autouse=True)
def _forget() -> None:
    unchanged.forget()


def calls(answer: HttpResponse | None = None) -> tuple[list[str], object]:
    """A kept view, and the list of what it was asked for."""
    asked: list[str] = []

    @kept_for_visitors
    def view(request: HttpRequest) -> HttpResponse:
        asked.append(request.get_full_path())
        return answer or HttpResponse("page")

    return asked, view


def ask(view: object, path: str = "/", **extra: object) -> HttpResponse:
    request = RequestFactory().get(path, **extra)  # type: ignore[arg-type]
    answer: HttpResponse = view(request)  # type: ignore[operator]
    return answer


@pytest.mark.django_db(transaction=True)
def test_the_second_visitor_gets_the_page_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "_snapshot", lambda: "100:100:")  # other tests move the server's own
    asked, view = calls()
    assert [ask(view).content for _time in range(3)] == [b"page"] * 3
    assert asked == ["/"]


@pytest.mark.django_db(transaction=True)
def test_another_address_is_another_page() -> None:
    asked, view = calls()
    ask(view, "/?year=2025")
    ask(view, "/?year=2026")
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cookie", ["sessionid=abc", "messages=x", "anything=1"])
def test_who_brings_a_session_is_not_handed_a_kept_page(cookie: str) -> None:
    asked, view = calls()
    ask(view)
    ask(view, HTTP_COOKIE=cookie)
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("answer", [HttpResponse("gone", status=410), HttpResponse('<script nonce="x">')])
def test_what_is_not_a_plain_page_is_not_kept(answer: HttpResponse) -> None:
    asked, view = calls(answer)
    ask(view)
    ask(view)
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_sets_a_cookie_is_not_kept() -> None:
    answer = HttpResponse("page")
    answer.set_cookie("a", "b")
    asked, view = calls(answer)
    ask(view)
    ask(view)
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_every_visitor_gets_a_form_token_of_their_own_that_works() -> None:
    active_fund()
    first, second = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    tokens = []
    for visitor in (first, second):
        page = visitor.get(PAGE).content.decode()
        assert "\x00" not in page
        (token,) = set(TOKEN.findall(page))
        tokens.append(token)
        answer = visitor.post("/language/", {"language": "en", "next": PAGE, "csrfmiddlewaretoken": token})
        assert answer.status_code == 302
    assert tokens[0] != tokens[1]


@pytest.mark.django_db(transaction=True)
def test_each_language_and_type_size_has_its_page() -> None:
    active_fund()
    plain = Client().get(PAGE).content.decode()
    english = Client(headers={"cookie": "django_language=en"}).get(PAGE).content.decode()
    assert 'lang="zh-hans"' in plain
    assert re.search(r'<html lang="en"', english)


@pytest.mark.django_db(transaction=True)
def test_nobody_sees_the_page_of_somebody_signed_in() -> None:
    active_fund()
    assert "兰示例" in client_of(lan()).get(PAGE).content.decode()
    assert "兰示例" not in Client().get(PAGE).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_change_is_seen_at_once() -> None:
    active_fund()
    Client().get(PAGE)

    def somebody_else() -> None:
        Organization.objects.update(name="新名称慈善会")
        connection.close()

    other = threading.Thread(target=somebody_else)
    other.start()
    other.join()
    assert "新名称慈善会" in Client().get(PAGE).content.decode()
