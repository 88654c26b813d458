"""What a version may say: its words, its days, its fee and who takes the leftovers."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.ledger.actions import close_month
from charity_hub.ledger.models import Book
from funds.agreement.workflow import agree_version
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.models import Fund
from tests.builders import active_fund, agreement_version, draft_fund
from tests.cast import other_charity, ping
from tests.funds.attacks import sql, triggers_off

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LONG_AGO = date(2025, 1, 1)
SECOND = "JJ-440605011-02"
IN_A_YEAR = TODAY + timedelta(days=366)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def proposed(fund: Fund, **changes: Any) -> AgreementVersion:
    return agreement_version(fund, state=VersionState.PROPOSED, **changes)


def closed(fund: Fund) -> None:
    with triggers_off():
        sql("UPDATE funds_fund SET state = 'closed' WHERE id = %s", fund.pk)


def refused_field(fund: Fund, **changes: Any) -> str:
    with pytest.raises(Refused) as refused:
        proposed(fund, **changes)
    return refused.value.field or ""


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("aim", {"aim": " "}),
        ("use_terms", {"use_terms": ""}),
        ("termination_terms", {"termination_terms": ""}),
        ("leftover_terms", {"leftover_terms": ""}),
        ("management_fee_bp", {"management_fee_bp": 1001}),
        ("signed_on", {"signed_on": TOMORROW, "valid_from": TOMORROW}),
        ("valid_from", {"valid_from": YESTERDAY}),
        ("ends_on", {"ends_on": TODAY}),
        ("", {"aim": "帮助桂城有需要的居民。"}),
    ],
)
def test_unsound_version_is_refused_where_it_is_mended(field: str, changes: dict[str, Any]) -> None:
    assert refused_field(active_fund(), **changes) == field


def test_versions_follow_each_other_in_time() -> None:
    fund = active_fund()
    agreement_version(fund, valid_from=TOMORROW)
    assert refused_field(fund, valid_from=TODAY, aim="又一宗旨") == "valid_from"


def test_first_day_is_at_most_a_year_ahead() -> None:
    fund = active_fund()
    assert refused_field(fund, valid_from=IN_A_YEAR + timedelta(days=1)) == "valid_from"
    assert agreement_version(fund, valid_from=IN_A_YEAR).number == 2


def test_first_day_typed_wrong_that_waits_already_is_not_agreed_on() -> None:
    version = proposed(active_fund())
    with triggers_off():
        sql("UPDATE funds_agreement_version SET valid_from = '9999-12-31' WHERE id = %s", version.pk)
    with pytest.raises(Refused) as refused:
        agree_version(version, actor=ping())
    assert refused.value.field == "valid_from"


def test_version_never_reaches_back_into_closed_books() -> None:
    fund = active_fund(signed_on=LONG_AGO, starts_on=LONG_AGO)
    last_month = TODAY.replace(day=1) - timedelta(days=1)
    close_month(Book.objects.get(fund=fund), last_month)
    assert refused_field(fund, valid_from=last_month, signed_on=LONG_AGO) == "valid_from"


def test_books_closed_since_the_proposal_keep_it_from_being_agreed_on() -> None:
    first_of_month = TODAY.replace(day=1)
    fund = active_fund(signed_on=LONG_AGO, starts_on=LONG_AGO)
    version = proposed(fund, valid_from=first_of_month - timedelta(days=1), signed_on=LONG_AGO)
    close_month(Book.objects.get(fund=fund), first_of_month - timedelta(days=1))
    with pytest.raises(Refused) as refused:
        agree_version(version, actor=ping())
    assert refused.value.field == "valid_from"


def test_leftovers_go_to_a_fund_of_the_same_charity_alone() -> None:
    elsewhere = active_fund("JJ-440106018-01", name="别处基金", host=other_charity())
    fund = active_fund()
    assert refused_field(fund, leftover_fund=elsewhere) == "leftover_fund"
    assert refused_field(fund, leftover_fund=fund) == "leftover_fund"
    assert refused_field(fund, leftover_fund=draft_fund(name="二号基金")) == "leftover_fund"


def test_fund_that_closed_since_the_proposal_keeps_it_from_being_agreed_on() -> None:
    taker, fund = active_fund(), active_fund(SECOND, name="二号基金")
    version = proposed(fund, leftover_fund=taker)
    closed(taker)
    with pytest.raises(Refused) as refused:
        agree_version(version, actor=ping())
    assert refused.value.field == "leftover_fund"


def named_and_closed() -> Fund:
    """A fund whose agreement names a fund for the leftovers that has closed since."""
    taker, fund = active_fund(), active_fund(SECOND, name="二号基金")
    agreement_version(fund, leftover_fund=taker)
    closed(taker)
    return fund


def test_closed_fund_that_is_named_already_may_stay_named() -> None:
    fund = named_and_closed()
    later = agreement_version(fund, valid_from=TOMORROW, management_fee_bp=100)
    assert later.leftover_fund == Fund.objects.get(code="JJ-440605011-01")


def test_closed_fund_is_not_named_anew() -> None:
    fund = named_and_closed()
    other = active_fund("JJ-440605011-03", name="三号基金")
    closed(other)
    other.refresh_from_db()
    assert refused_field(fund, valid_from=TOMORROW, leftover_fund=other) == "leftover_fund"
