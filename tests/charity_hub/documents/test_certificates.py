"""Certificates: issued once, frozen, found by a code as people type it."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from charity_hub.documents import certificates, rate_limit
from charity_hub.documents.certificates import find, issue, read_code, register_kind, revoke, verify_url
from charity_hub.documents.models import Certificate
from tests.builders import organization
from tests.charity_hub.ledger.attacks import refused_by, sql

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(certificates, "_kinds", {})
    register_kind("specimen", "Specimen", "documents/specimen.html")
    with translation.override("en"):
        yield


def certificate(**facts: object) -> Certificate:
    return issue("specimen", organization(), facts or {"amount": "¥100.00"})


def test_the_same_row_gets_the_same_certificate_with_its_first_facts() -> None:
    row = organization()
    first = issue("specimen", row, {"amount": 100})
    again = issue("specimen", row, {"amount": 999})
    assert again == first
    assert again.facts == {"amount": 100}


def test_an_unregistered_kind_is_a_programming_error() -> None:
    with pytest.raises(LookupError):
        issue("unheard-of", organization(), {})


def test_codes_are_all_different() -> None:
    assert len({certificate().code for _number in range(50)}) == 50


@pytest.mark.parametrize(
    "typed",
    ["7K2M9QXD41R0", "7k2m-9qxd-41ro", " 7K2M 9QXD 4lRO ", "７Ｋ２Ｍ９ＱＸＤ４１Ｒ０", "7K2M–9QXD–4IR0"],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert read_code(typed) == "7K2M9QXD41R0"


@pytest.mark.parametrize("typed", ["", "7K2M", "7K2M9QXD41R0X", "7K2M9QXD41R中", "<script>alert"])
def test_what_is_no_code_is_not_read(typed: str) -> None:
    assert read_code(typed) is None


def test_a_certificate_is_found_by_its_printed_code() -> None:
    made = certificate()
    assert find(made.spaced_code.lower()) == made


def test_the_first_reason_for_revoking_stays() -> None:
    made = certificate()
    revoke(made, "gift voided")
    revoke(made, "something else")
    assert made.revoked_why == "gift voided"


def test_the_address_to_print_is_whole(settings: object) -> None:
    settings.SITE_URL = "https://hub.example/"  # type: ignore[attr-defined]
    made = certificate()
    assert verify_url(made) == f"https://hub.example/verify/{made.code}/"


@pytest.mark.parametrize(
    "column", ["code = 'AAAAAAAAAAAA'", "facts = '{}'", "kind = 'x'", "issued_at = now()"]
)
def test_sql_cannot_change_what_was_printed(column: str) -> None:
    made = certificate()
    with refused_by("certificate_says_what_was_printed"):
        sql(f"UPDATE documents_certificate SET {column} WHERE id = %s", made.pk)


def test_sql_cannot_delete_a_certificate() -> None:
    made = certificate()
    with refused_by("certificate_is_never_deleted"):
        sql("DELETE FROM documents_certificate WHERE id = %s", made.pk)


def test_sql_cannot_issue_a_second_certificate_of_a_kind_for_a_row() -> None:
    made = certificate()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_certificate"
            " (code, kind, facts, source_type_id, source_id, issued_at, revoked_why)"
            " SELECT 'AAAAAAAAAAAA', kind, facts, source_type_id, source_id, now(), ''"
            " FROM documents_certificate WHERE id = %s",
            [made.pk],
        )


@pytest.fixture
def facts_template(settings: object) -> None:
    """A template for the specimen's facts, as a room above would bring one."""
    templates = settings.TEMPLATES  # type: ignore[attr-defined]
    loaders = [
        (
            "django.template.loaders.locmem.Loader",
            {"documents/specimen.html": "<p>Amount: {{ facts.amount }}</p>"},
        ),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    options = templates[0]["OPTIONS"] | {"loaders": loaders}
    settings.TEMPLATES = [templates[0] | {"APP_DIRS": False, "OPTIONS": options}]  # type: ignore[attr-defined]


def get(path: str, status: int = 200) -> str:
    answer = Client(headers={"accept-language": "en"}).get(path)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.usefixtures("facts_template")
def test_anybody_sees_what_the_paper_must_say() -> None:
    page = get(f"/verify/{certificate(amount='¥100.00').code}/")
    assert "Amount: ¥100.00" in page
    assert "genuine and valid" in page


@pytest.mark.usefixtures("facts_template")
def test_a_revoked_paper_says_so_and_keeps_the_officers_reason() -> None:
    made = certificate()
    revoke(made, "the gift was voided")
    page = get(f"/verify/{made.code}/")
    assert "no longer valid" in page
    assert "the gift was voided" not in page


def test_an_unknown_code_is_404_with_the_form_to_try_again() -> None:
    page = get("/verify/AAAAAAAAAAAA/", status=404)
    assert "No document with this code was found" in page
    assert 'value="AAAAAAAAAAAA"' in page
    assert "to be corrected" not in page


@pytest.mark.usefixtures("facts_template")
def test_the_form_leads_a_typed_code_to_its_page() -> None:
    made = certificate()
    answer = Client().get("/verify/", {"code": made.spaced_code.lower()})
    assert answer.status_code == 302
    assert answer["Location"] == f"/verify/{made.code}/"


def test_the_form_says_what_a_code_looks_like() -> None:
    assert "12 letters and digits" in get("/verify/?code=abc")


@pytest.mark.usefixtures("facts_template")
def test_a_hundred_guesses_are_paused_even_for_a_right_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "WRONG_CODES", 3)
    code = certificate().code
    for number in range(3):
        get(f"/verify/AAAAAAAAAAA{number}/", status=404)
    assert "Wait ten minutes" in get(f"/verify/{code}/", status=429)


@pytest.mark.usefixtures("facts_template")
def test_right_codes_do_not_count_as_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "WRONG_CODES", 2)
    code = certificate().code
    for _time in range(4):
        get(f"/verify/{code}/")
