"""What beat asks for, a worker must know."""

from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from config.celery import app

ROOMS_WITH_TASKS = [
    file.parent for floor in settings.FLOORS for file in (settings.BASE_DIR / floor).glob("*/tasks.py")
]


@pytest.mark.parametrize("room", ROOMS_WITH_TASKS, ids=lambda room: room.name)
def test_a_worker_finds_the_tasks_of_every_room(room: Path) -> None:
    gathered = import_module(f"{room.parent.name}.tasks")
    assert vars(gathered)[room.name] is import_module(f"{room.parent.name}.{room.name}.tasks")


@pytest.mark.parametrize("name", settings.CELERY_BEAT_SCHEDULE)
def test_a_worker_knows_what_beat_asks_for(name: str) -> None:
    app.loader.import_default_modules()
    assert settings.CELERY_BEAT_SCHEDULE[name]["task"] in app.tasks
