"""How a notice leaves the portal: by text message, and by WeChat where the installation has set it up."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

from charity_hub.notices.models import Channel, Notice
from charity_hub.people.sms import failure

LONGEST_TEXT: Final = 200


def open_channels() -> list[Channel]:
    """The channels beside the portal itself that this installation has."""
    return [Channel.TEXT, *([Channel.WECHAT] if settings.WECHAT_NOTICES_BACKEND else [])]


def hand_over(notice: Notice) -> str:
    """Give a notice to its carrier; why the carrier did not take it, empty when it did.

    Text goes out in the installation's language: nobody has told us theirs.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return CARRIERS[Channel(notice.channel)](notice, _shortened(str(notice)))


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST_TEXT else words[: LONGEST_TEXT - 1] + "…"


def _by_text(notice: Notice, words: str) -> str:
    return failure(notice.person.phone, words)


def _by_wechat(notice: Notice, words: str) -> str:
    """``WECHAT_NOTICES_BACKEND`` is the path of ``(person, text, address) -> None``, which raises."""
    try:
        import_string(settings.WECHAT_NOTICES_BACKEND)(notice.person, words, settings.SITE_URL + notice.url)
    except Exception as error:  # a carrier's client may raise anything, and may quote the message
        return type(error).__name__
    return ""


CARRIERS: Final[dict[Channel, Callable[[Notice, str], str]]] = {
    Channel.TEXT: _by_text,
    Channel.WECHAT: _by_wechat,
}
