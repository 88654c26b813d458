"""A wrong configuration fails loudly at start."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_production_refuses_to_start_without(name: str) -> None:
    given = {
        "SECRET_KEY": "s",
        "DATABASE_URL": "postgres://u:p@127.0.0.1/n",
        "REDIS_URL": "redis://127.0.0.1",
    }
    refused = start(DEBUG="off", **{**given, name: ""})
    assert refused.returncode != 0
    assert f"With DEBUG off these must be set: {name}." in refused.stderr


def test_a_value_of_the_wrong_type_fails_at_start() -> None:
    refused = start(DEBUG="perhaps", PORT="eighty")
    assert refused.returncode != 0
    assert "ValueError" in refused.stderr or "ImproperlyConfigured" in refused.stderr
