from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.admin_model import ReadOnlyAdmin
from charity_hub.errors import Refused
from charity_hub.jobs import actions
from charity_hub.jobs.models import Job, JobQuerySet
from charity_hub.jobs.registry import kind_of
from charity_hub.people.models import User


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = (
        "title",
        "key",
        "state",
        "done",
        "total",
        "attempts",
        "requested_by",
        "created_at",
        "finished_at",
    )
    list_filter = ("state", "kind")
    list_select_related = ("requested_by",)
    search_fields = ("key",)
    date_hierarchy = "created_at"
    fields = (
        "title",
        "key",
        "state",
        ("done", "total"),
        "error",
        "attempts",
        "requested_by",
        ("created_at", "heartbeat_at", "finished_at"),
    )
    readonly_fields = ("title",)
    actions = ("retry",)

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def title(self, job: Job) -> str:
        return str(kind_of(job).title)

    @admin.action(description=gettext_lazy("Try failed jobs again"), permissions=["view"])
    def retry(self, request: HttpRequest, queryset: JobQuerySet) -> None:
        """Queue the chosen jobs that failed."""
        if not isinstance(request.user, User):
            return
        for job in queryset:
            try:
                actions.retry(job, actor=request.user)
            except Refused as refused:
                self.message_user(request, f"{job}: {refused}", messages.WARNING)
        self.message_user(request, _("The failed jobs among those selected are queued again."))
