"""The moves of a register: uploaded, checked, imported by a page or a job, or discarded."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charity_hub.people.access import roles
from charity_hub.workflow.moves import Move, Workflow
from charity_hub.workflow.rules import Who
from donations.registers.models import CHANGEABLE, WORKED_BY, Register, RegisterState
from donations.stations.models import Station

UPLOADED, CHECKED, IMPORTING = RegisterState.UPLOADED, RegisterState.CHECKED, RegisterState.IMPORTING
WORKERS = Who(roles(*WORKED_BY), lambda user: Q(station__in=Station.objects.in_scope_of(user, *WORKED_BY)))

# Moves without ``by`` belong to actions and jobs that ask who acts when they begin.
finish_check = Move[Register](
    "check",
    UPLOADED,
    CHECKED,
    icon="columns",
    waiting=_("Registers with columns to confirm"),
    waits_for=WORKERS,
)
read_again = Move[Register]("read-again", CHECKED, UPLOADED)
begin_import = Move[Register](
    "import",
    CHECKED,
    IMPORTING,
    by=WORKERS,
    own_page=True,
    icon="table-import",
    waiting=_("Registers to record"),
    where=~Q(summary__nothing_left=True),
)
finish_import = Move[Register](
    "finish",
    IMPORTING,
    RegisterState.IMPORTED,
    icon="table-import",
    waiting=_("Registers that are being recorded"),
    waits_for=WORKERS,
)
# The command line asks nobody: rows in question stay to be decided.
return_to_decide = Move[Register]("decide", IMPORTING, CHECKED)
discard_register = Move[Register](
    "discard",
    CHANGEABLE,
    RegisterState.DISCARDED,
    by=WORKERS,
    label=_("Discard"),
    lead=_("No further row is recorded. Gifts that are recorded already stay, and the file is kept."),
    done=_("The register is discarded."),
    icon="trash",
    danger=True,
)
put_aside = Move[Register]("put-aside", CHANGEABLE, RegisterState.DISCARDED)

REGISTERS = Workflow(
    Register,
    moves=[
        finish_check,
        read_again,
        begin_import,
        finish_import,
        return_to_decide,
        discard_register,
        put_aside,
    ],
    start=[UPLOADED],
    namespace="registers",
    item=lambda register: (register.file.name, str(register.station)),
    related=["file", "station"],
    unread=["columns", "summary"],
    colours={
        UPLOADED: "yellow",
        CHECKED: "yellow",
        IMPORTING: "blue",
        RegisterState.IMPORTED: "green",
        RegisterState.DISCARDED: "grey",
    },
    turns={
        CHECKED: _("Next: staff of %(station)s or its street record the register or discard it."),
    },
    names=lambda register: {"station": register.station},
)
