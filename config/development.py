"""Settings of development: ``config.settings`` with ``DEBUG`` on unless somebody says otherwise.

``make run`` asks for them, and so do the commands and tests that only developers run. A host name that others
can reach is no development: with one in ``ALLOWED_HOSTS`` only ``DEBUG=on`` itself asks for it.
"""

import os
from pathlib import Path
from typing import Final

import environ

LOOPBACK: Final = {"127.0.0.1", "localhost", "[::1]"}

file = Path(__file__).resolve().parent.parent / ".env"
if file.exists():
    environ.Env.read_env(file)
# Processes that are started from here inherit it.
if set(environ.Env().list("ALLOWED_HOSTS", default=[])) <= LOOPBACK:
    os.environ.setdefault("DEBUG", "on")

from config.settings import *  # noqa: E402, F403 - after the choice that they read
