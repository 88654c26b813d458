"""One colour a state, everywhere. The word is always there too: a colour alone says nothing.

The colours are names of Tabler's palette; ``static/css/hub.css`` gives each a pair with enough contrast.
Grey is "not begun or over", yellow "somebody must act", blue "under way", green "good and in force",
orange "held up", red "refused or failed".
"""

from collections.abc import Mapping
from typing import Final

from django.db import models

STATE_COLOURS: Final[dict[str, str]] = {
    "draft": "grey",
    "returned": "orange",
    "withdrawn": "grey",
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
    "importing": "blue",
    "confirmed": "blue",
    "executed": "green",
}


_of_models: dict[type[models.Model], Mapping[str, str]] = {}


def register_colours(model: type[models.Model], colours: Mapping[str, str]) -> None:
    """Give each state of a model its colour; its workflow does."""
    _of_models[model] = colours


def colours_of(model: type[models.Model]) -> Mapping[str, str]:
    """The colours of a model's states by value."""
    return _of_models.get(model, STATE_COLOURS)


def state_colour(model: type[models.Model], state: str) -> str:
    """The palette name for a state of a model; grey for one that is not listed."""
    return colours_of(model).get(state, "grey")
