"""A form field for a region: with suggestions if JavaScript runs, otherwise as a code or a name."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from charity_hub.regions.models import Level, Region, RegionQuerySet


class Cover(Protocol):
    """The part of ``people.access.Scope`` that is used here."""

    def covers_region(self, code: str) -> bool: ...


class RegionInput(forms.TextInput):
    """A text input with a list of matching regions below it (ARIA combobox)."""

    template_name = "regions/widgets/region.html"
    levels: Sequence[Level] = ()
    in_scope = False

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The typed text without NUL, which PostgreSQL does not accept."""
        typed = super().value_from_datadict(data, files, name)
        return typed.replace("\x00", " ") if isinstance(typed, str) else typed

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        asked = [("level", str(level.value)) for level in self.levels]
        asked += [("scope", "1")] if self.in_scope else []
        context["widget"]["search_url"] = f"{reverse('regions:search')}?{urlencode(asked)}"
        return context


class RegionField(forms.Field):
    """A region, given by its code, its name or its pinyin; ``cleaned_data`` is the Region.

    ``levels`` limits the choice. Set ``scope`` in the form's ``__init__`` to limit it to what the
    person's memberships cover: ``self.fields["region"].scope = scope_of(user, Role.STREET_STAFF)``.
    """

    widget = RegionInput
    default_error_messages = {
        "unknown": _("No region is called “%(words)s”. Write its name or its code and choose from the list."),
        "several": _("Several regions match “%(words)s”. Choose one of them from the list."),
        "scope": _("%(region)s is not in your area. Choose a region that is."),
    }

    def __init__(self, *, levels: Sequence[Level] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.levels = tuple(levels)
        self._scope: Cover | None = None
        if isinstance(self.widget, RegionInput):
            self.widget.levels = self.levels

    @property
    def scope(self) -> Cover | None:
        return self._scope

    @scope.setter
    def scope(self, scope: Cover | None) -> None:
        self._scope = scope
        if isinstance(self.widget, RegionInput):
            self.widget.in_scope = scope is not None

    def prepare_value(self, value: Any) -> Any:
        region = value if isinstance(value, Region) else Region.objects.filter(code=str(value or "")).first()
        return f"{region.code} {region.full_name}" if region else value

    def to_python(self, value: Any) -> Region | None:
        words = " ".join(unicodedata.normalize("NFKC", str(value or "")).split())[:200]
        if not words:
            return None
        return self._the_one(words)

    def _the_one(self, words: str) -> Region:
        regions: RegionQuerySet = Region.objects.all()
        if self.levels:
            regions = regions.filter(level__in=self.levels)
        first = words.split()[0]
        # A code must match exactly; a part of one is not a name.
        found = list(regions.filter(code=first)) if first.isdigit() else list(regions.find(words)[:2])
        if len(found) != 1:
            reason = "several" if found else "unknown"
            raise ValidationError(self.error_messages[reason], code=reason, params={"words": words[:80]})
        return found[0]

    def validate(self, value: Region | None) -> None:
        super().validate(value)
        if value and self._scope is not None and not self._scope.covers_region(value.code):
            raise ValidationError(
                self.error_messages["scope"], code="scope", params={"region": value.full_name}
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = initial.code if isinstance(initial, Region) else str(initial or "")
        return before != str(data or "").partition(" ")[0]
