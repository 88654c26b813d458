"""A web server like granian: the one that listens is a helper of the one that is kept."""

import os
import signal
import socket
import sys


def serve(port: int) -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", port))
        server.listen()
        signal.pause()


def end(_number: int, _frame: object) -> None:
    os.kill(helper, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    helper = os.fork()
    if helper == 0:
        serve(int(sys.argv[1]))
    signal.signal(signal.SIGTERM, end)
    signal.pause()
