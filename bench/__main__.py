"""``make bench [ONLY=ledger]``: run the benchmarks, print their ratios and, with ``--write``, store them."""

import argparse
import os
import platform
from importlib import import_module
from pathlib import Path

import django
from django.test.utils import override_settings

MODULES = ["ledger", "public_page", "registers", "reports"]
TABLE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Ratios of ours to a reference measured in the same run on the same machine, by `make bench`; absolute
figures differ from machine to machine, ratios much less. Last run: {machine}.

| what | ours | reference | ratio | wanted |
|---|---|---|---|---|
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("only", nargs="*", help="Modules to run; all of them when none is named.")
    parser.add_argument("--write", action="store_true", help="Keep the table in docs/benchmarks.md.")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.development")
    django.setup()
    with override_settings(DEBUG=False):  # otherwise every statement would be kept
        rows = [
            _shown(row) for name in options.only or MODULES for row in import_module(f"bench.{name}").run()
        ]
    if options.write:
        machine = (
            f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, PostgreSQL 18"
        )
        _before, heading, notes = TABLE.read_text().partition("\n## ")
        TABLE.write_text(HEAD.format(machine=machine) + "\n".join(rows) + "\n" + heading + notes)


def _shown(row: tuple[str, ...]) -> str:
    line = "| " + " | ".join(row) + " |"
    print(line, flush=True)
    return line


if __name__ == "__main__":
    main()
