"""The reference: django-hordak posts one by one, in its own process and virtual environment.

Called by ``bench.ledger`` with a database's address and a number of transfers; prints transfers per second.
"""

import json
import sys
import time

import django
from django.conf import settings


def configure(where: dict[str, str]) -> None:
    settings.configure(
        SECRET_KEY="only for this benchmark",  # noqa: S106
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney", "hordak"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": where["dbname"],
                "OPTIONS": {name: value for name, value in where.items() if name != "dbname"},
                "CONN_MAX_AGE": 60,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DEFAULT_CURRENCY="CNY",
        CURRENCIES=["CNY"],
        HORDAK_CURRENCIES=["CNY"],
        HORDAK_INTERNAL_CURRENCY="CNY",
        USE_TZ=True,
    )
    django.setup()


def rate(count: int) -> float:
    from django.core.management import call_command
    from hordak.models import Account, AccountType
    from moneyed import Money

    call_command("migrate", verbosity=0)
    bank = Account.objects.create(name="Bank", code="1", type=AccountType.asset, currencies=["CNY"])
    income = Account.objects.create(name="Gifts", code="2", type=AccountType.income, currencies=["CNY"])
    start = 0.0
    for number in range(-50, count):
        if number == 0:
            start = time.perf_counter()
        income.transfer_to(bank, Money(5, "CNY"), description="gift")
    return count / (time.perf_counter() - start)


if __name__ == "__main__":
    configure(json.loads(sys.argv[1]))
    print(rate(int(sys.argv[2])))
