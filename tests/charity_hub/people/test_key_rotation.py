"""A new key for personal data: everything under it, nothing else changed, and no way round the freeze."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from charity_hub.people.encryption import encrypt, is_under
from charity_hub.people.key_rotation import columns
from charity_hub.portal.models import Draft
from donations.money.models import Donor
from donations.money.search import donors_matching
from funds.spending.models import SpendingRequest, SpendingState
from tests.builders import gift, spending_request
from tests.cast import mei, ping
from tests.funds.attacks import refused_by, sql

pytestmark = pytest.mark.django_db

OLD, NEW = "the-old-key", "the-new-key"
PHONE, ACCOUNT = "13800001234", "6222020000001234567"


@pytest.fixture(autouse=True)
def _old_key(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [OLD]


def rotate(settings: Settings, *options: str) -> str:
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    out = StringIO()
    call_command("reencrypt", *options, stdout=out, stderr=out)
    return out.getvalue()


def stored(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} <> '' ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def all_values() -> list[str]:
    return [value for model, field in columns() for value in stored(model._meta.db_table, field.name)]


def test_every_value_and_its_history_are_readable_with_the_new_key_alone(settings: Settings) -> None:
    gift(phone=PHONE)
    spending_request(state=SpendingState.PAID)
    Draft.objects.create(user=mei(), form_key="f", data="name=x")
    rotate(settings)
    assert len(all_values()) >= 5
    assert all(is_under(NEW, value) for value in all_values())


@pytest.mark.parametrize("state", SpendingState.values)
def test_request_in_any_state_keeps_its_account(settings: Settings, state: str) -> None:
    request = spending_request(state=state, payee_account=ACCOUNT)
    rotate(settings)
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert SpendingRequest.objects.get(pk=request.pk).payee_account == ACCOUNT


def history(request: SpendingRequest) -> int:
    events = SpendingRequest._meta.get_field("events").related_model
    assert isinstance(events, type)
    return events._default_manager.filter(pgh_obj_id=request.pk).count()


def test_history_gets_no_entry(settings: Settings) -> None:
    request = spending_request(state=SpendingState.APPROVED)
    kept = history(request)
    rotate(settings)
    assert history(request) == kept


def test_second_factors_follow(settings: Settings) -> None:
    TOTP.activate(mei(), "JBSWY3DPEHPK3PXP")
    rotate(settings)
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert is_under(NEW, Authenticator.objects.get().data["secret"])


def test_again_it_changes_nothing(settings: Settings) -> None:
    gift(phone=PHONE)
    rotate(settings)
    before = all_values()
    assert "donations.Donor.phone: 0 rewritten, 1 left" in rotate(settings)
    assert all_values() == before


def test_small_batches_reach_everything(settings: Settings) -> None:
    for number in range(5):
        gift(phone=f"1380000000{number}", name=f"陈{number}")
    rotate(settings, "--batch=2")
    assert all(is_under(NEW, value) for value in stored("donations_donor", "phone"))


def test_what_no_key_opens_is_named_and_left_and_the_rest_is_done(settings: Settings) -> None:
    gift(phone=PHONE)
    draft = Draft.objects.create(user=mei(), form_key="f", data="x")
    sql("UPDATE portal_draft SET data = 'gAAAAlost' WHERE id = %s", draft.pk)
    with pytest.raises(CommandError, match="1 values were left"):
        rotate(settings)
    assert stored("portal_draft", "data") == ["gAAAAlost"]
    assert all(is_under(NEW, value) for value in stored("donations_donor", "phone"))


def found(typed: str) -> int:
    return Donor.objects.filter(donors_matching(ping(), typed)).count()


def test_donors_are_found_between_new_key_and_new_index(settings: Settings) -> None:
    gift(phone=PHONE)
    rotate(settings)
    assert [found(typed) for typed in (PHONE, PHONE[-4:])] == [1, 1]


def test_after_the_indexes_the_old_key_may_go(settings: Settings) -> None:
    gift(phone=PHONE)
    rotate(settings, "--indexes")
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert [found(typed) for typed in (PHONE, PHONE[-4:])] == [1, 1]


@pytest.mark.parametrize("index", ["phone_index", "phone_end_index"])
def test_index_of_another_key_is_left_and_named(settings: Settings, index: str) -> None:
    gift(phone=PHONE)
    sql(f"UPDATE donations_donor SET {index} = repeat('0', 64)")
    with pytest.raises(CommandError, match="1 values were left"):
        rotate(settings, "--indexes")
    assert stored("donations_donor", index) == ["0" * 64]


# --- the freeze, attacked ------------------------------------------------------------------------


@contextmanager
def declared() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('charity_hub.reencrypting', 'on', true)")
        yield
        cursor.execute("SELECT set_config('charity_hub.reencrypting', '', true)")


@contextmanager
def working_role() -> Iterator[None]:
    """The role that the portal works with in production: it reads and writes, and owns nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE test_hub_works")
        cursor.execute(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO test_hub_works"
        )
        cursor.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO test_hub_works")
        cursor.execute("SET LOCAL ROLE test_hub_works")
        yield
        cursor.execute("RESET ROLE")
        transaction.set_rollback(True)


def change(request: SpendingRequest, columns: str, *values: Any) -> None:
    sql(f"UPDATE funds_spending_request SET {columns} WHERE id = %s", *values, request.pk)


@pytest.fixture
def approved() -> SpendingRequest:
    return spending_request(state=SpendingState.APPROVED, payee_account=ACCOUNT)


@pytest.fixture
def final() -> SpendingRequest:
    return spending_request(state=SpendingState.PAID, payee_account=ACCOUNT)


def test_working_role_cannot_declare_itself_through(approved: SpendingRequest) -> None:
    with working_role(), declared(), refused_by("spending_says_what_was_filed"):
        change(approved, "payee_account = %s", encrypt(ACCOUNT))


def test_working_role_cannot_pass_at_a_final_row(final: SpendingRequest) -> None:
    with working_role(), declared(), refused_by("spending_says_what_was_filed"):
        change(final, "payee_account = %s", encrypt(ACCOUNT))


def test_owner_who_does_not_declare_it_is_refused(approved: SpendingRequest) -> None:
    with refused_by("spending_says_what_was_filed"):
        change(approved, "payee_account = %s", encrypt(ACCOUNT))


@pytest.mark.parametrize("value", ["", "6222", "gAAAAA=", "plain text that is as long as the token was"])
def test_what_is_no_token_of_the_same_length_is_refused(final: SpendingRequest, value: str) -> None:
    with declared(), refused_by("spending_final_never_changes"):
        change(final, "payee_account = %s", value)


@pytest.mark.parametrize(
    ("also", "rule"),
    [
        ("amount_fen = 1", "spending_final_never_changes"),
        ("payee_name = '别人'", "spending_final_never_changes"),
        ("explanation = '改'", "spending_final_never_changes"),
        ("state = 'released'", "spendingrequest_moves_by_its_workflow"),
    ],
)
def test_nothing_passes_together_with_the_token(final: SpendingRequest, also: str, rule: str) -> None:
    with declared(), refused_by(rule):
        change(final, f"payee_account = %s, {also}", encrypt(ACCOUNT))


def test_command_asks_for_the_owner_before_it_begins(settings: Settings) -> None:
    gift(phone=PHONE)
    with working_role(), pytest.raises(CommandError, match="owner"):
        rotate(settings)
    assert not any(is_under(NEW, value) for value in all_values())
