"""What PostgreSQL guarantees of gifts, attacked with SQL that goes round the actions."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import Error, IntegrityError, connection, transaction

from charity_hub.ledger.actions import Line, post, reverse
from charity_hub.numbering import draw_ids
from donations.money.models import DonorKind, Gift
from funds.profile.accounts import bank_of
from funds.profile.workflow import suspend_fund
from tests.builders import active_fund, gift, purpose_of, station, voided
from tests.cast import other_charity, ping, wen
from tests.charity_hub.ledger.attacks import check_deferred
from tests.funds.attacks import sql_unchecked


def attack(sql: str, values: Sequence[Any] = ()) -> None:
    """Run the statement and make everything deferred speak up."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount_fen", "1"),
        ("number", "'JZ-0000-000001'"),
        ("fund_id", "fund_id + 1"),
        ("purpose_id", "purpose_id + 1"),
        ("donor_id", "NULL"),
        ("donor_kind", "'organization'"),
        ("given_on", "given_on - 1"),
        ("way", "'cheque'"),
        ("handler", "'别人'"),
        ("station_id", "station_id + 1"),
        ("transfer_id", "transfer_id - 1"),
        ("recorded_by_id", "recorded_by_id + 1"),
        ("key", "'other'"),
    ],
)
def test_a_recorded_gift_is_never_edited(column: str, value: str) -> None:
    given = gift()
    with pytest.raises(IntegrityError, match="UPDATE of donations_gift: refused"):
        attack(f"UPDATE donations_gift SET {column} = {value} WHERE id = %s", [given.pk])


@pytest.mark.django_db
def test_a_gift_is_never_deleted() -> None:
    given = gift()
    with pytest.raises(Error, match="of donations_gift: refused"):
        attack("DELETE FROM donations_gift WHERE id = %s", [given.pk])


@pytest.mark.django_db
def test_gifts_are_never_truncated() -> None:
    gift()
    with pytest.raises(Error, match="of donations_gift: refused"):
        attack("TRUNCATE donations_gift CASCADE")


@pytest.mark.django_db
def test_a_voided_gift_never_comes_back() -> None:
    given = voided(gift(), "金额写错", actor=wen())
    with pytest.raises(IntegrityError, match="does not move from voided to recorded"):
        attack("UPDATE donations_gift SET state = 'recorded' WHERE id = %s", [given.pk])


@pytest.mark.django_db
def test_no_gift_is_voided_without_a_reversal() -> None:
    given = gift()
    with pytest.raises(IntegrityError, match="if and only if"):
        attack(
            "UPDATE donations_gift SET state = 'voided', voided_by_id = recorded_by_id WHERE id = %s",
            [given.pk],
        )


@pytest.mark.django_db
def test_no_gift_is_reversed_without_being_voided() -> None:
    given = gift()
    with transaction.atomic():
        reverse(given.transfer, "绕过", actor=None)
        with pytest.raises(IntegrityError, match="if and only if"):
            attack("SELECT 1")
        transaction.set_rollback(True)


COPY = """
INSERT INTO donations_gift (id, number, station_id, fund_id, purpose_id, donor_id, donor_kind, amount_fen,
way, given_on, handler,
    publish_name, publish_amount, official_receipt, note, state, recorded_by_id, recorded_at, key,
    transfer_id)
SELECT {pk}, 'JZ-X', {station}, {fund}, {purpose}, {donor}, {donor_kind}, {amount}, {way}, {given_on},
handler, publish_name,
    publish_amount, official_receipt, note, {state}, {recorded_by}, recorded_at, 'copy', {transfer}
FROM donations_gift WHERE id = %s
"""


def copy_with(**changed: object) -> None:
    """Insert a gift of ¥100.00 in cash by 陈示例, with these columns changed."""
    copy_of(gift(), **changed)


def copy_of(given: Gift, **changed: object) -> None:
    """Insert a gift like this one, with a fresh transfer and with these columns changed."""
    lines = [Line(entry.account_id, entry.amount) for entry in given.transfer.entries.all()]
    attack_with(lines, given, **changed)


def attack_with(lines: Sequence[Line], given: Gift, **changed: object) -> None:
    """Insert a gift like this one, with these columns changed and a transfer of these lines."""
    columns = {
        "station": "station_id",
        "fund": "fund_id",
        "purpose": "purpose_id",
        "donor": "donor_id",
        "donor_kind": "donor_kind",
        "amount": "amount_fen",
        "way": "way",
        "given_on": "given_on",
        "state": "state",
        "recorded_by": "recorded_by_id",
    }
    (pk,) = draw_ids(Gift, 1)
    check_deferred()
    with transaction.atomic():
        fresh = post(
            "gift:person",
            lines,
            key="fresh",
            occurred_on=given.given_on,
            actor=given.recorded_by,
            source=(ContentType.objects.get_for_model(Gift).pk, pk),
        )
        sql_unchecked(COPY.format(**{"pk": pk, "transfer": fresh.pk} | columns | changed), given.pk)
        check_deferred()


@pytest.mark.django_db
def test_a_gift_that_says_the_same_as_its_transfer_is_let_in() -> None:
    copy_with()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed",
    [
        {"amount": "amount_fen + 1"},
        {"given_on": "given_on - 1"},
        {"way": "'bank_transfer'"},
        {"way": "'qr_transfer'"},
        {"donor_kind": "'anonymous'", "donor": "NULL"},
        {"recorded_by": "NULL"},
        {"recorded_by": "recorded_by_id + 1000"},
        {"transfer": "(SELECT min(id) FROM ledger_transfer)"},
        {"transfer": "(SELECT max(id) + 1000 FROM ledger_transfer)"},
    ],
)
def test_a_gift_says_the_same_as_its_transfer(changed: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="does not say the same"):
        copy_with(**changed)


