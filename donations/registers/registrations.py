"""What the ground floor shows of registers."""

from django.utils.translation import gettext_lazy as _

from charity_hub.documents.permissions import register_owner
from charity_hub.jobs.models import Job
from charity_hub.jobs.registry import register_job
from charity_hub.people.access import AnyUser
from charity_hub.people.models import User
from charity_hub.portal.registry import register_menu
from donations.registers.actions import READING_KIND, reading_job
from donations.registers.import_job import JOB_KIND, import_job
from donations.registers.models import Register
from donations.registers.workflow import WORKERS


def register() -> None:
    register_menu("desk", _("Registers"), "registers:list", "table-import", rule=WORKERS.rule, order=32)
    register_owner(Register, may_read)
    register_job(READING_KIND, reading_job, _("Reading a register"), url=result_of, seen_by=may_see_job)
    register_job(JOB_KIND, import_job, _("Recording a register"), url=result_of, seen_by=may_see_job)


def may_read(user: AnyUser, owner: Register) -> bool:
    return Register.objects.in_scope_of(user).filter(pk=owner.pk).exists()


def result_of(job: Job) -> str:
    found = Register.objects.filter(pk=job.arguments["register"]).first()
    return found.get_absolute_url() if found else ""


def may_see_job(user: User, job: Job) -> bool:
    return Register.objects.in_scope_of(user).filter(pk=job.arguments["register"]).exists()
