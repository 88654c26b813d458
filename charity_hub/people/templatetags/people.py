"""What the sign-in pages show: phones as people write them, and the demo's people while DEBUG is on."""

from django import template

from charity_hub.people.demo_people import demo_people, seconds_into_period
from charity_hub.people.phones import format_phone
from charity_hub.people.user_agents import browser_name

register = template.Library()
register.filter("format_phone", format_phone)
register.filter("browser_name", browser_name)
register.simple_tag(demo_people, name="demo_people")
register.simple_tag(seconds_into_period, name="seconds_into_period")


@register.filter
def in_fours(key: str) -> list[str]:
    """A key in groups of four, as people type it off."""
    return [key[start : start + 4] for start in range(0, len(key), 4)]
