"""What ``manage.py check --deploy`` says about signing in."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

KEEPING = "charity_hub.people.sms.keep"


@register(Tags.security, deploy=True)
def text_messages_leave_the_house(**_kwargs: Any) -> list[CheckMessage]:
    """In production nobody can sign in by a code that is only kept."""
    if settings.SMS_BACKEND != KEEPING:
        return []
    return [
        Error(
            "SMS_BACKEND only keeps text messages: nobody receives a code.",
            hint="Set SMS_BACKEND to the dotted path of a function (phone, text) that sends them.",
            id="people.E001",
        )
    ]
