"""The moves of a donation station: its street closes it to gifts and opens it again."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charity_hub.people.models import Role
from charity_hub.workflow.moves import Move, Reason, Workflow
from charity_hub.workflow.rules import holders
from donations.stations.models import Station, StationState

OPEN, CLOSED = StationState.OPEN, StationState.CLOSED
STREET = holders(Role.STREET_STAFF, region="region")

close_station = Move[Station](
    "close",
    OPEN,
    CLOSED,
    by=STREET,
    reason=Reason.NEEDED,
    label=_("Close"),
    lead=_(
        "No gift can be recorded here until the station is reopened, and the public page stops showing it. "
        "Its books stay."
    ),
    done=_("The station is closed. No gift can be recorded here until it is reopened."),
    icon="door-exit",
    danger=True,
)
reopen_station = Move[Station](
    "reopen",
    CLOSED,
    OPEN,
    by=STREET,
    label=_("Reopen"),
    lead=_("The public page shows the station again, and gifts can be recorded here."),
    done=_("The station is open again."),
    icon="door-enter",
)

STATION = Workflow(
    Station,
    moves=[close_station, reopen_station],
    start=[OPEN],
    namespace="stations",
    url=lambda station: reverse("stations:desk_detail", args=[station.code]),
    item=lambda station: (station.name, f"{station.code} · {station.region.name}"),
    related=["region"],
    colours={OPEN: "green", CLOSED: "grey"},
)
