#!/usr/bin/env python
"""Django's command line for Charity Hub."""

import os
import sys

# What only developers run; all else is production unless DEBUG says otherwise.
FOR_DEVELOPERS = {"run", "makemigrations", "messages"}

if __name__ == "__main__":
    development = FOR_DEVELOPERS.intersection(sys.argv[1:2])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"config.{'development' if development else 'settings'}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
