"""Filters with values in the URL, and a search that accepts pinyin.

    class GiftFilter(HubFilter):
        q = PinyinSearchFilter(fields=["number", "donor__name", "donor__pinyin"])
        given_on = DayRangeFilter()

        class Meta:
            model = Gift
            fields = ["q", "state", "way", "given_on"]

A field whose name ends in ``pinyin`` contains the result of ``charity_hub.pinyin.spell``.
Names without a pinyin column (small tables only) go into ``spelled``: they are compared in Python.
"""

from collections.abc import Sequence
from typing import Any, Final

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from charity_hub.pinyin import sounds_like

# The most rows that are compared in Python; a bigger table needs a pinyin column.
MOST_SPELLED: Final = 5_000
# With this many filters besides the search, a phone shows them collapsed.
FEW: Final = 3


class SearchFilter(django_filters.CharFilter):
    """A search box: shown before the other filters, never collapsed, updates the list while typing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Search"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "search", "autocomplete": "off"}))
        super().__init__(*args, **kwargs)


class PinyinSearchFilter(SearchFilter):
    """One search box over several fields: every word must be found, in Chinese or in pinyin."""

    def __init__(self, *args: Any, fields: Sequence[str], spelled: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = list(fields)
        self.spelled = list(spelled)

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        for word in (value or "").split()[:8]:
            queryset = queryset.filter(self._contains(word) | self._sounds(queryset, word))
        return queryset

    def _contains(self, word: str) -> Q:
        condition = Q()
        for field in self.fields:
            if not field.endswith("pinyin") or word.isascii():
                condition |= Q(**{f"{field}__icontains": word})
        return condition

    def _sounds(self, queryset: QuerySet[Any], word: str) -> Q:
        if not self.spelled or not (word.isascii() and word.isalpha()):
            return Q()
        rows = queryset.order_by().values_list("pk", *self.spelled)[:MOST_SPELLED]
        return Q(pk__in=[pk for pk, *names in rows if any(sounds_like(name or "", word) for name in names)])


class DayRangeFilter(django_filters.DateFromToRangeFilter):
    """From one day to another, both included: ``?given_on_after=2026-01-01&given_on_before=2026-03-31``"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DayRangeWidget())
        super().__init__(*args, **kwargs)


class DayRangeWidget(django_filters.widgets.DateRangeWidget):
    """Two date inputs, each with its own label for screen readers."""

    template_name = "portal/widgets/day_range.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.widgets = [
            forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "aria-label": _("from")}),
            forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "aria-label": _("until")}),
        ]


class HubFilter(django_filters.FilterSet):
    """A filter set for the portal's filter bar."""

    @property
    def form(self) -> forms.Form:
        form: forms.Form = super().form
        for field in form.fields.values():
            _dress(field)
        return form

    @property
    def search_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if isinstance(self.filters[field.name], SearchFilter)]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return [field for field in self.form if field.name not in {one.name for one in self.search_fields}]

    @property
    def folded(self) -> str:
        """How a phone first shows the other fields: "closed", "open" if one is set; "" if there are few."""
        names = {field.name for field in self.other_fields}
        if len(names) < FEW:
            return ""
        return "open" if names & set(self.form.changed_data) else "closed"

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(1 for name in self.form.changed_data if name in self.filters) if self.is_bound else 0


def _dress(field: forms.Field) -> None:
    widget = field.widget
    if isinstance(widget, forms.NullBooleanSelect):
        widget.choices = [("unknown", _("All")), ("true", _("Yes")), ("false", _("No"))]
    parts = widget.widgets if isinstance(widget, forms.MultiWidget) else [widget]
    for part in parts:
        css = "form-select" if isinstance(part, forms.Select) else "form-control"
        part.attrs["class"] = "form-check-input" if isinstance(part, forms.CheckboxInput) else css
