"""The page cache of visitors: one page for all, never older than it may be, never anybody's own."""

import re
import socket
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.csp import LazyNonce
from django.utils.timezone import now
from pytest_django.fixtures import Settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from charity_hub.organizations.models import Organization
from charity_hub.portal import cache_backends
from charity_hub.portal.cache_backends import PAUSE_SECONDS, OptionalRedisCache
from charity_hub.portal.page_cache import cached_for_visitors
from tests.builders import active_fund, station
from tests.cast import client_of, lan

pytestmark = pytest.mark.django_db
PAGE = "/funds/JJ-440605011-01/"
PUBLIC = [
    "/",
    "/funds/",
    PAGE,
    f"{PAGE}months/",
    f"{PAGE}agreement/1/",
    "/stations/",
    "/stations/ZD-440605011-01/",
]
SECONDS = 10
NO_RETRY = Retry(NoBackoff(), 0)


@pytest.fixture(autouse=True)
def _kept(settings: Settings) -> None:
    settings.PUBLIC_PAGE_SECONDS = SECONDS
    caches["pages"].clear()


class Asked:
    """A kept view that counts how often it is made."""

    def __init__(self, make: Callable[[HttpRequest], HttpResponse] = lambda _request: HttpResponse("page")):
        self.times = 0
        self.make = make

    def __call__(self, path: str = "/", cookie: str = "", **more: object) -> HttpResponse:
        request = RequestFactory().get(path, headers={"cookie": cookie} if cookie else None)
        for name, value in more.items():
            setattr(request, name, value)
        answer = cached_for_visitors(self._made)(request)
        assert isinstance(answer, HttpResponse)
        return answer

    def _made(self, request: HttpRequest) -> HttpResponse:
        self.times += 1
        return self.make(request)


