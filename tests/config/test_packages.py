"""What is installed is what the product uses."""

import json
from pathlib import Path

from django.conf import settings

CODE = ("config", "charity_hub", "tests")


def test_every_front_end_package_that_is_named_is_read_by_our_code() -> None:
    root = Path(settings.BASE_DIR)
    named = json.loads((root / "package.json").read_text())
    code = "".join(file.read_text() for folder in CODE for file in (root / folder).rglob("*.py"))
    # The fonts are named without their publisher.
    unread = [
        name
        for name in named["dependencies"] | named["devDependencies"]
        if name not in code and f'"{name.rpartition("/")[2]}"' not in code
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
