"""Admin pages for inspection only: what the portal's own actions write, nobody edits by hand."""

from typing import Any

from django.http import HttpRequest

from charity_hub.admin_model import HubAdmin


class ReadOnlyAdmin(HubAdmin):
    """Search, filters and details, and nothing that adds, changes or deletes a row."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
