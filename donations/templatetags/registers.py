"""Words for what a register's summary keeps as codes."""

from collections.abc import Sequence
from typing import Any

from django import template

from donations.money.models import Way
from donations.registers import messages
from donations.registers.messages import FIELD_NAMES, SKIPPED_BECAUSE

register = template.Library()


@register.filter
def field_name(column: str) -> str:
    """A column of the register: “Amount”."""
    return str(FIELD_NAMES.get(column, column))


@register.filter
def way_name(way: str) -> str:
    return str(Way(way).label) if way in Way.values else way


@register.filter
def skipped_because(why: str) -> str:
    return str(SKIPPED_BECAUSE.get(why, why))


@register.filter
def reasons(entry: dict[str, Any]) -> str:
    """What is wrong with a row, in sentences."""
    return messages.reasons(entry["problems"])


@register.filter
def remedies(entry: dict[str, Any], purposes: Sequence[str]) -> str:
    """What to do about it, in sentences."""
    return messages.remedies(entry["problems"], purposes)
