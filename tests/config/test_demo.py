"""The demo shows what the portal can do."""

import random
from datetime import date

import pytest

from config.demo.activity import gifts_of_month
from tests.builders import active_fund, station

pytestmark = pytest.mark.django_db


def test_a_month_of_the_demo_has_gifts_of_every_consent() -> None:
    chance = random.Random("demo")
    gifts = gifts_of_month(active_fund(), station(), date(2025, 3, 1), date(2025, 3, 31), chance, 1)
    consents = {(gift.publish_name, gift.publish_amount) for gift in gifts}
    assert consents == {(True, True), (True, False), (False, True), (False, False)}
