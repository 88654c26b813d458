"""Admin pages for inspection only: what the portal's own actions write, nobody edits by hand."""

from typing import Any, override

from django.http import HttpRequest

from charity_hub.admin_model import HubAdmin


class ReadOnlyAdmin(HubAdmin):
    """Search, filters and details, and nothing that adds, changes or deletes a row."""

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
