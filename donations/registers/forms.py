"""Forms of registers: send a file or paste a table; say what each column holds."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.people.models import User
from charity_hub.portal.forms import HubForm
from donations.money.models import Way
from donations.registers.messages import FIELD_NAMES, meaning_name
from donations.registers.models import WORKED_BY
from donations.registers.reading.columns import Columns
from donations.registers.reading.results import Field
from donations.stations.models import Station
from funds.profile.models import Fund, FundState

ACCEPTED = ".xlsx,.xls,.csv,.txt"


def places_of(user: User) -> list[tuple[Station, Fund]]:
    """Where this person brings in registers: open stations, each with the active funds it collects for."""
    stations = Station.objects.in_scope_of(user, *WORKED_BY).open().prefetch_related("funds")
    return [
        (station, fund)
        for station in stations
        for fund in sorted(station.funds.all(), key=lambda fund: fund.code)
        if fund.state == FundState.ACTIVE
    ]


class UploadForm(HubForm):
    """A register: a file, or a table pasted from a spreadsheet."""

    cards = [
        (gettext_lazy("Where it belongs"), ["place", "default_way"]),
        (
            gettext_lazy("The register"),
            ["file", "pasted"],
            gettext_lazy(
                "Use the register as your station keeps it: any column titles and order; totals "
                "and notes may stay. Nothing is recorded yet: you first see a preview."
            ),
        ),
    ]
    submit_label = gettext_lazy("Read the register")

    place = forms.ChoiceField(label=gettext_lazy("Station and fund"))
    default_way = forms.ChoiceField(
        label=gettext_lazy("Way of giving where the register does not state one"),
        choices=Way.choices,
        initial=Way.CASH,
    )
    file = forms.FileField(
        label=gettext_lazy("Excel file (.xlsx, .xls) or csv, up to 20 MB"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED, "class": "hub-drop"}),
        error_messages={"empty": gettext_lazy("There is nothing in this file. Choose the register again.")},
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or paste rows copied from a spreadsheet, with their titles"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "hub-grid-paste"}),
    )

    def __init__(self, *args: Any, places: Sequence[tuple[Station, Fund]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {f"{station.pk}:{fund.pk}": (station, fund) for station, fund in places}
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(key, f"{station} · {fund}") for key, (station, fund) in self.places.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("file") and not data.get("pasted", "").strip() and "file" not in self.errors:
            raise forms.ValidationError(_("Choose a file, or paste rows copied from a spreadsheet."))
        return data

    @property
    def sent(self) -> File[bytes]:
        """The register as a file, whichever way it came."""
        file: File[bytes] | None = self.cleaned_data["file"]
        if file:
            return file
        return ContentFile(self.cleaned_data["pasted"].encode(), name=_("pasted table") + ".txt")

    @property
    def place_chosen(self) -> tuple[Station, Fund]:
        return self.places[self.cleaned_data["place"]]


class ColumnsForm(HubForm):
    """One question a column: what does it hold?"""

    submit_label = gettext_lazy("Check the rows")

    def __init__(self, *args: Any, columns: Columns, default_way: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        for place, title in enumerate(columns.titles):
            meaning = columns.meaning_of(place)
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=title, choices=_choices(meaning), initial=meaning, required=False
            )
        self.fields["default_way"] = forms.ChoiceField(
            label=_("Way of giving where the register does not state one"),
            choices=Way.choices,
            initial=default_way,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        once = set(Field) - {Field.STATUS}
        given = [meaning for meaning in self.meanings.values() if meaning in once]
        for meaning in sorted(set(given)):
            if given.count(meaning) > 1:
                self.add_error(
                    self._last_with(meaning),
                    _("Two columns are assigned to “%(what)s”. Leave one of them out.")
                    % {"what": meaning_name(meaning)},
                )
        if not self._usable():
            raise forms.ValidationError(
                _("A register needs a column with the amount, and one with the donor or the date.")
            )
        return data

    @property
    def meanings(self) -> dict[str, str]:
        """Title → meaning, as confirmed."""
        return {
            title: self.cleaned_data.get(f"column_{place}", "")
            for place, title in enumerate(self.columns.titles)
        }

    def _usable(self) -> bool:
        wanted = Columns(self.columns.titles)
        for place, meaning in enumerate(self.meanings.values()):
            wanted.give(place, meaning)
        return wanted.usable

    def _last_with(self, meaning: str) -> str:
        places = [place for place, each in enumerate(self.meanings.values()) if each == meaning]
        return f"column_{places[-1]}"


def _choices(meaning: str) -> list[tuple[str, str]]:
    """Every field, and what was understood of this column in particular (an amount under 微信, say)."""
    known = [(field.value, str(FIELD_NAMES[field])) for field in Field]
    special = [] if not meaning or meaning in list(Field) else [(meaning, meaning_name(meaning))]
    return [("", _("— ignore —")), *special, *known]
