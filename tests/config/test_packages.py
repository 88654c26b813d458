"""What is installed is what the product uses."""

import json
import re
from pathlib import Path

from django.conf import settings

PRODUCT = ("config", "charity_hub")
# What only tests read: the check that pages are for everybody.
TESTS = ("tests/browser",)


def test_every_front_end_package_that_is_named_is_read_by_our_code() -> None:
    root = Path(settings.BASE_DIR)
    named = json.loads((root / "package.json").read_text())
    for kind, folders in (("dependencies", PRODUCT), ("devDependencies", TESTS)):
        code = "".join(file.read_text() for folder in folders for file in (root / folder).rglob("*.py"))
        # The fonts are named without their publisher.
        unread = [
            name
            for name in named[kind]
            if f"{name}/" not in code and not re.search(rf'"{re.escape(name.rpartition("/")[2])}["/]', code)
        ]
        assert unread == []


def test_the_lock_names_the_same_packages_and_no_addresses() -> None:
    root = Path(settings.BASE_DIR)
    named, text = json.loads((root / "package.json").read_text()), (root / "package-lock.json").read_text()
    locked = json.loads(text)["packages"][""]
    assert (locked["dependencies"], locked["devDependencies"]) == (
        named["dependencies"],
        named["devDependencies"],
    )
    assert '"resolved"' not in text
