"""Text messages: one function that hands them over, and the backend that carries them.

``SMS_BACKEND`` is the dotted path of a callable ``(phone, text) -> None``. The default keeps the message in
the database and nothing else; ``/dev/sms/`` shows it while ``DEBUG`` is on.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from charity_hub.people.models import TextMessage


def keep(phone: str, text: str) -> None:
    """The development backend: the message stays in the database."""
    TextMessage.objects.create(phone=phone, text=text)


def send_text(phone: str, text: str) -> None:
    """Hand a text message (at most 200 characters) for a phone (E.164) to the carrier."""
    import_string(settings.SMS_BACKEND)(phone, text)
