"""A form field that is a small table: one row per purpose or person, blank rows left out.

It works without JavaScript by spare rows; ``static/js/rows.js`` adds and removes rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

SPARE_ROWS = 2
MOST_ROWS = 60

type Cells = list[str]


@dataclass(frozen=True)
class RowColumn:
    """A column: a text of at most ``longest`` characters, or a choice."""

    name: str
    label: str | Promise
    longest: int = 40
    choices: Sequence[tuple[str, str | Promise]] = ()


class RowsWidget(forms.Widget):
    """Inputs named ``<field>_<column>``, repeated for each row."""

    template_name = "funds/profile/widgets/rows.html"
    use_fieldset = True

    def __init__(
        self,
        columns: Sequence[RowColumn],
        add_label: str | Promise,
        least: int,
        opening: Sequence[Cells] = (),
    ) -> None:
        super().__init__()
        self.columns = columns
        self.add_label = add_label
        self.least = least
        self.opening = opening

    def value_from_datadict(self, data: Mapping[str, Any], _files: object, name: str) -> list[Cells]:
        getlist = getattr(data, "getlist", lambda key: data.get(key, []))
        lists = [getlist(f"{name}_{column.name}") for column in self.columns]
        return [[_typed(cell) for cell in row] for row in zip(*lists, strict=False)][:MOST_ROWS]

    def value_omitted_from_data(self, data: Mapping[str, Any], _files: object, name: str) -> bool:
        return f"{name}_{self.columns[0].name}" not in data

    def id_for_label(self, id_: str, index: str = "0") -> str:
        return f"{id_}_{index}" if id_ else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows: list[Cells] = [row for row in value or [] if self._is_begun(row)] or list(self.opening)
        spare = max(self.least - len(rows), SPARE_ROWS)
        blank = [column.choices[0][0] if column.choices else "" for column in self.columns]
        context["widget"] |= {
            "rows": [self._cells(name, row) for row in [*rows, *([blank] * spare)]],
            "blank": self._cells(name, blank),
            "columns": self.columns,
            "add_label": self.add_label,
        }
        return context

    def _is_begun(self, row: Cells) -> bool:
        """Whether a text was typed: an incomplete row is kept, a row with only a choice is not."""
        return any(cell for column, cell in zip(self.columns, row, strict=True) if not column.choices)

    def _cells(self, name: str, row: Cells) -> list[dict[str, Any]]:
        return [
            {"column": column, "name": f"{name}_{column.name}", "value": cell}
            for column, cell in zip(self.columns, row, strict=True)
        ]


def _typed(cell: object) -> str:
    """A cell's text without white space around it and without NUL, which PostgreSQL does not store."""
    return str(cell).replace("\x00", " ").strip()


class RowsField[Row](forms.Field):
    """``make`` turns a row's cells into a value, ``cells`` a value into cells; ``cleaned_data`` is a list.

    ``opening`` are the initial rows if there are none yet.
    """

    widget: RowsWidget

    def __init__(
        self,
        *,
        columns: Sequence[RowColumn],
        make: Callable[..., Row],
        cells: Callable[[Row], Cells],
        add_label: str | Promise,
        least: int = 1,
        opening: Sequence[Cells] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(widget=RowsWidget(columns, add_label, least, opening), required=False, **kwargs)
        self.columns = columns
        self.make = make
        self.cells = cells

    def prepare_value(self, value: Any) -> list[Cells]:
        return [row if isinstance(row, list) else self.cells(row) for row in value or []]

    def to_python(self, value: Any) -> list[Row]:
        rows: list[Row] = []
        for number, row in enumerate(value or [], start=1):
            if cells := self._checked(row, number):
                rows.append(self.make(*cells))
        return rows

    def _checked(self, row: Cells, number: int) -> Cells | None:
        texts = [cell for column, cell in zip(self.columns, row, strict=True) if not column.choices]
        if not any(texts):
            return None
        if not row[0]:
            raise ValidationError(
                _("Row %(row)d has no name. Enter one, or clear the row.") % {"row": number}
            )
        for column, cell in zip(self.columns, row, strict=True):
            if column.choices and cell not in dict(column.choices):
                raise ValidationError(_("Row %(row)d: choose from the list.") % {"row": number})
            if not column.choices and len(cell) > column.longest:
                raise ValidationError(
                    _("Row %(row)d: “%(label)s” has at most %(most)d characters.")
                    % {"row": number, "label": column.label, "most": column.longest}
                )
        return row

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != [row for row in data or [] if row[0]]
