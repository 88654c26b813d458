"""Every address says who may open it, and real requests are answered accordingly."""

import re
from difflib import unified_diff
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from charity_hub.people import third_party_access
from charity_hub.people.access import STAFF, AnyUser
from charity_hub.people.access_matrix import HIDDEN, REFUSED, answer, kinds_of_people
from charity_hub.people.models import Role, User
from charity_hub.people.third_party_access import Page, pages
from tests import cast

PEOPLE = ("anonymous", "resident", *Role.values, "administrator")
SIGN_IN = ("/accounts/login/?next=", "/accounts/login/code/?next=")
# Arguments that name nothing: who is allowed gets 404 there, everybody else is stopped before.
SAMPLES = {"int": "987654321", "uuid": "00000000-0000-4000-8000-000000000000"}


def address(page: Page) -> str:
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1], "0"), page.route)


def asked(client: Client, page: Page) -> tuple[int, str]:
    """Status and target of a GET, or of a POST where GET is not for this page."""
    response = client.get(address(page))
    if response.status_code == 405:
        response = client.post(address(page))
    return response.status_code, response.headers.get("Location", "")


def who(page: Page) -> str:
    """Who may open a page, in one word where there is one."""
    people: dict[str, AnyUser] = dict(zip(PEOPLE, kinds_of_people().values(), strict=True))
    allowed = [name for name, person in people.items() if answer(page, person) not in {HIDDEN, REFUSED}]
    words = {len(PEOPLE): "everybody", len(PEOPLE) - 1: "signed_in", len(PEOPLE) - 2: "staff"}
    kept_out = [name for name in PEOPLE if name not in allowed]
    in_order = kept_out == list(PEOPLE[: len(kept_out)])
    return words.get(len(allowed), " ".join(allowed)) if in_order else " ".join(allowed)


def test_pages_are_open_to_those_whom_the_table_names() -> None:
    """``access_matrix.txt`` is written by hand: a line that changes is agreed on by somebody who reads it."""
    ours = [page for page in pages() if not page.name.startswith("admin:")]
    now = sorted({f"{page.name}: {who(page)}" for page in ours})
    agreed = (Path(__file__).parent / "access_matrix.txt").read_text().splitlines()
    assert list(unified_diff(agreed, now, "access_matrix.txt", "the pages", n=0, lineterm="")) == []


def test_administration_is_for_administrators() -> None:
    admin = {page.name: who(page) for page in pages() if page.name.startswith("admin:")}
    assert admin.pop("admin:login") == "everybody"
    assert set(admin.values()) == {"administrator"}


def test_every_view_says_who_may_open_it() -> None:
    assert [page.route for page in pages() if page.rule is None] == []


def test_a_view_without_a_rule_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(third_party_access.RULES, "account_login")

    assert [page.route for page in pages() if page.rule is None] == ["/accounts/login/"]


def test_the_table_names_no_view_that_is_gone() -> None:
    optional = {name for name in third_party_access.RULES if name.startswith(("weixin_", "socialaccount_"))}

    assert set(third_party_access.RULES) - {page.name for page in pages()} == optional


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["anonymous", "lan", "ji", "mei", "wen", "dong", "ada"])
def test_requests_are_answered_as_declared(name: str) -> None:
    person = cast.everybody()[name]
    if person:
        cast.has_factor(person)
    client = cast.client_of(person)
    client.raise_request_exception = False
    wrong = []
    for page in pages():
        if page.name == "admin:logout" or (page.name.startswith("admin:") and page.takes_arguments):
            continue
        expected = answer(page, person or cast.nobody())
        status, target = asked(client, page)
        if expected == HIDDEN:
            fine = status == 302 and target.startswith(SIGN_IN)
        elif expected == REFUSED:
            fine = status == 403
        else:
            # In the admin each model has the last word: what is there to look at has no page to add.
            stopped = target.startswith(SIGN_IN) or (status == 403 and not page.name.startswith("admin:"))
            needs = page.rule is not None and page.rule.needs_sign_in
            fine = status < 500 and not (needs and stopped)
        if not fine:
            wrong.append((page.route, expected, status, target))

    assert wrong == []


def test_the_command_prints_every_address_and_role() -> None:
    out = StringIO()
    call_command("access_matrix", stdout=out)

    desk = next(line for line in out.getvalue().splitlines() if line.startswith("/desk/ "))
    assert re.split(r"\s{2,}", desk)[1:4] == ["sign-in page", "refused", "allowed"]


@pytest.mark.django_db
def test_the_command_speaks_the_language_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("charity_hub.management.commands.access_matrix._", "<{}>".format)
    out = StringIO()
    call_command("access_matrix", stdout=out)

    desk = next(line for line in out.getvalue().splitlines() if line.startswith("/desk/ "))
    assert re.split(r"\s{2,}", desk)[1:4] == ["<sign-in page>", "<refused>", "<allowed>"]


def test_pages_with_arguments_are_open_in_scope_only() -> None:
    page = Page("/desk/funds/<str:code>/", "funds:desk_detail", STAFF)
    person = User(pk=-1, is_superuser=True)

    assert answer(page, person) == "in scope"
