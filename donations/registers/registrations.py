"""What the ground floor shows of registers."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.documents.permissions import register_owner
from charity_hub.jobs.models import Job
from charity_hub.jobs.registry import register_job
from charity_hub.people.access import AnyUser
from charity_hub.people.models import User
from charity_hub.portal.registry import WorkItem, WorkList, register_menu, register_worklist
from donations.registers.actions import READING_KIND, reading_job
from donations.registers.import_job import JOB_KIND, import_job
from donations.registers.models import Register, RegisterState
from donations.registers.views import WORKERS

MOST_WAITING = 20


def register() -> None:
    register_menu("desk", _("Registers"), "registers:list", "table-import", rule=WORKERS, order=32)
    register_worklist(WorkList("registers", _("Registers not yet recorded"), "table-import", waiting))
    register_owner(Register, may_read)
    register_job(READING_KIND, reading_job, _("Reading a register"), url=result_of, seen_by=may_see_job)
    register_job(JOB_KIND, import_job, _("Recording a register"), url=result_of, seen_by=may_see_job)


def waiting(user: User) -> list[WorkItem]:
    """Registers that were sent but are neither recorded nor put aside, and hold rows still to be recorded."""
    unfinished = (
        Register.objects.in_scope_of(user)
        .filter(state__in=[RegisterState.UPLOADED, RegisterState.CHECKED, RegisterState.IMPORTING])
        .exclude(state=RegisterState.CHECKED, summary__nothing_left=True)
    )
    return [
        WorkItem(
            each.file.name,
            each.get_absolute_url(),
            f"{each.station} · {each.get_state_display()}",
            since=timezone.localdate(each.uploaded_at),
            tone="yellow",
        )
        for each in unfinished.select_related("station", "file")[:MOST_WAITING]
    ]


def may_read(user: AnyUser, owner: Register) -> bool:
    return Register.objects.in_scope_of(user).filter(pk=owner.pk).exists()


def result_of(job: Job) -> str:
    found = Register.objects.filter(pk=job.arguments["register"]).first()
    return found.get_absolute_url() if found else ""


def may_see_job(user: User, job: Job) -> bool:
    return Register.objects.in_scope_of(user).filter(pk=job.arguments["register"]).exists()
