"""The apps stand in the order of their floors, and none needs an import by accident."""

import subprocess
import sys

import pytest
from django.conf import settings

from config.settings import FLOORS, INSTALLED_APPS


def test_a_floor_stands_before_those_above_it() -> None:
    assert FLOORS[:3] == ["charity_hub", "funds", "donations"]
    assert [name for name in INSTALLED_APPS if name in FLOORS] == FLOORS


def test_unfold_stands_before_the_admin_whose_templates_it_replaces() -> None:
    admin = INSTALLED_APPS.index("charity_hub.admin_config.HubAdminConfig")
    assert INSTALLED_APPS.index("unfold.apps.BasicAppConfig") < admin


@pytest.mark.parametrize("floors_last", [False, True])
def test_foreign_apps_may_stand_before_the_floors_or_after(*, floors_last: bool) -> None:
    others = [name for name in INSTALLED_APPS if name not in FLOORS]
    apps = [*others, *FLOORS] if floors_last else [*FLOORS, *others]
    code = (
        f"import config.settings as given; given.INSTALLED_APPS = {apps!r}; import django; django.setup(); "
        "from django.core.management import call_command; call_command('check')"
    )
    started = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert started.returncode == 0, started.stderr
