"""A wrong configuration fails loudly at start."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from config.settings import DEVELOPMENT_KEY


def start(module: str = "settings", **environment: str) -> subprocess.CompletedProcess[str]:
    """What a new process says about the settings: here ``DEBUG`` and whom it believes."""
    show = f"from config.{module} import *; print(DEBUG, globals().get('SECURE_PROXY_SSL_HEADER'))"
    ours = {name: value for name, value in os.environ.items() if name not in {*PRODUCTION, "ALLOWED_HOSTS"}}
    return subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", show],
        cwd=settings.BASE_DIR,
        env=ours | environment,
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
    assert start(**PRODUCTION).stdout.strip() == "False None"


def test_without_debug_it_is_production() -> None:
    refused = start()
    assert refused.returncode != 0
    assert "With DEBUG off these must be set: SECRET_KEY" in refused.stderr


def test_development_asks_for_debug_by_itself() -> None:
    assert start("development", DATABASE_URL=PRODUCTION["DATABASE_URL"]).stdout.startswith("True")


@pytest.mark.parametrize("asked", [{"DEBUG": "off"}, {"ALLOWED_HOSTS": "localhost,gongyi.example.cn"}])
def test_development_is_production_when_told_so_or_when_others_can_reach_it(asked: dict[str, str]) -> None:
    refused = start("development", **asked)
    assert refused.returncode != 0
    assert "With DEBUG off" in refused.stderr


def test_the_proxys_word_is_believed_only_when_told_so() -> None:
    told = start(**PRODUCTION | {"TRUST_X_FORWARDED_PROTO": "on"})
    assert told.stdout.strip() == "False ('HTTP_X_FORWARDED_PROTO', 'https')"


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
