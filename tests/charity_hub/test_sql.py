"""``migrate`` puts the guarantees in force, and no temporary table hides what they read."""

import pytest
from django.db.migrations.recorder import MigrationRecorder

from charity_hub.ledger import guarantees
from charity_hub.people.encryption import encrypt
from charity_hub.sql import install
from funds.spending.models import SpendingState
from tests.builders import gift, spending_request
from tests.charity_hub.ledger.attacks import refused_by, sql

pytestmark = pytest.mark.django_db
POWERLESS = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"


def unpinned() -> list[str]:
    """Functions that look wherever the session looks, but for those of pghistory and pgtrigger."""
    rows = sql(
        "SELECT proname FROM pg_proc JOIN pg_language l ON l.oid = prolang"
        " WHERE pronamespace = current_schema()::regnamespace AND l.lanname IN ('plpgsql', 'sql')"
        " AND proname !~ '^_?pg(h|trigger)_'"
        " AND coalesce(array_to_string(proconfig, ','), '') !~ 'search_path=[^,]+, pg_temp'"
    )
    return [name for (name,) in rows]


def test_every_function_keeps_to_its_schema() -> None:
    assert unpinned() == []
    sql("ALTER FUNCTION people_owns RESET search_path")
    assert unpinned() == ["people_owns"]


def test_what_was_dropped_or_replaced_is_put_in_force_again() -> None:
    sql("ALTER FUNCTION people_owns RESET search_path")
    sql("DROP TRIGGER gift_says_the_same_as_its_transfer ON donations_gift")
    sql("DROP VIEW funds_fund_entries")
    sql(f"CREATE OR REPLACE FUNCTION refuse_change() {POWERLESS}")
    assert len(list(guarantees.broken())) >= 4
    install()
    assert list(guarantees.broken()) == []


def test_a_guard_that_no_model_declares_goes_with_its_function() -> None:
    sql(f"CREATE FUNCTION pgtrigger_once_declared() {POWERLESS}")
    sql(
        "CREATE TRIGGER pgtrigger_once_declared BEFORE INSERT ON donations_gift"
        " FOR EACH ROW EXECUTE FUNCTION pgtrigger_once_declared()"
    )
    assert list(guarantees.broken())
    install()
    assert list(guarantees.broken()) == []


def test_a_database_at_an_earlier_state_is_left_alone() -> None:
    MigrationRecorder.Migration.objects.filter(app="donations").delete()
    sql("DROP TRIGGER gift_says_the_same_as_its_transfer ON donations_gift")
    install()
    assert [name for name in guarantees.broken() if "gift_says_the_same" in name]


def test_a_temporary_table_of_donors_moves_no_gift() -> None:
    one, other = gift(name="陈示例", phone="13800001111"), gift(name="李示例", phone="13800002222")
    sql("CREATE TEMPORARY TABLE donations_donor (id bigint, merged_into_id bigint) ON COMMIT DROP")
    sql("INSERT INTO donations_donor VALUES (%s, %s)", one.donor_id, other.donor_id)
    with refused_by("gift_keeps_its_donor"):
        sql("UPDATE donations_gift SET donor_id = %s WHERE id = %s", other.donor_id, one.pk)


def test_a_temporary_catalogue_opens_no_door_for_new_keys() -> None:
    request = spending_request(state=SpendingState.PAID, payee_account="6222020000000000000")
    sql("CREATE ROLE test_hub_visits")
    sql("GRANT SELECT, UPDATE ON funds_spending_request TO test_hub_visits")
    sql("SET LOCAL ROLE test_hub_visits")
    sql("SET LOCAL charity_hub.reencrypting = 'on'")
    sql("CREATE TEMPORARY TABLE pg_class (oid oid, relowner oid) ON COMMIT DROP")
    sql(
        "INSERT INTO pg_temp.pg_class"
        " SELECT 'funds_spending_request'::regclass, oid FROM pg_roles WHERE rolname = 'test_hub_visits'"
    )
    with refused_by("spending_says_what_was_filed"):
        sql(
            "UPDATE funds_spending_request SET payee_account = %s WHERE id = %s",
            encrypt("6222020000000000001"),
            request.pk,
        )
