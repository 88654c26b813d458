"""Text messages: one function that hands them over, and the backend that carries them.

``SMS_BACKEND`` is ``http`` (``sms_gateway``) or the dotted path of a callable ``(phone, text) -> None`` that
raises when the carrier does not take the message. The default keeps the message in the database and nothing
else; ``/dev/sms/`` shows it while ``DEBUG`` is on.
"""

import logging
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.people.masks import mask_phone
from charity_hub.people.models import TextMessage

logger = logging.getLogger(__name__)

SHIPPED: Final = {"http": "charity_hub.people.sms_gateway.send"}


class CarrierError(Exception):
    """The carrier did not take a message; the words say why and hold nothing of the message."""


class MessageNotSent(Refused):
    """A text message could not be sent."""


def keep(phone: str, text: str) -> None:
    """The development backend: the message stays in the database."""
    TextMessage.objects.create(phone=phone, text=text)


def backend_path() -> str:
    """The dotted path behind ``SMS_BACKEND``."""
    backend: str = settings.SMS_BACKEND
    return SHIPPED.get(backend, backend)


def send_text(phone: str, text: str) -> None:
    """Hand a text message (at most 200 characters) for a phone (E.164) to the carrier.

    Raises ``MessageNotSent`` with a sentence for the person who waits when the carrier fails in any way. The
    log says why, without the message: it may hold a code.
    """
    if why := failure(phone, text):
        logger.error("The text message to %s was not sent: %s", mask_phone(phone), why)
        raise MessageNotSent(_("The text message could not be sent just now. Wait a minute, then try again."))


def failure(phone: str, text: str) -> str:
    """Hand a message over as ``send_text`` does; why the carrier did not take it, empty when it did.

    Only the kind of a foreign error is told: its words may quote the message.
    """
    try:
        import_string(backend_path())(phone, text)
    except CarrierError as error:
        return str(error)
    except Exception as error:  # a carrier's client may raise anything
        return type(error).__name__
    return ""
