"""Prepared rows are the same as the rows that the portal's own actions create."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils.timezone import get_default_timezone, localdate, now

from charity_hub.ledger.models import Account
from charity_hub.ledger.verification import differences
from charity_hub.workflow.actions import history
from funds.profile.models import Fund, Purpose
from tests import database
from tests.builders import active_fund, station, user
from tests.cast import guicheng, mei, ping
from tests.database import HIGH, LOW

pytestmark = pytest.mark.django_db


def built(fund: Fund) -> list[object]:
    """The state of a fund: itself, its purposes, accounts and transitions."""
    return [
        (fund.code, fund.name, fund.state, fund.activated_on, fund.host.name, fund.region.full_name),
        sorted(fund.purposes.values_list("slug", "name", "restricted")),
        sorted(Account.objects.filter(book=fund.book).values_list("code", "balance")),
        list(history(fund).order_by("pk").values_list("old", "new", "actor__name")),
    ]


def test_rows_put_back_are_those_that_the_builder_makes() -> None:
    put_back = active_fund()
    seen = built(put_back)
    assert LOW < put_back.pk < HIGH
    database.empty()
    anew = active_fund.__wrapped__()  # type: ignore[attr-defined]
    assert anew.pk > HIGH
    assert built(anew) == seen


def test_books_of_prepared_rows_are_proven() -> None:
    station()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert list(differences()) == []


def test_nobody_is_put_back_twice() -> None:
    street = mei()
    fund = active_fund()
    assert (fund.proposed_by, fund.region) == (street, guicheng())
    assert Purpose.objects.filter(fund=active_fund()).count() == Purpose.objects.count()


def test_what_a_test_made_itself_stays_in_its_place() -> None:
    own = user("另一人", ping().phone.replace("13900000003", "13900000001"))
    assert active_fund().proposed_by == own == mei()


@pytest.mark.parametrize("moment", [time(0, 5), time(23, 55)])
def test_rows_bear_the_moment_at_which_they_are_put_back(moment: time) -> None:
    active_fund()
    database.empty()
    with time_machine.travel(datetime.combine(localdate(), moment, get_default_timezone())):
        assert timedelta(0) < now() - history(active_fund()).latest("at").at < timedelta(minutes=1)
