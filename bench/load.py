"""A server under load: the portal's own WSGI server on a free port, and a client that uses little CPU."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 4


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(application: str, environment: Mapping[str, str]) -> Iterator[int]:
    """Granian as in the Procfile, with this WSGI application; yields its port."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "8", "--log-level", "error"]
    server = subprocess.Popen([*command, application], cwd=ROOT, env=os.environ | environment)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(300):
        if server.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not answer")


def requests_per_second(port: int, path: str, seconds: float) -> float:
    """How often a page is answered per second, to four visitors who ask again at once."""
    _ask_for(port, path, until=time.perf_counter() + 1)  # warm up
    start = time.perf_counter()
    counts: list[int] = []

    def visitor() -> None:
        counts.append(_ask_for(port, path, until=start + seconds))

    visitors = [threading.Thread(target=visitor) for _number in range(CLIENTS)]
    for one in visitors:
        one.start()
    for one in visitors:
        one.join()
    return sum(counts) / (time.perf_counter() - start)


def _ask_for(port: int, path: str, until: float) -> int:
    asked = 0
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh-CN\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while time.perf_counter() < until:
            connection.sendall(request)
            _whole_answer(connection)
            asked += 1
    return asked


def _whole_answer(connection: socket.socket) -> None:
    """Read one answer to its end by its Content-Length. Anything but 200 is an error."""
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(262_144)
        if not chunk:
            raise RuntimeError("the server hung up")
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode())
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    if not lengths:  # sent in chunks
        while not body.endswith(b"0\r\n\r\n"):
            body += connection.recv(262_144)
        return
    missing = int(lengths[0][15:]) - len(body)
    while missing > 0:
        missing -= len(connection.recv(262_144))
