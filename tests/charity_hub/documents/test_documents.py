"""Files that are kept: who may have them, and how they leave."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile

from charity_hub.documents import permissions
from charity_hub.documents.models import Document
from charity_hub.documents.permissions import register_owner
from charity_hub.documents.uploads import documents_of, store_made, store_upload
from charity_hub.errors import Refused
from charity_hub.organizations.models import Organization
from tests import cast
from tests.builders import organization
from tests.charity_hub.documents import files
from tests.charity_hub.ledger.attacks import refused_by, sql

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Organizations own documents here: Mei may read them all, and everybody those of "public" ones."""
    monkeypatch.setattr(permissions, "_rules", {})
    register_owner(Organization, lambda user, row: row.name == "public" or user == cast.mei())


def stored(name: str = "协议 2025.pdf", content: bytes = files.PDF, owner: str = "closed") -> Document:
    return store_upload(SimpleUploadedFile(name, content), owner=organization(owner), actor=cast.ping())


def test_a_stored_file_remembers_what_it_is() -> None:
    document = stored()
    assert (document.name, document.content_type, document.size) == (
        "协议 2025.pdf",
        "application/pdf",
        len(files.PDF),
    )
    assert len(document.sha256) == 64


def test_a_file_lies_under_a_random_name() -> None:
    first, second = stored(), stored()
    assert "协议" not in str(first.file.name)
    assert first.file.name != second.file.name


def test_a_refused_file_leaves_no_row() -> None:
    with pytest.raises(Refused):
        stored(content=files.EXE)
    assert not Document.objects.exists()


def test_the_files_of_a_row_are_its_own() -> None:
    owner = organization()
    mine = store_made("a.pdf", files.PDF, "application/pdf", owner=owner)
    store_made("b.pdf", files.PDF, "application/pdf", owner=organization())
    assert list(documents_of(owner)) == [mine]


def test_the_owners_rule_lets_a_reader_have_the_file() -> None:
    answer = cast.client_of(cast.mei()).get(f"/documents/{stored().pk}/")
    assert answer.status_code == 200
    assert answer.getvalue() == files.PDF


def test_having_sent_a_file_opens_nothing() -> None:
    assert cast.client_of(cast.ping()).get(f"/documents/{stored().pk}/").status_code == 404


def test_a_stranger_finds_nothing() -> None:
    assert cast.client_of(cast.bo()).get(f"/documents/{stored().pk}/").status_code == 404


@pytest.mark.parametrize("missing", [0, 999])
def test_a_visitor_is_asked_to_sign_in_whether_the_file_is_there_or_not(missing: int) -> None:
    number = stored().pk + missing
    answer = cast.client_of(None).get(f"/documents/{number}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_visitor_may_have_what_is_public() -> None:
    assert cast.client_of(None).get(f"/documents/{stored(owner='public').pk}/").status_code == 200


def test_a_file_without_an_owner_is_for_administrators() -> None:
    document = store_made("a.pdf", files.PDF, "application/pdf", owner=None)
    assert not permissions.may_read(AnonymousUser(), document)
    assert not permissions.may_read(cast.mei(), document)
    assert permissions.may_read(cast.ada(), document)


def test_a_file_whose_owner_has_no_rule_is_for_administrators() -> None:
    document = store_made("a.pdf", files.PDF, "application/pdf", owner=cast.guicheng())
    assert not permissions.may_read(cast.mei(), document)
    assert permissions.may_read(cast.ada(), document)


def test_a_chinese_name_survives_the_download() -> None:
    answer = cast.client_of(cast.mei()).get(f"/documents/{stored().pk}/")
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''%E5%8D%8F%E8%AE%AE%202025.pdf"


def test_a_browser_may_not_guess_another_type() -> None:
    answer = cast.client_of(cast.mei()).get(f"/documents/{stored().pk}/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html", "text/csv"])
def test_what_could_run_in_a_browser_is_only_downloaded(content_type: str) -> None:
    document = store_made("a.svg", b"<svg/>", content_type, owner=organization())
    answer = cast.client_of(cast.mei()).get(f"/documents/{document.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_file_can_be_saved_instead_of_shown() -> None:
    answer = cast.client_of(cast.mei()).get(f"/documents/{stored().pk}/?download=1")
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_file_is_not_posted_to() -> None:
    assert cast.client_of(cast.mei()).post(f"/documents/{stored().pk}/").status_code == 405


def test_sql_cannot_put_another_file_in_its_place() -> None:
    document = stored()
    with refused_by("document_content_stays"):
        sql("UPDATE documents_document SET file = 'other' WHERE id = %s", document.pk)
