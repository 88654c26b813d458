"""A wrong configuration fails loudly at start."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from config.settings import DEVELOPMENT_KEY


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


PRODUCTION = {
    "DEBUG": "off",
    "SECRET_KEY": "s",
    "FIELD_ENCRYPTION_KEYS": "f",
    "DATABASE_URL": "postgres://u:p@127.0.0.1/n",
    "REDIS_URL": "redis://127.0.0.1",
    "SITE_URL": "https://gongyi.example.cn",
}


def test_production_starts_with_all_that_it_needs() -> None:
    assert start(**PRODUCTION).returncode == 0


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "DEBUG"])
def test_production_refuses_to_start_without(name: str) -> None:
    refused = start(**PRODUCTION | {name: ""})
    assert refused.returncode != 0
    assert f"With DEBUG off these must be set: {name}." in refused.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS"])
def test_production_refuses_the_key_of_development(name: str) -> None:
    refused = start(**PRODUCTION | {name: DEVELOPMENT_KEY})
    assert refused.returncode != 0
    assert f"{name} holds the development key" in refused.stderr


def test_keys_of_commas_alone_are_no_keys() -> None:
    refused = start(**PRODUCTION | {"FIELD_ENCRYPTION_KEYS": " , "})
    assert refused.returncode != 0
    assert "must be set: FIELD_ENCRYPTION_KEYS." in refused.stderr


def test_a_value_of_the_wrong_type_fails_at_start() -> None:
    refused = start(DEBUG="perhaps", PORT="eighty")
    assert refused.returncode != 0
    assert "ValueError" in refused.stderr or "ImproperlyConfigured" in refused.stderr
