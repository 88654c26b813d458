"""Text messages: the HTTP gateway over a real socket, and what people see when no carrier takes a message."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from charity_hub.people.models import User
from charity_hub.people.sms import MessageNotSent, send_text
from tests import cast
from tests.builders import user
from tests.charity_hub.people.door import CONFIRM, REQUEST, SIGN_UP, VERIFY, is_signed_in, sent_code
from tests.config.test_settings import PRODUCTION, start

PHONE, TEXT = "+8613900001111", "482913 is your Charity Hub code, valid for 5 minutes."
SENTENCE = "The text message could not be sent just now."


class Gateway(HTTPServer):
    """A carrier on the loopback that answers as it is told and remembers what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.received: list[tuple[str, str, Any]] = []
        self.status, self.answer = 200, b'{"code": "OK"}'
        self.headers: dict[str, str] = {}
        self.hold = threading.Event()
        self.hold.set()
        self.drip = 0.0  # seconds between the answer's bytes
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send?v=1"


class Receiver(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        token = self.headers.get("Authorization", "")
        self.server.received.append((self.path, token, json.loads(body)))
        self.server.hold.wait(10)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.server.drip:
            self.wfile.write(self.server.answer)
            with suppress(OSError):  # nobody listens any more
                for _byte in range(100):
                    self.server.over.wait(self.server.drip)
                    self.wfile.write(b" ")
        else:
            self.wfile.write(self.server.answer)

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.SMS_BACKEND, settings.SMS_HTTP_URL = "http", server.url
    settings.SMS_HTTP_TOKEN, settings.SMS_HTTP_TIMEOUT = "t0ken", 5
    settings.SMS_HTTP_SUCCESS = {"code": "OK"}
    yield server
    server.hold.set()
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_gateway_receives_the_message_once_with_the_token(gateway: Gateway) -> None:
    send_text(PHONE, TEXT)
    assert gateway.received == [("/send?v=1", "Bearer t0ken", {"phone": PHONE, "text": TEXT})]


def test_template_takes_number_and_code(gateway: Gateway, settings: Settings) -> None:
    settings.SMS_HTTP_TEMPLATE = {
        "to": ["{number}"],
        "template": "SMS_1",
        "values": {"code": "{code}"},
        "n": 1,
    }
    send_text(PHONE, TEXT)
    sent = {"to": ["13900001111"], "template": "SMS_1", "values": {"code": "482913"}, "n": 1}
    assert gateway.received[0][2] == sent


def test_words_of_a_message_are_not_taken_for_places(gateway: Gateway) -> None:
    send_text(PHONE, '{phone} 你好 "{code}"')
    assert gateway.received[0][2]["text"] == '{phone} 你好 "{code}"'


def test_message_without_a_code_has_an_empty_one(gateway: Gateway, settings: Settings) -> None:
    settings.SMS_HTTP_TEMPLATE = {"code": "{code}"}
    send_text(PHONE, "Call 13900001111 about 1234567.")
    assert gateway.received[0][2] == {"code": ""}


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (500, b'{"code": "OK"}', "the gateway answered 500"),
        (403, b"", "the gateway answered 403"),
        (200, b"<html>", "SMS_HTTP_SUCCESS"),
        (200, b"", "SMS_HTTP_SUCCESS"),
        (200, b"\xff\xfe", "SMS_HTTP_SUCCESS"),
        (200, b'["OK"]', "SMS_HTTP_SUCCESS"),
        (200, b'{"code": "LIMIT"}', "SMS_HTTP_SUCCESS"),
        (200, b"{}" + b" " * 100_000, "cannot be reached (TimeoutError)"),
    ],
)
def test_any_other_answer_is_a_failure_that_is_logged(
    gateway: Gateway, caplog: pytest.LogCaptureFixture, status: int, answer: bytes, reason: str
) -> None:
    gateway.status, gateway.answer = status, answer
    with pytest.raises(MessageNotSent, match=SENTENCE):
        send_text(PHONE, TEXT)
    assert reason in caplog.text


