"""What a first visit costs as ``make run`` serves it: with DEBUG on, from the files as they lie there."""

import re
from urllib.parse import urljoin

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.builders import active_fund, gift

pytestmark = pytest.mark.django_db

MOST_BYTES = 120_000
# Style sheets, scripts and pictures of a page, and what a script imports.
NAMED = re.compile(rb'(?:<(?:link|script|img)[^>]*?(?:href|src)="|from ")([^"]*?\.(?:css|js|svg|png|webp))')


def weight(client: Client, address: str) -> int:
    """Bytes of a page and of all that it loads, in what a browser accepts."""
    sizes: dict[str, int] = {}
    todo = [address]
    while todo:
        here = todo.pop()
        if here in sizes:
            continue
        answer = client.get(here, headers={"Accept-Encoding": "gzip, br"})
        assert answer.status_code == 200, here
        body = answer.getvalue()
        sizes[here] = len(body)
        if answer.get("Content-Encoding") == "br" and here.endswith(".js"):
            body = client.get(here).getvalue()
        todo += [urljoin(here, found.decode()) for found in NAMED.findall(body)]
    assert len(sizes) > 5
    return sum(sizes.values())


@pytest.mark.parametrize("address", ["/", "/funds/JJ-440605011-01/", "/accounts/login/"])
def test_a_first_visit_stays_light(settings: Settings, address: str) -> None:
    active_fund()
    gift()
    settings.DEBUG = True
    assert weight(Client(), address) <= MOST_BYTES
