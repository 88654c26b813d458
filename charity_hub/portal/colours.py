"""One colour a state, everywhere. The word is always there too: a colour alone says nothing.

The colours are names of Tabler's palette; ``static/css/hub.css`` gives each a pair with enough contrast.
Grey is "not begun or over", yellow "somebody must act", blue "under way", green "good and in force",
orange "held up", red "refused or failed".
"""

from typing import Final

STATE_COLOURS: Final[dict[str, str]] = {
    "draft": "grey",
    "under_review": "yellow",
    "proposed": "yellow",
    "agreed": "green",
    "active": "green",
    "suspended": "orange",
    "winding_up": "orange",
    "closed": "grey",
    "filed": "yellow",
    "returned": "orange",
    "withdrawn": "grey",
    "ended": "grey",
    "approved": "blue",
    "released": "grey",
    "paid": "green",
    "recorded": "green",
    "voided": "red",
    "asked": "yellow",
    "granted": "red",
    "declined": "grey",
    "handed_in": "yellow",
    "received": "green",
    "queued": "grey",
    "running": "blue",
    "done": "green",
    "failed": "red",
    "computing": "blue",
    "issued": "green",
    "revoked": "red",
    "uploaded": "yellow",
    "checked": "yellow",
    "imported": "green",
    "discarded": "grey",
    "open": "green",
    "importing": "blue",
    "confirmed": "blue",
    "executed": "green",
}


def state_colour(state: str) -> str:
    """The palette name for a state's value; grey for one that is not listed."""
    return STATE_COLOURS.get(state, "grey")
