"""Days and times are Shanghai's, also where a row is named by one."""

from datetime import UTC, datetime

import pytest
from django.db import models

from charity_hub.people.models import FactorReset, PhoneChange, SignIn, TextMessage, User
from donations.models import DonorLookup, Register, Station

LATE = datetime(2026, 11, 30, 17, 5, tzinfo=UTC)  # after midnight in Shanghai
SOMEBODY = User(name="文示例")
NAMED = [
    FactorReset(person=SOMEBODY, at=LATE),
    PhoneChange(person=SOMEBODY, at=LATE),
    SignIn(user=SOMEBODY, at=LATE),
    TextMessage(sent_at=LATE),
    Register(station=Station(name="示例站点"), uploaded_at=LATE),
    DonorLookup(person=SOMEBODY, at=LATE),
]


@pytest.mark.parametrize("row", NAMED, ids=lambda row: type(row).__name__)
def test_a_row_is_named_by_its_time_in_shanghai(row: models.Model) -> None:
    assert "2026-12-01 01:05" in str(row)
