"""What ``manage.py check --deploy`` says about signing in."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.module_loading import import_string

from charity_hub.people.sms import backend_path

KEEPING = "charity_hub.people.sms.keep"


@register(Tags.security, deploy=True)
def text_messages_leave_the_house(**_kwargs: Any) -> list[CheckMessage]:
    """In production nobody can sign in by a code that is only kept, or that nothing carries."""
    if settings.SMS_BACKEND == KEEPING:
        return [_problem("SMS_BACKEND only keeps text messages: nobody receives a code.")]
    try:
        import_string(backend_path())
    except ImportError:
        return [_problem(f"SMS_BACKEND names nothing that can be imported: {settings.SMS_BACKEND}")]
    return []


def _problem(sentence: str) -> CheckMessage:
    hint = "Set SMS_BACKEND to http, or to the dotted path of a function (phone, text) that sends them."
    return Error(sentence, hint=hint, id="people.E001")
