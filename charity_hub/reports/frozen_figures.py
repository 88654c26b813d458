"""Frozen figures: one way to write them down, so that everybody who hashes them gets the same hash.

Canonical JSON: keys sorted by code point, no white space, UTF-8 as it is, strings and integers only.
PostgreSQL computes the same (``reports_canonical``), and so does any Python::

    json.dumps(figures, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

# Dicts with string keys and lists, down to strings and integers: no float, no null, no true or false.
# ``canonical`` checks it, and PostgreSQL again.
type Figures = Mapping[str, Any]


def _check(value: object, path: str) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{path}: the key {key!r} is not a string")
            _check(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _check(inner, f"{path}[{number}]")
    elif isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"{path}: {value!r} is neither a string nor an integer")


def canonical(figures: object) -> str:
    """The one way to write these figures. Raises ``TypeError`` for anything but strings and integers."""
    _check(figures, "figures")
    return json.dumps(figures, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(figures: object) -> str:
    """SHA-256 of the canonical writing, in hex."""
    return hashlib.sha256(canonical(figures).encode()).hexdigest()


def leaves(figures: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str | int]]:
    """Every single figure with the way to it; places in lists count from 1."""
    if isinstance(figures, Mapping):
        for key in sorted(figures):
            yield from leaves(figures[key], (*path, key))
    elif isinstance(figures, list):
        for number, inner in enumerate(figures, 1):
            yield from leaves(inner, (*path, str(number)))
    elif isinstance(figures, str | int):
        yield path, figures
