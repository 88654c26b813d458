"""One colour for each state, everywhere. The label is always shown too: a colour alone is not enough.

The colours are names of Tabler's palette; ``static/css/hub.css`` gives each a pair with enough contrast.
Grey is "not begun or over", yellow "somebody must act", blue "in progress", green "good and in force",
orange "on hold", red "refused or failed".
"""

from collections.abc import Mapping
from typing import Final

from django.db import models

STATE_COLOURS: Final[dict[str, str]] = {
    "draft": "grey",
    "returned": "orange",
    "withdrawn": "grey",
    "asked": "yellow",
    "queued": "grey",
    "running": "blue",
    "done": "green",
    "failed": "red",
    "revoked": "red",
    "confirmed": "blue",
    "executed": "green",
}


_of_models: dict[type[models.Model], Mapping[str, str]] = {}


def register_colours(model: type[models.Model], colours: Mapping[str, str]) -> None:
    """Set the colour of each state of a model; called by its workflow."""
    _of_models[model] = colours


def colours_of(model: type[models.Model]) -> Mapping[str, str]:
    """The colours of a model's states by value."""
    return _of_models.get(model, STATE_COLOURS)


def state_colour(model: type[models.Model], state: str) -> str:
    """The palette name for a state of a model; grey for an unknown one."""
    return colours_of(model).get(state, "grey")
