"""The whole administration: what is only looked at stays so, odd searches are answered, records speak."""

from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.test import Client, RequestFactory

from charity_hub.documents.models import Certificate
from charity_hub.people.admin_records import field_in_words, proofs_in_words, subject_in_words
from charity_hub.people.models import Look, SignIn, SignInEvent
from charity_hub.regions.models import Region
from tests import cast
from tests.builders import active_fund, gift, user
from tests.funds.attacks import triggers_off

pytestmark = pytest.mark.django_db

# What administrators may change, each through the action that the portal uses or its words alone.
KEPT_HERE = {"organization", "user", "fund", "committeemember", "station"}
LISTS = {
    str(model._meta.model_name): f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    for model in admin.site._registry
}
# The first is read word by word, and as a whole where a list looks for something in full.
ODD = ["% ' \\ ( [ 😀 \u202e " + "x" * 3000, "99999999999999999999", "²"]
LOOKED_AT = sorted(set(LISTS) - KEPT_HERE)


@pytest.fixture
def ada() -> Client:
    return cast.client_of(cast.ada())


def page_of(name: str) -> admin.ModelAdmin[Any]:
    (page,) = (page for model, page in admin.site._registry.items() if model._meta.model_name == name)
    return page


def asked_by_ada() -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = cast.ada()
    return request


@pytest.mark.parametrize("name", LOOKED_AT)
def test_what_is_looked_at_is_not_added_changed_or_deleted(name: str) -> None:
    page, request = page_of(name), asked_by_ada()

    assert page.has_view_permission(request)
    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)


@pytest.mark.parametrize("name", sorted(KEPT_HERE))
def test_nothing_at_all_is_deleted(name: str) -> None:
    page, request = page_of(name), asked_by_ada()

    assert page.has_change_permission(request)
    assert not page.has_delete_permission(request)
    assert "delete_selected" not in page.get_actions(request)


def test_a_gift_is_neither_changed_nor_deleted(ada: Client) -> None:
    given = gift(fund=active_fund())
    row = f"{LISTS['gift']}{given.pk}/"

    assert ada.post(f"{row}change/", {"amount_fen": "1", "state": "void"}).status_code == 403
    assert ada.post(f"{row}delete/", {"post": "yes"}).status_code == 403
    assert ada.post(f"{LISTS['transfer']}{given.transfer_id}/change/", {"memo": "x"}).status_code == 403


@pytest.mark.parametrize("words", ODD)
def test_odd_words_are_searched_for_everywhere(ada: Client, words: str) -> None:
    assert {name: ada.get(url, {"q": words}).status_code for name, url in LISTS.items()} == dict.fromkeys(
        LISTS, 200
    )


@pytest.mark.parametrize("field", ["region", "organization"])
def test_a_character_zero_is_no_failure_where_something_is_picked(ada: Client, field: str) -> None:
    asked = {"app_label": "charity_hub", "model_name": "membership", "field_name": field, "term": "\x00"}
    assert ada.get("/admin/autocomplete/", asked).status_code == 200


@pytest.mark.parametrize("name", ["day", "month", "year"])
def test_a_day_that_no_calendar_holds_is_no_failure(ada: Client, name: str) -> None:
    asked = {"at__year": "2026", "at__month": "11", "at__day": "26", f"at__{name}": "9223372036854775808"}
    assert ada.get(LISTS["signin"], asked, follow=True).status_code == 200


@pytest.mark.parametrize("page", ["signin", "look", "organization"])
def test_an_export_is_offered_without_the_filters_that_cannot_be_read(ada: Client, page: str) -> None:
    address = f"/admin/charity_hub/{page}/export/"
    answer = ada.get(address, {"nonsense": "1"}, follow=True)
    assert (answer.status_code, answer.request["QUERY_STRING"]) == (200, "")


def test_rows_chosen_by_what_is_no_id_are_a_bad_request(ada: Client) -> None:
    chosen = {"action": "export_to_excel", "_selected_action": "2025-02-30"}
    assert ada.post(LISTS["membership"], chosen).status_code == 400


def test_a_person_by_a_number_that_is_none_is_not_found(ada: Client) -> None:
    assert ada.get("/admin/charity_hub/user/²/change/", follow=True).request["PATH_INFO"] == "/admin/"


def test_sign_ins_say_in_words_how_somebody_came_in(ada: Client) -> None:
    SignIn.objects.create(event=SignInEvent.SIGNED_IN, user=cast.mei(), method="password, webauthn")
    page = ada.get(LISTS["signin"]).content.decode()
    assert "password、passkey" in page


def test_a_proof_that_is_new_stays_as_it_is_called() -> None:
    assert proofs_in_words("password, novelty") == "password、novelty"
    assert proofs_in_words("") == ""


def test_looks_say_in_words_what_was_seen(ada: Client) -> None:
    Look.objects.create(user=cast.mei(), subject="funds.spendingrequest:7", field="payee_account")
    page = ada.get(LISTS["look"]).content.decode()
    assert "spending request 7" in page
    assert "funds.spendingrequest" not in page


@pytest.mark.parametrize("subject", ["x:1", "gone.model:2", "nothing"])
def test_what_is_gone_stays_as_it_was_written(subject: str) -> None:
    assert subject_in_words(subject) == subject
    assert field_in_words(subject, "phone") == "phone"


def test_history_tells_time_in_shanghai(ada: Client) -> None:
    with time_machine.travel("2026-03-05 22:03+00:00", tick=False):
        one = user("示例", "+8613711112222")
    page = ada.get(f"{LISTS['user']}{one.pk}/history/").content.decode()
    assert "06:03" in page
    assert "22:03" not in page


def test_a_certificates_facts_are_readable(ada: Client) -> None:
    of_region = ContentType.objects.get_for_model(Region)
    with triggers_off():  # it is no gift's
        certificate = Certificate.objects.create(
            kind="gift", facts={"donor": "兰居民"}, source_type=of_region, source_id=1
        )
    page = ada.get(f"{LISTS['certificate']}{certificate.pk}/change/").content.decode()
    assert "<dt>Donor</dt><dd>兰居民</dd>" in page
    assert "&quot;donor&quot;: &quot;兰居民&quot;" in page
    assert certificate.spaced_code in page


def test_certificates_are_listed_and_filtered_by_what_they_are_called(ada: Client) -> None:
    of_region = ContentType.objects.get_for_model(Region)
    with triggers_off():  # a kind that the code declared once, and a gift that is none
        for kind in ("gift", "gone"):
            Certificate.objects.create(kind=kind, facts={}, source_type=of_region, source_id=1)
    page = ada.get(LISTS["certificate"]).content.decode()
    assert "Acknowledgement of a gift" in page
    shown = ada.get(LISTS["certificate"], {"kind": "gift"}).context["cl"].result_list
    assert [certificate.kind for certificate in shown] == ["gift"]
    gone = Certificate.objects.get(kind="gone")
    assert "gone" in ada.get(f"{LISTS['certificate']}{gone.pk}/change/").content.decode()
