"""Development settings: ``config.settings`` with ``DEBUG`` on unless it is set.

``make run``, and the commands and tests for developers, use them. If ``ALLOWED_HOSTS`` contains a public
host name, only an explicit ``DEBUG=on`` switches ``DEBUG`` on.
"""

import os
from pathlib import Path
from typing import Final

import environ

LOOPBACK: Final = {"127.0.0.1", "localhost", "[::1]"}

file = Path(__file__).resolve().parent.parent / ".env"
if file.exists():
    environ.Env.read_env(file)
# inherited by processes started from here
if set(environ.Env().list("ALLOWED_HOSTS", default=[])) <= LOOPBACK:
    os.environ.setdefault("DEBUG", "on")

from config.settings import *  # noqa: E402, F403 - after the choice that they read
