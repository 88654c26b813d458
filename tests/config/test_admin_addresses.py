"""Addresses of the administration that nobody was given: answered, never a 500."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse

from tests import cast
from tests.builders import draft_fund, gift

pytestmark = pytest.mark.django_db


def test_a_row_is_shown_on_the_site_only_if_the_administration_has_it() -> None:
    client = cast.client_of(cast.ada())
    answers: dict[str, Any] = {}
    for kind in ContentType.objects.all():
        with transaction.atomic():
            answers[str(kind)] = client.get(f"/admin/r/{kind.pk}/1/").status_code
    assert {name: code for name, code in answers.items() if code not in {302, 404}} == {}


def test_a_row_with_a_page_is_shown_on_the_site() -> None:
    given = gift()
    kind = ContentType.objects.get_for_model(given)
    answer = cast.client_of(cast.ada()).get(reverse("admin:view_on_site", args=[kind.pk, given.pk]))
    assert answer.headers["Location"].endswith(given.get_absolute_url())


@pytest.mark.parametrize("question", ["created_at__year=99999999", "created_at__year=x", "pk__in=x", "p=x"])
def test_a_filter_that_cannot_be_read_shows_the_list_without_it(question: str) -> None:
    draft_fund()
    answer = cast.client_of(cast.ada()).get(f"/admin/funds/fund/?{question}", follow=True)
    assert answer.status_code == 200
