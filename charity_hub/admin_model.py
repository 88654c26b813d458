"""The base class of our model admins: unfold's, safe against odd addresses and forged forms."""

from typing import Any, override

from django.contrib.admin import ActionLocation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin, IncorrectLookupParameters
from django.contrib.admin.widgets import (
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin


class _Checked(AutocompleteMixin):
    """Selects nothing if the submitted value cannot be a key: the form is shown again with its error."""

    @override
    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        try:
            return super().optgroups(name, value, attr)
        except (ValueError, TypeError):
            return super().optgroups(name, [], attr)


class CheckedSelect(_Checked, AutocompleteSelect):
    """One row, found by typing a part of its name."""


class _CheckedSelectMultiple(_Checked, AutocompleteSelectMultiple):
    pass


class CheckedChoices(BaseModelAdmin[Any]):
    """For admins and inlines: searched choices that a forged form does not break."""

    @override
    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(
            db_field, request, **self._searched(CheckedSelect, db_field, request, kwargs)
        )

    @override
    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(
            db_field, request, **self._searched(_CheckedSelectMultiple, db_field, request, kwargs)
        )

    def _searched(
        self, widget: Any, db_field: Any, request: HttpRequest, kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        if db_field.name not in self.get_autocomplete_fields(request):
            return kwargs
        return {"widget": widget(db_field, self.admin_site, using=kwargs.get("using"))} | kwargs


class HubAdmin(CheckedChoices, ModelAdmin):
    """Asks Django for the choices of actions: unfold 0.110 does not pass on where they are shown."""

    @override
    def get_action_choices(
        self,
        request: HttpRequest,
        default_choices: list[tuple[str, str]] | None = None,
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> list[tuple[str, str]]:
        first = default_choices or [("", _("Select action"))]
        choices: list[tuple[str, str]] = super(ModelAdmin, self).get_action_choices(
            request, first, action_location
        )
        return choices

    @override
    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """An impossible day or year is treated like any other unreadable filter."""
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters from error

    @override
    def response_action(
        self,
        request: HttpRequest,
        queryset: Any,
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> HttpResponse | None:
        """Rows are selected by their ids; a form with anything else is forged."""
        try:
            for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(chosen)
        except ValidationError as error:
            raise BadRequest from error
        answer: HttpResponse | None = super().response_action(request, queryset, action_location)
        return answer


class ReadOnlyAdmin(HubAdmin):
    """Search, filters and details; rows cannot be added, changed or deleted."""

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
