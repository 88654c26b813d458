"""Sections: additions of higher layers to a fund's annual report.

    register_section("gifts", gifts_of_year)          # in donations

``compute(fund, year)`` returns strings and integers only; the template prints the sections that it knows.
"""

from collections.abc import Callable
from typing import Any

from funds.profile.models import Fund

type Section = Callable[[Fund, int], dict[str, Any]]

_sections: dict[str, Section] = {}


def register_section(name: str, compute: Section) -> None:
    """Add a section to every fund's annual report. A second registration of a name replaces the first."""
    _sections[name] = compute


def computed_sections(fund: Fund, year: int) -> dict[str, Any]:
    return {name: compute(fund, year) for name, compute in sorted(_sections.items())}
