"""What PostgreSQL refuses of agreements, attacked round Python."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from charity_hub.ledger.actions import close_month
from charity_hub.ledger.models import Book
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.models import Fund
from funds.profile.workflow import wind_up_fund
from tests.builders import active_fund, agreement_version, draft_fund
from tests.cast import mei, other_charity, ping
from tests.funds.attacks import refused_by, sql, triggers_off, without_guard

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def moves_need_no_history() -> None:
    """These tests move rows by SQL alone; that a move has its history row is tested in ``test_workflow``."""
    without_guard(AgreementVersion, "agreementversion_moves_are_recorded")


TODAY = timezone.localdate()
PROPOSED = VersionState.PROPOSED
AGREE = (
    "UPDATE funds_agreement_version SET state = 'agreed', number = %s, agreed_by_id = %s, agreed_on = %s "
    "WHERE id = %s"
)
WORDS = [
    ("aim", "别的"),
    ("agreement_number", "9"),
    ("signed_on", "2020-01-01"),
    ("ends_on", "2099-01-01"),
    ("use_terms", "别的"),
    ("rights_terms", "别的"),
    ("termination_terms", "别的"),
    ("leftover_terms", "别的"),
]


@pytest.mark.parametrize(
    ("column", "value"),
    [*WORDS, ("management_fee_bp", 1), ("valid_from", "2099-01-01"), ("reason", "别的"), ("number", 7)],
)
@pytest.mark.parametrize("state", [PROPOSED, VersionState.AGREED])
def test_version_never_changes(column: str, value: object, state: str) -> None:
    version = agreement_version(active_fund(), state=state)
    with refused_by("agreement_version_never_changes"):
        sql(f"UPDATE funds_agreement_version SET {column} = %s WHERE id = %s", value, version.pk)


@pytest.mark.parametrize(
    ("column", "value"), [*WORDS, ("starts_on", "2020-01-01"), ("seed_money_from", "别人")]
)
def test_words_of_the_first_agreement_never_change(column: str, value: object) -> None:
    fund = active_fund()
    with refused_by("fund_agreed_words_never_change"):
        sql(f"UPDATE funds_fund SET {column} = %s WHERE id = %s", value, fund.pk)


def test_words_do_not_change_in_the_step_that_agrees_either() -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    with refused_by("agreement_version_never_changes"):
        sql(AGREE.replace("SET", "SET aim = '别的',"), 2, ping().pk, TODAY, version.pk)


def test_version_is_never_deleted_or_truncated() -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    with refused_by("agreement_version_is_never_deleted"):
        sql("DELETE FROM funds_agreement_version WHERE id = %s", version.pk)
    with refused_by("agreement_version_is_never_truncated"):
        sql("TRUNCATE funds_agreement_version")


def test_proposer_never_agrees() -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    with refused_by("agreement_not_agreed_by_its_proposer"):
        sql(AGREE, 2, mei().pk, TODAY, version.pk)


def test_version_is_not_agreed_on_without_an_officer() -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    with refused_by("agreement_agreed_names_number_officer_and_day"):
        sql(AGREE, 2, None, TODAY, version.pk)


def test_version_is_not_agreed_on_before_it_is_signed() -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    with refused_by("agreement_signed_before_it_is_agreed_on"):
        sql(AGREE, 2, ping().pk, TODAY - timedelta(days=1), version.pk)


@pytest.mark.parametrize("number", [3, 9])
def test_no_number_is_left_out(number: int) -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    with refused_by("agreement_versions_follow_each_other"):
        sql(AGREE, number, ping().pk, TODAY, version.pk)


def copied(version: AgreementVersion, **fields: object) -> None:
    """The same version once more, as a new proposal with these fields, by SQL alone."""
    values = {"state": PROPOSED, "number": None, "agreed_by": None, "agreed_on": None}
    copy = AgreementVersion.objects.get(pk=version.pk)
    for name, value in (values | fields).items():
        setattr(copy, name, value)
    copy.pk = None
    AgreementVersion.objects.bulk_create([copy])


def test_later_number_never_holds_earlier() -> None:
    first = agreement_version(active_fund(), valid_from=TODAY + timedelta(days=2))
    copied(first, valid_from=TODAY + timedelta(days=1))
    with refused_by("agreement_versions_follow_each_other"):
        sql(AGREE, 3, ping().pk, TODAY, AgreementVersion.objects.latest("pk").pk)


def test_one_proposal_waits_at_a_time() -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    with refused_by("agreement_one_proposal_at_a_time"):
        copied(version)


def test_version_is_born_a_proposal() -> None:
    version = agreement_version(active_fund())
    tomorrow = TODAY + timedelta(days=1)
    with refused_by("agreementversion_moves_by_its_workflow"):
        copied(
            version,
            state=VersionState.AGREED,
            number=3,
            agreed_by=ping(),
            agreed_on=TODAY,
            valid_from=tomorrow,
        )


def test_version_never_reaches_back_into_closed_books() -> None:
    fund = active_fund()
    version = agreement_version(fund, state=PROPOSED, valid_from=TODAY)
    last_month = TODAY.replace(day=1) - timedelta(days=1)
    close_month(Book.objects.get(fund=fund), last_month)
    with triggers_off():
        sql(
            "UPDATE funds_agreement_version SET valid_from = %s, signed_on = %s WHERE id = %s",
            *(last_month, last_month, version.pk),
        )
    with refused_by("agreement_holds_from_an_open_month"):
        sql(AGREE, 2, ping().pk, TODAY, version.pk)


@pytest.mark.parametrize(
    ("first_day", "agreed_on"),
    [
        (TODAY + timedelta(days=367), TODAY),
        (date(9999, 12, 31), TODAY),
        (date(9999, 12, 31), date(9999, 1, 1)),
    ],
)
def test_first_day_typed_wrong_never_freezes_the_agreement(first_day: date, agreed_on: date) -> None:
    copied(agreement_version(active_fund()), valid_from=first_day)
    with refused_by("agreement_holds_from_within_a_year"):
        sql(AGREE, 3, ping().pk, agreed_on, AgreementVersion.objects.latest("pk").pk)


def test_first_day_a_year_ahead_is_agreed_on() -> None:
    copied(agreement_version(active_fund()), valid_from=TODAY + timedelta(days=366))
    sql(AGREE, 3, ping().pk, TODAY, AgreementVersion.objects.latest("pk").pk)
    assert AgreementVersion.objects.latest("pk").state == VersionState.AGREED


def test_agreement_of_a_fund_that_winds_up_stays() -> None:
    fund = active_fund()
    version = agreement_version(fund)
    wind_up_fund(fund, "协议到期。", actor=ping())
    with refused_by("agreement_changes_while_its_fund_is_in_force"):
        copied(version, valid_from=TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"management_fee_bp": 1001}, "agreement_fee_at_most_10_percent"),
        ({"signed_on": TODAY + timedelta(days=1)}, "agreement_signed_before_it_holds"),
        ({"ends_on": TODAY}, "agreement_ends_after_it_holds"),
        ({"number": 1}, "agreement_agreed_names_number_officer_and_day"),
    ],
)
def test_proposal_holds_no_impossible_terms(fields: dict[str, object], constraint: str) -> None:
    version = agreement_version(active_fund())
    with refused_by(constraint):
        copied(version, **fields)


def test_leftovers_never_stay_with_the_fund_itself() -> None:
    version = agreement_version(active_fund())
    with refused_by("agreement_leftovers_go_elsewhere"):
        copied(version, leftover_fund=version.fund)


@pytest.mark.parametrize("words", ["", " ", "\n", "\t \r\n", "\u3000", "\u00a0\u2003"])
@pytest.mark.parametrize("column", ["aim", "use_terms", "termination_terms", "leftover_terms", "reason"])
def test_version_says_all_it_must(column: str, words: str) -> None:
    version = agreement_version(active_fund())
    with refused_by("agreement_says_all_it_must"):
        copied(version, **{column: words})


def fund_elsewhere() -> Fund:
    return active_fund("JJ-440106018-01", name="别处基金", host=other_charity())


def test_leftovers_never_go_to_a_fund_of_another_charity() -> None:
    version = agreement_version(active_fund())
    with refused_by("agreement_leftovers_stay_with_the_host"):
        copied(version, leftover_fund=fund_elsewhere())


def test_leftovers_never_go_to_a_draft_whose_charity_may_still_change() -> None:
    version = agreement_version(active_fund())
    with refused_by("agreement_leftovers_stay_with_the_host"):
        copied(version, leftover_fund=draft_fund(name="二号基金"))


def test_proposal_that_names_a_fund_of_another_charity_is_never_agreed_on() -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    taker = fund_elsewhere()
    with triggers_off():
        sql("UPDATE funds_agreement_version SET leftover_fund_id = %s WHERE id = %s", taker.pk, version.pk)
    with refused_by("agreement_leftovers_stay_with_the_host"):
        sql(AGREE, 2, ping().pk, TODAY, version.pk)


FLOW = {
    VersionState.PROPOSED: {"agreed", "returned", "withdrawn", "ended"},
    VersionState.RETURNED: {"withdrawn"},
    VersionState.WITHDRAWN: set[str](),
    VersionState.ENDED: set[str](),
    VersionState.AGREED: set[str](),
}
MOVES = [(old, new) for old in VersionState for new in VersionState if old != new]


@pytest.mark.parametrize(("old", "new"), MOVES)
def test_state_moves_exactly_by_the_table(old: VersionState, new: VersionState) -> None:
    version = agreement_version(active_fund(), state=PROPOSED)
    decided = (2, ping().pk, TODAY)
    with triggers_off():
        sql(
            "UPDATE funds_agreement_version SET state = %s, number = %s, agreed_by_id = %s, agreed_on = %s",
            old,
            *(decided if old == VersionState.AGREED else (None, None, None)),
        )
    step = "UPDATE funds_agreement_version SET state = %s, number = %s, agreed_by_id = %s, agreed_on = %s"
    values = (new, *(decided if new == VersionState.AGREED else (None, None, None)))
    if new in FLOW[old]:
        sql(step, *values)
        assert AgreementVersion.objects.get(pk=version.pk).state == new
    else:
        final = old not in {VersionState.PROPOSED, VersionState.RETURNED}
        rule = "agreement_version_never_changes" if final else "agreementversion_moves_by_its_workflow"
        with refused_by(rule):
            sql(step, *values)
