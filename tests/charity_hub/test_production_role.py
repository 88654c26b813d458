"""What the application's own role can do with SQL, with the grants of docs/guides/production.md alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from charity_hub.documents.certificates import replace, revoke
from charity_hub.documents.models import Certificate, Document
from charity_hub.documents.uploads import store_made
from charity_hub.jobs.models import Job
from charity_hub.ledger.actions import open_book
from charity_hub.ledger.models import Account, AccountRole
from charity_hub.people.models import FactorReset, Look, Membership, User
from charity_hub.workflow.models import Transition
from funds.spending.models import SpendingState
from tests.builders import (
    acknowledged,
    active_fund,
    draft_fund,
    gift,
    membership,
    purpose_of,
    region,
    spending_request,
    station,
    user,
)
from tests.charity_hub.ledger.attacks import check_deferred, enter, new_transfer, refused_by, sql

pytestmark = pytest.mark.django_db

TODAY = str(timezone.localdate())
GRANTS = """
CREATE ROLE test_hub;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO test_hub;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO test_hub;
SET LOCAL ROLE test_hub;
"""


def as_the_application() -> None:
    """From here on the test works with the role of the portal, which owns nothing."""
    check_deferred()
    with connection.cursor() as cursor:
        cursor.execute(GRANTS)


def ignoring_everything() -> None:
    """Every session setting that a trigger of a library, or of ours, might listen to."""
    names = [name for (name,) in sql("SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal")]
    sql("SELECT set_config('pgtrigger.ignore', %s, true)", "{" + ",".join(names) + "}")
    sql("SELECT set_config('charity_hub.reencrypting', 'on', true)")
    sql("SELECT set_config('pghistory.context_id', '', true)")


def document() -> Document:
    """A made-up file that belongs to no row yet."""
    return store_made("示例.pdf", b"%PDF-1.7 made up", "application/pdf", owner=None, actor=user())


def events_of(row: Any) -> list[str]:
    history = row._meta.get_field("events").related_model
    return list(
        history.objects.filter(pgh_obj_id=row.pk).order_by("pgh_id").values_list("pgh_label", flat=True)
    )


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        ("certificate_says_what_was_printed", "UPDATE documents_certificate SET facts = '{}'"),
        ("certificate_is_never_deleted", "DELETE FROM documents_certificate"),
        ("document_content_stays", "UPDATE documents_document SET sha256 = repeat('0', 64)"),
        ("document_is_never_deleted", "DELETE FROM documents_document"),
        ("history_is_never_changed", "UPDATE people_user_event SET is_superuser = false"),
        ("history_is_never_changed", "DELETE FROM people_membership_event"),
        ("history_is_never_changed", "UPDATE funds_spendingrequestevent SET amount_fen = 1"),
    ],
)
def test_no_session_setting_switches_a_guard_off(rule: str, statement: str) -> None:
    acknowledged(gift())
    document()
    spending_request()
    as_the_application()
    ignoring_everything()
    with refused_by(rule):
        sql(statement)


def test_no_session_setting_keeps_a_change_out_of_the_history() -> None:
    person, held = user(), membership(user())
    as_the_application()
    ignoring_everything()
    sql("UPDATE people_user SET is_superuser = true WHERE id = %s", person.pk)
    sql("DELETE FROM people_membership WHERE id = %s", held.pk)
    assert events_of(person) == ["insert", "update"]
    assert events_of(Membership(pk=held.pk)) == ["insert", "delete"]


def test_second_factors_come_and_go_with_a_line_each() -> None:
    person = user()
    as_the_application()
    sql(
        """INSERT INTO mfa_authenticator (user_id, type, data, created_at)
           VALUES (%s, 'totp', '{"secret": "a"}', now())""",
        person.pk,
    )
    sql("UPDATE mfa_authenticator SET last_used_at = now()")
    sql("""UPDATE mfa_authenticator SET data = '{"secret": "b"}'""")
    sql("DELETE FROM mfa_authenticator")
    told = sql("SELECT event, person_id FROM people_factor_change ORDER BY id")
    assert told == [(event, person.pk) for event in ("added", "changed", "removed")]


def test_the_funds_of_a_station_leave_a_history() -> None:
    place = station()
    as_the_application()
    sql("DELETE FROM donations_station_funds WHERE station_id = %s", place.pk)
    lines = sql("SELECT pgh_label FROM donations_stationfundevent WHERE station_id = %s", place.pk)
    assert lines == [("insert",), ("delete",)]


def a_job() -> Job:
    return Job.objects.create(kind="x", key="x", arguments={"register": 1}, requested_by=user())


def test_who_changed_something_is_not_rewritten() -> None:
    with_context = """SELECT set_config('pghistory.context_id', %s, true),
                             set_config('pghistory.context_metadata', %s, true)"""
    context = "8a3c6f0e-6d5f-4d1e-9d58-0b0a5a1b2c3d"
    person = user()
    as_the_application()
    sql(with_context, context, '{"user": 5, "url": "/desk/"}')
    sql("UPDATE people_user SET name = '甲' WHERE id = %s", person.pk)
    sql(with_context, context, '{"user": 6}')
    sql("UPDATE people_user SET name = '乙' WHERE id = %s", person.pk)
    sql("UPDATE pghistory_context SET metadata = '{}'")
    kept = sql("SELECT metadata ->> 'user', metadata ->> 'url' FROM pghistory_context WHERE id = %s", context)
    assert kept == [("5", "/desk/")]
    with refused_by("history_context_only_grows"):
        sql("DELETE FROM pghistory_context")


def revoked_certificate() -> Certificate:
    certificate = acknowledged(gift())
    revoke(certificate, "voided")
    return certificate


def draft_beside_a_book() -> None:
    draft_fund()
    open_book("JJ-示例-02", "另一账簿")


COLUMNS: list[tuple[str, Callable[[], Any], str]] = [
    ("account_floor_never_falls", active_fund, "UPDATE ledger_account SET floor = -1000000000000"),
    ("account_floor_never_falls", active_fund, "UPDATE ledger_account SET floor = NULL"),
    ("account_keeps_its_role", active_fund, "UPDATE ledger_account SET role = 'bank' WHERE role = 'free'"),
    (
        "purpose_accounts_are_its_own",
        active_fund,
        """INSERT INTO funds_purpose (fund_id, slug, name, restricted, position, net_account_id)
           SELECT f.id, 'x', 'x', true, 9, a.id
           FROM funds_fund f JOIN ledger_account a ON a.book_id = f.book_id AND a.role = 'bank'""",
    ),
    (
        "fund_keeps_its_proposer",
        draft_fund,
        "UPDATE funds_fund SET proposed_by_id = (SELECT min(id) FROM people_user WHERE id <> proposed_by_id)",
    ),
    (
        "fund_book_is_its_own",
        draft_beside_a_book,
        "UPDATE funds_fund SET book_id = (SELECT max(id) FROM ledger_book)",
    ),
    (
        "spending_says_what_was_filed",
        spending_request,
        "UPDATE funds_spending_request SET payee_name = '他人', payee_account = ''",
    ),
    ("spending_says_what_was_filed", spending_request, "UPDATE funds_spending_request SET amount_fen = 1"),
    (
        "spending_keeps_its_filer",
        spending_request,
        "UPDATE funds_spending_request SET filed_by_id = (SELECT max(id) FROM people_user)",
    ),
    (
        "certificate_is_revoked_once",
        revoked_certificate,
        "UPDATE documents_certificate SET revoked_at = NULL",
    ),
    ("regions_are_loaded_by_the_owner", region, "UPDATE regions_region SET parent_id = NULL"),
    ("job_does_what_was_asked", a_job, """UPDATE jobs_job SET arguments = '{"register": 2}'"""),
    ("job_does_what_was_asked", a_job, "UPDATE jobs_job SET requested_by_id = NULL"),
    ("job_is_never_deleted", a_job, "DELETE FROM jobs_job"),
    ("factor_change_is_never_changed", user, "DELETE FROM people_factor_change"),
    (
        "donor_stays_added_by_who_recorded",
        gift,
        "UPDATE donations_donor SET added_by_id = (SELECT max(id) FROM people_user WHERE id <> added_by_id)",
    ),
    (
        "donor_is_added_by_who_recorded",
        gift,
        """INSERT INTO donations_donor (charity_id, kind, name, name_key, pinyin, phone, phone_index,
                                        id_number, id_index, added_by_id, created_at)
           SELECT charity_id, kind, 'x', 'x', '', '', '', '', '', added_by_id, now() FROM donations_donor""",
    ),
    ("certificate_is_revoked_once", revoked_certificate, "UPDATE documents_certificate SET revoked_why = ''"),
]


@pytest.mark.parametrize(("rule", "make", "statement"), COLUMNS)
def test_what_a_rule_trusts_does_not_change(rule: str, make: Callable[[], Any], statement: str) -> None:
    user()
    make()
    as_the_application()
    with refused_by(rule):
        sql(statement)


def test_a_document_gets_its_owner_once() -> None:
    kept, owner = document(), ContentType.objects.get_for_model(User).pk
    as_the_application()
    sql("UPDATE documents_document SET owner_type_id = %s, owner_id = 1 WHERE id = %s", owner, kept.pk)
    with refused_by("document_stays_with_its_owner"):
        sql("UPDATE documents_document SET owner_id = 2 WHERE id = %s", kept.pk)


def source(row: Any) -> dict[str, Any]:
    return {"source_type_id": ContentType.objects.get_for_model(row).pk, "source_id": row.pk}


def of(fund: Any, role: AccountRole) -> Account:
    return Account.objects.get(book=fund.book, role=role)


def test_nobody_declares_a_kind_of_transfer() -> None:
    as_the_application()
    with refused_by("transfer_kinds_are_declared_by_the_code"):
        sql("INSERT INTO ledger_transfer_kind VALUES ('mine', '')")
    with refused_by("transfer_kinds_are_declared_by_the_code"):
        sql("UPDATE ledger_transfer_kind SET source = ''")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE django_content_type SET model = model || '_old'",
        "INSERT INTO django_content_type (app_label, model) VALUES ('mine', 'mine')",
        "DELETE FROM django_content_type",
    ],
)
def test_nobody_renames_a_model(statement: str) -> None:
    as_the_application()
    with refused_by("content_types_are_the_owners"):
        sql(statement)


def test_every_models_name_is_written_by_migrate() -> None:
    ContentType.objects.clear_cache()
    as_the_application()
    models = [model for model in apps.get_models() if not model._meta.proxy]
    assert all(ContentType.objects.get_for_model(model).pk for model in models)


def test_a_gifts_transfer_without_a_gift_is_refused() -> None:
    fund = active_fund()
    recorded = gift()
    bank, net = of(fund, AccountRole.BANK), purpose_of(fund).net_account
    assert net is not None
    as_the_application()
    for row in (source(recorded), source(recorded) | {"source_id": 10**9}):
        with refused_by("gift_transfer_belongs_to_its_gift"):
            enter(new_transfer(kind="gift:person", on="2026-03-05", **row), (bank, 500), (net, -500))


def test_a_payment_without_its_request_is_refused() -> None:
    gift(amount_fen=100_000)
    request = spending_request(state=SpendingState.PAID, amount_fen=1_000)
    spending_request(state=SpendingState.APPROVED, amount_fen=1_000)
    _net, committed = request.purpose.accounts
    bank = of(request.fund, AccountRole.BANK)
    use = request.use
    as_the_application()
    for row in (source(request), source(request) | {"source_id": 10**9}):
        with refused_by("spending_agrees_with_its_transfers"):
            enter(new_transfer(kind=f"payment:{use}", on=TODAY, **row), (committed, 1), (bank, -1))


def test_money_does_not_go_from_one_funds_bank_to_anothers() -> None:
    gift(amount_fen=100_000)
    fund, other = active_fund(), active_fund("JJ-440605011-02")
    banks = of(fund, AccountRole.BANK), of(other, AccountRole.BANK)
    as_the_application()
    for kind in ("leftover", "seed"):
        with refused_by("fund_agrees_with_its_transfers"):
            transfer = new_transfer(kind=kind, on=TODAY, **source(fund))
            enter(transfer, (banks[1], 500), (banks[0], -500))


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        (
            "history_is_written_by_triggers",
            """INSERT INTO people_user_event SELECT * FROM (
                   SELECT (e).* FROM (SELECT jsonb_populate_record(e, jsonb_build_object(
                       'pgh_id', 1000000, 'pgh_created_at', '2020-01-01')) AS e FROM people_user_event e) x
               ) y LIMIT 1""",
        ),
        (
            "phone_change_is_written_by_triggers",
            """INSERT INTO people_phone_change (person_id, old, new, at)
               SELECT id, phone, phone, '2030-01-01' FROM people_user LIMIT 1""",
        ),
    ],
)
def test_nobody_writes_what_triggers_write(rule: str, statement: str) -> None:
    user()
    as_the_application()
    with refused_by(rule):
        sql(statement)


def test_a_reset_is_confirmed_by_an_administrator_alone() -> None:
    person, officer, admin = user(), user(), user(is_superuser=True)
    reset = FactorReset.objects.create(person=person, actor=admin, reason="手机丢失")
    as_the_application()
    with refused_by("factor_reset_is_confirmed_by_an_administrator"):
        sql(
            "UPDATE people_factor_reset SET state = 'confirmed', grounds = 'administrator', "
            "confirmed_by_id = %s WHERE id = %s",
            officer.pk,
            reset.pk,
        )


@pytest.mark.parametrize("model", [Look, Transition, Certificate])
def test_the_database_says_when_it_was(model: Any) -> None:
    replace(Certificate.objects.filter(pk=acknowledged(gift()).pk))
    statement, moment = {
        Look: (
            """INSERT INTO people_look (user_id, subject, field, at)
               SELECT id, 'x', 'phone', '2020-01-01' FROM people_user LIMIT 1""",
            "at",
        ),
        Transition: (
            """INSERT INTO workflow_transition (source_type_id, source_id, old, new, why, at)
               SELECT source_type_id, source_id, '', 'x', '', '2020-01-01'
               FROM workflow_transition LIMIT 1""",
            "at",
        ),
        Certificate: (
            """INSERT INTO documents_certificate
                   (code, kind, facts, source_type_id, source_id, revoked_why, issued_at)
               SELECT 'X', 'gift', facts, source_type_id, source_id, '', '2020-01-01'
               FROM documents_certificate WHERE replaced_at IS NOT NULL""",
            "issued_at",
        ),
    }[model]
    as_the_application()
    sql(statement)
    assert timezone.localdate(getattr(model.objects.latest("pk"), moment)) == timezone.localdate()


def test_every_history_is_kept_by_a_guard() -> None:
    guarded = {
        table
        for (table,) in sql(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s",
            "pgtrigger_history_is_never%",
        )
    }
    histories = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    assert {model._meta.db_table for model in histories} == guarded


def test_no_trigger_listens_to_pgtriggers_setting() -> None:
    listening = sql(
        "SELECT tgname FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid WHERE p.prosrc ~ 'should_ignore'"
    )
    assert listening == []


@pytest.mark.parametrize(
    ("rule", "kind", "facts"),
    [
        ("certificate_kind_is_declared", "mine", "facts"),
        ("certificate_says_what_its_row_says", "gift", """facts || '{"amount_fen": 99999999}'"""),
        ("certificate_says_what_its_row_says", "gift", "'{}'"),
        ("certificate_says_what_its_row_says", "annual_report", "facts"),
    ],
)
def test_a_forged_certificate_is_refused(rule: str, kind: str, facts: str) -> None:
    replace(Certificate.objects.filter(pk=acknowledged(gift()).pk))
    as_the_application()
    with refused_by(rule):
        sql(
            f"""INSERT INTO documents_certificate
                    (code, kind, facts, source_type_id, source_id, revoked_why, issued_at)
                SELECT 'X', '{kind}', {facts}, source_type_id, source_id, '', now()
                FROM documents_certificate"""
        )
        check_deferred()


def test_nobody_declares_a_kind_of_certificate() -> None:
    as_the_application()
    with refused_by("certificate_kinds_are_declared_by_the_code"):
        sql("INSERT INTO documents_certificate_kind VALUES ('mine', '', '')")
