"""A filled-in form read back in words, card by card: what "check your answers" shows."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from charity_hub.portal.fields import YuanField
from charity_hub.portal.forms import Carded
from charity_hub.portal.templatetags.hub import yuan


class Answer(NamedTuple):
    """A question and what was answered, in words."""

    label: str
    words: str


def answers(form: Carded) -> list[tuple[str | Promise, list[Answer]]]:
    """The cards of a valid form as (title, answers); questions left open read "none given"."""
    return [
        (title, [Answer(str(form[name].label), in_words(form, form[name])) for name in _flat(rows)])
        for title, rows, _help in form.all_cards()
    ]


def in_words(form: Carded, bound: BoundField) -> str:
    """One answer as people would say it."""
    value = form.cleaned_data.get(bound.name)
    if isinstance(bound.field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if value in (None, "", [], ()):
        return _("none given")
    if isinstance(bound.field, YuanField):
        return yuan(value)
    if isinstance(bound.field, forms.ModelChoiceField):
        return _labels(value, bound.field.label_from_instance)
    if isinstance(bound.field, forms.ChoiceField):
        return _labels(value, lambda one: _choice_label(bound.field, one))
    return _labels(value, _plain)


def _labels(value: Any, label: Any) -> str:
    several = isinstance(value, Iterable) and not isinstance(value, str | bytes | UploadedFile)
    return "、".join(str(label(one)) for one in value) if several else str(label(value))


def _choice_label(field: Any, value: object) -> object:
    flat: dict[str, object] = {}
    for key, label in field.choices:
        flat |= {str(k): v for k, v in label} if isinstance(label, list | tuple) else {str(key): label}
    return flat.get(str(value), value)


def _plain(value: object) -> str:
    if isinstance(value, UploadedFile):
        return f"{value.name} ({filesizeformat(value.size or 0)})"
    return value.isoformat() if isinstance(value, date) else str(value)


def _flat(rows: Iterable[str | tuple[str, ...]]) -> list[str]:
    return [name for row in rows for name in ((row,) if isinstance(row, str) else row)]
