"""Constraints that forms check: people read a sentence, never the constraint's name."""

import pytest
from django.contrib import admin
from django.db.models import BaseConstraint, UniqueConstraint
from django.test import RequestFactory

from tests import cast


def written_by_hand() -> list[BaseConstraint]:
    """The constraints of every model that the administration has a form for, its own or within another's.

    Of a plain ``UniqueConstraint`` Django itself says which fields are taken.
    """
    request = RequestFactory().get("/admin/")
    request.user = cast.ada()
    models = set()
    for model, page in admin.site._registry.items():
        if not page.has_add_permission(request) and not page.has_change_permission(request):
            continue
        models.add(model)
        for part in page.inlines:
            inline = part(model, admin.site)
            if inline.has_add_permission(request, None) or inline.has_change_permission(request, None):
                models.add(inline.model)
    constraints = [one for model in models for one in model._meta.constraints]
    return [one for one in constraints if not isinstance(one, UniqueConstraint) or one.condition]


@pytest.mark.django_db
def test_every_constraint_that_a_form_checks_has_its_sentence() -> None:
    checked = written_by_hand()
    assert "membership_has_exactly_one_scope" in [one.name for one in checked]
    default = BaseConstraint.default_violation_error_message
    assert [one.name for one in checked if one.violation_error_message == default] == []
