"""Text messages through an HTTP gateway: one POST of JSON a message (``SMS_BACKEND=http``).

``SMS_HTTP_TEMPLATE`` is the JSON that is sent, with ``{phone}`` (+8613900000001), ``{number}`` (without +86),
``{text}`` and ``{code}`` (empty for a message without one) where the values go; ``SMS_HTTP_SUCCESS`` is what
the answer must hold. Redirects are not followed: they would carry the code to somebody else.
"""

import http.client
import json
import re
import time
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from charity_hub.people.sms import CarrierError

LONGEST_ANSWER: Final = 64 * 1024


def send(phone: str, text: str) -> None:
    """Hand a message to the gateway. Raises ``CarrierError`` unless it says that it took it."""
    body = json.dumps(_filled(settings.SMS_HTTP_TEMPLATE, _words(phone, text)), ensure_ascii=False)
    try:
        status, answer = _post(body.encode())
    except (OSError, http.client.HTTPException) as error:
        raise CarrierError(f"the gateway cannot be reached ({type(error).__name__})") from None
    if not 200 <= status < 300:
        raise CarrierError(f"the gateway answered {status}")
    if not _holds(answer, settings.SMS_HTTP_SUCCESS):
        raise CarrierError("the gateway's answer is not the one that SMS_HTTP_SUCCESS describes")


def _words(phone: str, text: str) -> dict[str, str]:
    code = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    return {
        "{phone}": phone,
        "{number}": phone.removeprefix("+86"),
        "{text}": text,
        "{code}": code[0] if code else "",
    }


def _filled(template: Any, words: dict[str, str]) -> Any:
    """The template with its words put in, once: what a word holds is not looked at again."""
    if isinstance(template, dict):
        return {name: _filled(value, words) for name, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, words) for value in template]
    if isinstance(template, str):
        return re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], template)
    return template


def _post(body: bytes) -> tuple[int, bytes]:
    """One request on a connection of its own, over within the timeout."""
    url, timeout = urlsplit(settings.SMS_HTTP_URL), settings.SMS_HTTP_TIMEOUT
    deadline = time.monotonic() + timeout
    secure = url.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=timeout)
    headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
    if settings.SMS_HTTP_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_HTTP_TOKEN}"
    try:
        connection.request("POST", f"{url.path or '/'}{'?' if url.query else ''}{url.query}", body, headers)
        response = connection.getresponse()
        return response.status, _read(response, deadline)
    finally:
        connection.close()


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    answer = b""
    while chunk := response.read1(8192):
        answer += chunk
        if len(answer) > LONGEST_ANSWER or time.monotonic() > deadline:
            raise TimeoutError
    return answer


def _holds(answer: bytes, wanted: dict[str, Any]) -> bool:
    """Whether the answer is a JSON object with these members."""
    try:
        said = json.loads(answer)
    except ValueError:
        return False
    return isinstance(said, dict) and all(said.get(name) == value for name, value in wanted.items())
