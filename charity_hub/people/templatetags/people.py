"""What the sign-in pages show: phones as people write them, and the demo's people while DEBUG is on."""

from django import template

from charity_hub.people.demo_people import demo_people
from charity_hub.people.phones import spoken_phone

register = template.Library()
register.filter("spoken_phone", spoken_phone)
register.simple_tag(demo_people, name="demo_people")