def test_code_token_and_number_stay_out_of_the_log(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.status, gateway.answer = 500, TEXT.encode()
    with pytest.raises(MessageNotSent):
        send_text(PHONE, TEXT)
    assert "139****1111" in caplog.text
    assert not any(secret in caplog.text for secret in ("482913", "t0ken", "13900001111"))


def test_redirect_is_not_followed(gateway: Gateway) -> None:
    gateway.status, gateway.headers = 307, {"Location": gateway.url}
    with pytest.raises(MessageNotSent):
        send_text(PHONE, TEXT)
    assert len(gateway.received) == 1


def test_silent_gateway_is_given_up_in_time(gateway: Gateway, settings: Settings) -> None:
    settings.SMS_HTTP_TIMEOUT = 0.2
    gateway.hold.clear()
    began = time.monotonic()
    with pytest.raises(MessageNotSent):
        send_text(PHONE, TEXT)
    assert time.monotonic() - began < 3


def test_gateway_that_drips_is_given_up_in_time(gateway: Gateway, settings: Settings) -> None:
    """Each byte comes within the socket's timeout; all of them together would take for ever."""
    settings.SMS_HTTP_TIMEOUT = 0.4
    gateway.drip = 0.1
    began = time.monotonic()
    with pytest.raises(MessageNotSent):
        send_text(PHONE, TEXT)
    assert time.monotonic() - began < 3


def test_gateway_that_is_not_there_is_a_failure(gateway: Gateway, settings: Settings) -> None:
    settings.SMS_HTTP_URL = "http://127.0.0.1:1/"
    with pytest.raises(MessageNotSent):
        send_text(PHONE, TEXT)


@pytest.mark.parametrize("url", ["", "http://sms.example.cn/", "sms.example.cn", "https:///send"])
def test_portal_does_not_start_with_a_gateway_that_listeners_can_read(url: str) -> None:
    refused = start(**PRODUCTION, SMS_BACKEND="http", SMS_HTTP_URL=url)
    assert "SMS_BACKEND=http needs SMS_HTTP_URL" in refused.stderr


# --- what people see -----------------------------------------------------------------------------


def broken(phone: str, text: str) -> None:
    """A carrier's client that fails with the message in its mouth."""
    raise RuntimeError(phone, text)


@pytest.fixture
def no_carrier(settings: Settings) -> None:
    settings.SMS_BACKEND = f"{__name__}.broken"


def shown(client: Client, url: str, **data: str) -> str:
    response = client.post(url, data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("no_carrier")
def test_somebody_who_signs_in_is_told_and_stays_where_a_new_code_is_asked_for(client: Client) -> None:
    user(phone=PHONE)
    page = shown(client, REQUEST, phone=PHONE)
    assert SENTENCE in page
    assert "A code was sent" not in page
    assert "Send a new code" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("no_carrier")
def test_number_without_an_account_is_told_the_same(client: Client) -> None:
    assert SENTENCE in shown(client, REQUEST, phone="13900002222")


@pytest.mark.django_db
def test_once_the_carrier_works_again_the_new_code_signs_in(client: Client, settings: Settings) -> None:
    user(phone=PHONE)
    settings.SMS_BACKEND = f"{__name__}.broken"
    client.post(REQUEST, {"phone": PHONE})
    settings.SMS_BACKEND = "charity_hub.people.sms.keep"
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        client.post(CONFIRM, {"action": "resend"})
        client.post(CONFIRM, {"code": sent_code(PHONE)})
    assert is_signed_in(client)


@pytest.mark.django_db
@pytest.mark.usefixtures("no_carrier")
def test_registration_is_not_lost(client: Client) -> None:
    page = shown(client, SIGN_UP, name="新居民", phone=PHONE, agreed="on")
    assert SENTENCE in page
    assert User.objects.get(phone=PHONE).phone_verified is False
    assert client.get(VERIFY).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("no_carrier")
def test_invitation_that_failed_is_not_called_sent() -> None:
    page = shown(cast.client_of(cast.ada()), f"/admin/charity_hub/user/{cast.lan().pk}/invite/")
    assert SENTENCE in page
    assert "A text message with" not in page
