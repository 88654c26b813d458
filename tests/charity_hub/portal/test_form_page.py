import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from charity_hub.people.access import roles
from charity_hub.people.models import Role
from charity_hub.portal import health
from charity_hub.portal.registry import (
    Registry,
    WorkItem,
    WorkList,
    register_menu,
    register_search,
    register_start,
    register_worklist,
)
from tests import cast

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
CHANGELOG = settings.BASE_DIR / "CHANGELOG.md"


def page_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address, headers=ENGLISH)
    assert answer.status_code == status
    return answer.content.decode()


# --- home, desk, search, my page --------------------------------------------------------------


def test_the_home_page_is_open_to_everybody() -> None:
    page = page_of(Client(), "/")
    assert "<h1>" in page
    assert "/accounts/login/" in page


def test_the_frame_of_a_public_page_costs_no_query(
    empty_registry: Registry, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        page_of(Client(), "/")


def test_the_desk_shows_what_waits_and_how_long(empty_registry: Registry) -> None:
    item = WorkItem("Fund of the street", "/x/", "proposed by Mei", deadline=date(2020, 1, 1))
    register_worklist(WorkList("funds", "Funds to review", "building-bank", lambda _user: [item]))
    page = page_of(cast.client_of(cast.ping()), "/desk/")
    assert "Funds to review" in page
    assert "Fund of the street" in page
    assert "days late" in page


def test_an_empty_desk_says_so_kindly(empty_registry: Registry) -> None:
    assert "nothing to do" in page_of(cast.client_of(cast.mei()), "/desk/")


def test_what_waits_tells_since_when(empty_registry: Registry) -> None:
    items = [WorkItem("Fund A", "/x/", since=date(2026, 3, 5))]
    register_worklist(WorkList("review", "To review", "inbox", lambda _user: items))
    assert ">2026-03-05<" in page_of(cast.client_of(cast.mei()), "/desk/")


def test_the_desk_offers_what_is_begun_most_often(empty_registry: Registry) -> None:
    register_start("Record a gift", "portal:home", "gift")
    register_start("For auditors", "portal:me", "gift", rule=roles(Role.AUDITOR))
    page = page_of(cast.client_of(cast.mei()), "/desk/")
    assert "Record a gift" in page
    assert "For auditors" not in page


def test_the_desk_is_for_staff() -> None:
    assert cast.client_of(None).get("/desk/").status_code == 302
    assert cast.client_of(cast.lan()).get("/desk/").status_code == 403


def test_the_search_page_groups_what_the_rooms_find(empty_registry: Registry) -> None:
    register_search("funds", "Funds", lambda _user, text, _address: [WorkItem(f"Fund {text}", "/x/")])
    page = page_of(cast.client_of(cast.mei()), "/desk/search/?q=<b>")
    assert "Fund &lt;b&gt;" in page


def test_my_page_greets_by_name() -> None:
    assert "兰示例" in page_of(cast.client_of(cast.lan()), "/me/")


def test_the_menu_marks_where_we_are(empty_registry: Registry) -> None:
    register_menu("desk", "Waiting", "portal:desk", "inbox")
    assert 'href="/desk/" aria-current="page"' in page_of(cast.client_of(cast.mei()), "/desk/")


# --- switches ---------------------------------------------------------------------------------


def test_the_language_is_switched_and_remembered() -> None:
    client = Client()
    answer = client.post("/language/", {"language": "en", "next": "/funds/"})
    assert answer["Location"] == "/funds/"
    assert '<html lang="en"' in client.get("/").content.decode()


def test_a_visitor_who_asks_for_no_language_reads_the_first_one(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    page = Client().get("/").content.decode()
    assert '<html lang="zh-hans"' in page
    assert "社区慈善平台" in page


def test_large_type_is_switched_on_and_off() -> None:
    client = Client()
    client.post("/type-size/", {"size": "large", "next": "/"})
    assert 'class="large-type"' in client.get("/").content.decode()
    client.post("/type-size/", {"size": "normal", "next": "/"})
    assert 'class="large-type"' not in client.get("/").content.decode()


@pytest.mark.parametrize("switch", ["/language/", "/type-size/"])
@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_a_switch_leads_nowhere_else(switch: str, elsewhere: str) -> None:
    answer = Client().post(switch, {"language": "en", "size": "large", "next": elsewhere})
    assert answer["Location"] == "/"


# --- machines ---------------------------------------------------------------------------------


def test_healthz_answers_200_while_all_is_well() -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    version = re.search(r"^## ([\d.]+) ", CHANGELOG.read_text(), re.MULTILINE)
    assert version
    assert answer.json() == {
        "status": "ok",
        "version": version[1],
        "database": "ok",
        "broker": "ok",
        "migrations": "ok",
    }


def test_healthz_answers_503_without_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def down() -> Iterator[None]:
        raise OperationalError
        yield

    monkeypatch.setattr(connection, "cursor", down)
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "down"


def test_healthz_answers_503_without_the_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "broker_state", lambda: health.DOWN)
    assert Client().get("/healthz").status_code == 503


def test_a_broker_folder_that_is_not_there_is_down(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": "/nowhere"}  # type: ignore[attr-defined]
    assert health.broker_state() == health.DOWN


def test_healthz_sees_migrations_that_were_not_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(
            "charity_hub.portal.health.MigrationExecutor.migration_plan",
            lambda _self, _targets: [("x", False)],
        )
        health._all_applied.cache_clear()
        assert health.migration_state() == health.PENDING
    assert health.migration_state() == health.OK


def test_the_manifest_names_the_portal_and_its_icon() -> None:
    manifest = Client().get("/manifest.webmanifest").json()
    assert manifest["icons"][0]["src"].endswith("icon.svg")


@pytest.mark.parametrize("size", [192, 512])
def test_phones_that_take_no_svg_find_an_icon_of_its_size(size: int) -> None:
    manifest = Client().get("/manifest.webmanifest").json()
    (icon,) = [icon for icon in manifest["icons"] if icon["sizes"] == f"{size}x{size}"]
    assert png_size(icon["src"]) == (size, size)


def test_touch_icon_is_where_phones_look_for_it() -> None:
    assert png_size(Client().get("/apple-touch-icon.png")["Location"]) == (180, 180)


def png_size(url: str) -> tuple[int, int]:
    """Width and height, as the head of the PNG behind a static address says."""
    path = finders.find(url.removeprefix("/static/"))
    assert path
    head = Path(path).read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


def test_every_page_is_sent_with_a_strict_policy() -> None:
    policy = Client().get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy


def test_the_administration_alone_has_a_wider_policy() -> None:
    policy = cast.client_of(cast.ada()).get("/admin/")["Content-Security-Policy"]
    assert "'unsafe-eval'" in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy


def test_a_shared_link_has_words_and_a_picture() -> None:
    page = page_of(Client(), "/")
    assert '<meta name="description" content="See where' in page
    picture = re.escape(f"{settings.SITE_URL}/static/img/icon-512")
    assert re.search(rf'property="og:image" content="{picture}[^"]*\.png"', page)


def test_a_request_under_a_foreign_name_is_refused_with_a_page() -> None:
    answer = Client(headers={"host": "elsewhere.example"}).get("/")
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/funds/%00/", "/funds/%00/agreement/1/", "/reports/fund/A%00/2025/", "/desk/gifts/%00/"]
)
def test_an_address_with_a_nul_is_not_found(address: str) -> None:
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("address", ["/", "/healthz", "/funds/", "/stations/", "/reports/", "/favicon.ico"])
def test_a_page_is_asked_for_by_its_head_alone_too(address: str) -> None:
    whole, head = Client().get(address), Client().head(address)
    assert (head.status_code, head.content) == (whole.status_code, b"")


@pytest.mark.parametrize("typed", ["桂\x00城", "桂%00%0000城"])
def test_a_nul_in_a_question_is_a_blank(typed: str) -> None:
    heard = Client().get("/funds/", {"q": typed}).context["filter"].data["q"]
    assert heard == typed.replace("\x00", " ")


@pytest.mark.parametrize("back", ["?", "0000-00-00", "[]", "javascript:alert(1)", "//away.example/", "/\\a"])
def test_a_way_back_that_is_no_page_of_ours_leads_home(back: str) -> None:
    answer = Client().post("/type-size/", {"size": "large", "next": back})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
