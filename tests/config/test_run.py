"""``make run`` does not begin beside a portal that runs already."""

import socket

import pytest
from django.core.management.base import CommandError

from config.management.commands.run import refuse_taken


@pytest.fixture
def listening() -> socket.socket:
    """A server as granian opens it, ready to share its port."""
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.bind(("127.0.0.1", 0))
    server.listen()
    return server


def test_a_port_that_is_taken_is_named_with_the_way_out(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    with listening, pytest.raises(CommandError, match=f"Port {port} is in use.*PORT={port + 1} make run"):
        refuse_taken(port, patience=0)


def test_a_port_is_free_again_as_soon_as_the_portal_has_stopped(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)), listening.accept()[0]:
        pass
    listening.close()
    refuse_taken(port)
