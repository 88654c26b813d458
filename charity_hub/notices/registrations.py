"""What this room registers: a work list of messages that did not leave."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from charity_hub.notices.models import Notice
from charity_hub.people.access import is_administrator
from charity_hub.people.models import User
from charity_hub.portal.registry import WorkItem, WorkList, register_worklist
from charity_hub.portal.state_colours import register_colours


def register() -> None:
    register_colours(
        Notice,
        {"waiting": "blue", "sending": "blue", "sent": "green", "failed": "red", "unsure": "orange"},
    )
    register_worklist(WorkList("notices", _("Messages that were not sent"), "bell-x", not_sent))


def not_sent(user: User) -> list[WorkItem]:
    """For administrators: how many messages did not leave; the administration says why."""
    count = Notice.objects.not_sent().count() if is_administrator(user) else 0
    if not count:
        return []
    title = ngettext("%(count)s message", "%(count)s messages", count) % {"count": count}
    url = reverse("admin:charity_hub_notice_changelist") + "?state__in=failed,unsure"
    return [WorkItem(title, url, tone="red")]