@pytest.fixture
def redis_down(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page cache of production, at a port where nobody listens."""
    monkeypatch.setattr(OptionalRedisCache, "asked_again_at", 0.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    backend = "charity_hub.portal.cache_backends.OptionalRedisCache"
    pages = {"BACKEND": backend, "LOCATION": f"redis://127.0.0.1:{port}", "OPTIONS": {"retry": NO_RETRY}}
    settings.CACHES = settings.CACHES | {"pages": pages}


@pytest.mark.usefixtures("redis_down")
def test_public_pages_answer_while_redis_is_down_and_ask_it_once(caplog: pytest.LogCaptureFixture) -> None:
    active_fund()
    station()
    client = Client()
    assert [client.get(path).status_code for path in PUBLIC] == [200] * len(PUBLIC)
    assert client.get("/verify/0000-0000-0000/").status_code == 404
    assert [line.name for line in caplog.records] == ["charity_hub.portal.cache_backends", "django.request"]


@pytest.mark.usefixtures("redis_down")
def test_redis_is_asked_again_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = caches["pages"]
    assert pages.get("a", "nothing") == "nothing"
    monkeypatch.setattr(RedisCache, "get", lambda *_key, **_more: "kept")
    assert pages.get("a") is None
    monkeypatch.setattr(cache_backends, "monotonic", lambda: time.monotonic() + PAUSE_SECONDS)
    assert pages.get("a") == "kept"


def rename_the_host() -> str:
    Organization.objects.update(name="新名称慈善会")
    return "新名称慈善会"


def test_the_second_visitor_gets_the_page_of_the_first() -> None:
    ask = Asked()
    assert [ask().content for _time in range(3)] == [b"page"] * 3
    assert ask.times == 1


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_kept(path: str) -> None:
    active_fund()
    station()
    first = Client().get(path)
    assert (first.status_code, list(first.cookies)) == (200, [])
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(path).content == first.content
    assert len(queries) == 0


def test_a_change_is_seen_when_the_seconds_are_over() -> None:
    active_fund()
    with time_machine.travel(now(), tick=False) as clock:
        Client().get(PAGE)
        name = rename_the_host()
        clock.shift(timedelta(seconds=SECONDS - 1))
        assert name not in Client().get(PAGE).content.decode()
        clock.shift(timedelta(seconds=1))
        assert name in Client().get(PAGE).content.decode()


def test_a_browser_keeps_it_no_longer() -> None:
    active_fund()
    with time_machine.travel(now(), tick=False) as clock:
        Client().get(PAGE)
        clock.shift(timedelta(seconds=7))
        answer = Client().get(PAGE)
    assert (answer["Cache-Control"], answer["Age"]) == (f"max-age={SECONDS}", "7")
    assert "Cookie" in answer["Vary"]


def test_without_seconds_nothing_is_kept(settings: Settings) -> None:
    settings.PUBLIC_PAGE_SECONDS = 0
    ask = Asked()
    ask()
    ask()
    assert ask.times == 2


def test_another_address_is_another_page() -> None:
    ask = Asked()
    ask("/?year=2025")
    ask("/?year=2026")
    assert ask.times == 2


def test_each_language_has_its_page() -> None:
    active_fund()
    for language in ("zh-hans", "en", "zh-hans", "en"):
        page = Client(headers={"cookie": f"django_language={language}"}).get(PAGE).content.decode()
        assert re.search(r'<html lang="([^"]+)"', page)[1] == language  # type: ignore[index]


def test_each_text_size_has_its_page() -> None:
    active_fund()
    for size in ("large", "normal", "large"):
        page = Client(headers={"cookie": f"type={size}"}).get(PAGE).content.decode()
        assert ('class="large-type"' in page) == (size == "large")


@pytest.mark.parametrize("cookie", ["sessionid=abc", "messages=x", "anything=1"])
def test_who_may_have_a_session_neither_gets_a_kept_page_nor_leaves_one(cookie: str) -> None:
    ask = Asked()
    ask(cookie=cookie)
    ask()
    ask(cookie=cookie)
    assert ask.times == 3


def test_whoever_has_signed_in_reads_the_present_alone() -> None:
    active_fund()
    Client().get(PAGE)
    name = rename_the_host()
    answer = client_of(lan()).get(PAGE)
    assert answer["Cache-Control"] == "private, no-store"
    assert name in answer.content.decode()


def test_nobody_sees_the_page_of_somebody_signed_in() -> None:
    active_fund()
    assert "兰示例" in client_of(lan()).get(PAGE).content.decode()
    assert "兰示例" not in Client().get(PAGE).content.decode()


def with_cookie(_request: HttpRequest) -> HttpResponse:
    answer = HttpResponse()
    answer.set_cookie("a", "b")
    return answer


def with_message(request: HttpRequest) -> HttpResponse:
    messages.info(request, "for you")
    return HttpResponse()


@pytest.mark.parametrize(
    "make",
    [
        with_cookie,
        with_message,
        lambda request: HttpResponse(get_token(request)),
        lambda request: HttpResponse(str(get_nonce(request))),
        lambda _request: HttpResponse(status=410),
    ],
    ids=["cookie", "message", "token", "nonce", "gone"],
)
@pytest.mark.parametrize("cookie", ["", "django_language=en"])
def test_what_is_one_visitors_own_is_not_kept(
    make: Callable[[HttpRequest], HttpResponse], cookie: str
) -> None:
    ask = Asked(make)
    for _time in range(2):
        ask(cookie=cookie, _messages=CookieStorage(HttpRequest()), _csp_nonce=LazyNonce())
    assert ask.times == 2


@pytest.mark.parametrize(("path", "field"), [("/language/", "language"), ("/type-size/", "size")])
def test_the_switches_on_a_kept_page_need_no_token(path: str, field: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path, {field: "en", "next": PAGE})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)


def test_a_form_of_somebody_signed_in_still_needs_one() -> None:
    answer = client_of(lan(), enforce_csrf_checks=True).post("/accounts/logout/")
    assert answer.status_code == 403
