"""The model admin that all of ours are: unfold's, with the signature by which Django 6.1 asks for actions."""

from django.contrib.admin import ActionLocation
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin


class HubAdmin(ModelAdmin):
    """Asks Django itself for the choices of actions: unfold 0.110 does not pass on where they are shown."""

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