@pytest.mark.django_db
def test_cash_is_kept_at_the_station_of_its_gift() -> None:
    other = station("ZD-440605011-02")
    with pytest.raises(IntegrityError, match="does not say the same"):
        copy_with(station=other.pk)


@pytest.mark.django_db
def test_a_cheque_is_kept_with_the_cash() -> None:
    copy_with(way="'cheque'")


@pytest.mark.django_db
def test_a_suspended_fund_takes_no_gift() -> None:
    given = gift()
    suspend_fund(given.fund, "示例原因", actor=ping())
    with pytest.raises(IntegrityError, match="is suspended, so it takes no gift"):
        copy_of(given)


@pytest.mark.django_db
def test_a_gift_is_for_the_purpose_that_its_transfer_credits() -> None:
    other = purpose_of(active_fund(), "schooling")
    with pytest.raises(IntegrityError, match="does not say the same"):
        copy_with(purpose=other.pk)


@pytest.mark.django_db
def test_a_purpose_belongs_to_the_fund_of_the_gift() -> None:
    given, other = gift(), active_fund("JJ-440605011-02")
    lines = [Line(bank_of(other), 10_000), Line(given.purpose.accounts[0], -10_000)]
    with pytest.raises(IntegrityError, match="does not say the same"):
        attack_with(lines, given, fund=other.pk, way="'bank_transfer'")


@pytest.mark.django_db
def test_no_gift_is_for_a_fund_that_is_not_there() -> None:
    with pytest.raises(IntegrityError, match="does not say the same"):
        copy_with(fund="fund_id + 1000")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("DELETE FROM funds_purpose WHERE id = %s", "DELETE of funds_purpose: refused"),
        ("UPDATE funds_purpose SET fund_id = fund_id + 1000 WHERE id = %s", "keeps what was given for it"),
        ("UPDATE funds_purpose SET id = id + 1000 WHERE id = %s", "keeps what was given for it"),
    ],
)
def test_a_purpose_with_gifts_stays_and_keeps_its_fund(statement: str, refusal: str) -> None:
    with pytest.raises(IntegrityError, match=refusal):
        attack(statement, [gift().purpose_id])


@pytest.mark.django_db
def test_a_fund_with_gifts_stays() -> None:
    with pytest.raises(IntegrityError):
        attack("DELETE FROM funds_fund WHERE id = %s", [gift().fund_id])


@pytest.mark.django_db
def test_a_purpose_belongs_to_a_fund() -> None:
    """On this the fund of a gift relies."""
    constraint = (
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = 'funds_purpose'::regclass AND confrelid = 'funds_fund'::regclass"
    )
    with connection.cursor() as cursor:
        cursor.execute(constraint)
        assert cursor.fetchall() == [
            ("FOREIGN KEY (fund_id) REFERENCES funds_fund(id) DEFERRABLE INITIALLY DEFERRED",)
        ]


@pytest.mark.django_db
def test_a_donor_belongs_to_the_host_charity() -> None:
    elsewhere = active_fund("JJ-440106018-01", host=other_charity())
    donor = gift(station=station("ZD-440106018-01", funds=[elsewhere]), fund=elsewhere).donor
    assert donor
    with pytest.raises(IntegrityError, match="another charity"):
        copy_with(donor=donor.pk)


@pytest.mark.django_db
def test_no_gift_begins_voided() -> None:
    with pytest.raises(IntegrityError, match="does not begin as voided"):
        copy_with(state="'voided'")


@pytest.mark.django_db
def test_a_voided_gift_names_who_voided_it() -> None:
    given = gift()
    with pytest.raises(IntegrityError, match="gift_voided_by_someone"):
        attack("UPDATE donations_gift SET state = 'voided' WHERE id = %s", [given.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["0", "-1", "10000000001"])
def test_an_amount_is_up_to_100_million_yuan(amount: str) -> None:
    with pytest.raises(IntegrityError, match="gift_amount_up_to_100_million_yuan"):
        copy_with(amount=amount)


@pytest.mark.django_db
def test_a_named_gift_has_a_donor() -> None:
    with pytest.raises(IntegrityError, match="gift_names_a_donor_unless_anonymous"):
        copy_with(donor="NULL")


@pytest.mark.django_db
def test_a_donor_with_gifts_is_kept() -> None:
    given = gift(donor_kind=DonorKind.PERSON)
    with pytest.raises(IntegrityError, match="foreign key"):
        attack("DELETE FROM donations_donor WHERE id = %s", [given.donor_id])


@pytest.mark.django_db
def test_what_may_change_changes() -> None:
    given = gift()
    attack(
        "UPDATE donations_gift SET official_receipt = '粤财 1', publish_name = true WHERE id = %s", [given.pk]
    )
    given.refresh_from_db()
    assert (given.official_receipt, given.publish_name) == ("粤财 1", True)


@pytest.mark.django_db
def test_all_that_a_gift_refers_to_are_foreign_keys() -> None:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "donations_gift").values()
    referring = {tuple(one["columns"]) for one in constraints if one["foreign_key"]}
    assert {(field.column,) for field in Gift._meta.concrete_fields if field.is_relation} <= referring
