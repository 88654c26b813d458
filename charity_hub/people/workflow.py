"""How a reset of a second factor moves: confirmed before it is carried out, and stopped until then.

From asked to carried out without a confirmation: only where there is one administrator alone.
"""

from charity_hub.people.models import ResetState
from charity_hub.workflow.actions import Flow

RESET_FLOW: Flow[ResetState] = {
    ResetState.ASKED: {ResetState.CONFIRMED, ResetState.EXECUTED, ResetState.WITHDRAWN},
    ResetState.CONFIRMED: {ResetState.EXECUTED, ResetState.WITHDRAWN},
    ResetState.EXECUTED: set(),
    ResetState.WITHDRAWN: set(),
}
