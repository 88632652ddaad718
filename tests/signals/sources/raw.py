"""A server that says bytes as they are: redirects, bodies that break off, and answers that drip and never end."""

from __future__ import annotations

import itertools
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

Say = Callable[[bytes], Iterable[bytes]]


def reply(status: str = "200 OK", *headers: str, body: bytes = b"") -> list[bytes]:
    """Return a whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return ["\r\n".join(lines).encode() + b"\r\n\r\n" + body]


def drip(begin: bytes) -> Iterator[bytes]:
    """Return an answer that never ends, a byte at a time."""
    return itertools.chain([begin], itertools.repeat(b"x"))


@contextmanager
def raw_stub(say: Say, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Say to each request (as bytes) what it makes of it, then close the connection; yield the address."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_serve, args=(listening, say, over, tls))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            with suppress(OSError), socket.create_connection(listening.getsockname()):
                thread.join()


def _serve(listening: socket.socket, say: Say, over: threading.Event, tls: ssl.SSLContext | None) -> None:
    while True:
        connection, _ = listening.accept()
        connection.settimeout(30)
        with connection, suppress(OSError):  # who asked may have heard enough
            if over.is_set():
                return
            with tls.wrap_socket(connection, server_side=True) if tls else connection as spoken:
                for piece in say(_hear(spoken)):
                    spoken.sendall(piece)
                    if len(piece) == 1:
                        over.wait(0.01)
                    if over.is_set():
                        return


def _hear(connection: socket.socket) -> bytes:
    heard = b""
    while b"\r\n\r\n" not in heard and (piece := connection.recv(65536)):
        heard += piece
    length = re.search(rb"content-length: (\d+)", heard, re.IGNORECASE)
    missing = (int(length[1]) if length else 0) - len(heard.partition(b"\r\n\r\n")[2])
    while missing > 0 and (piece := connection.recv(65536)):
        heard, missing = heard + piece, missing - len(piece)
    return heard
