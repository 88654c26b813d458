from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from charity_hub.admin_model import ReadOnlyAdmin
from charity_hub.notices import actions
from charity_hub.notices.models import Notice


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Who was told what, by which channel, and what did not leave."""

    list_display = ("words", "person", "channel", "state", "attempts", "error", "created_at", "due_at")
    list_filter = ("state", "channel")
    list_select_related = ("person",)
    search_fields = ("person__name", "person__phone", "key")
    date_hierarchy = "created_at"
    fields = (
        "words",
        "person",
        "channel",
        "state",
        ("attempts", "error"),
        ("created_at", "due_at"),
        ("handed_over_at", "read_at"),
    )
    readonly_fields = ("words",)
    actions = ("send_again",)

    @admin.display(description=gettext_lazy("notice"))
    def words(self, notice: Notice) -> str:
        return str(notice)

    @admin.action(description=gettext_lazy("Send again what was not sent"), permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        """Put the chosen messages that did not leave, or may not have, in line once more."""
        count = actions.send_again(list(queryset))
        told = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", count)
        messages.success(request, told % {"count": count})
