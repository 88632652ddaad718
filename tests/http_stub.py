"""Small servers for what a real one won't do on demand: refuse, fail, keep silent, or break off."""

from __future__ import annotations

import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a stub says; ``length`` is the length that it claims, where that is not true."""

    status: int = 200
    body: bytes = b"{}"
    content_type: str = "application/json"
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a stub was asked."""

    method: str
    path: str
    """With the query."""
    headers: dict[str, str]
    body: bytes


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # with five, the kernel makes a sixth caller at the same moment wait for a second


@contextmanager
def http_stub(answer: Callable[[Request], Answer]) -> Iterator[str]:
    """Serve what ``answer`` says and yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            if self.headers.get("Expect") == "100-continue":
                self.send_response_only(100)
                self.end_headers()
            length = int(self.headers.get("Content-Length") or 0)
            request = Request(
                method=self.command, path=self.path, headers=dict(self.headers), body=self.rfile.read(length)
            )
            said = answer(request)
            self.send_response(said.status)
            self.send_header("Content-Type", said.content_type)
            self.send_header("Content-Length", str(len(said.body) if said.length is None else said.length))
            self.end_headers()
            with suppress(ConnectionError):  # who asked may have heard enough
                self.wfile.write(said.body)

        do_GET = _serve  # noqa: N815 - http.server's name
        do_HEAD = _serve  # noqa: N815
        do_POST = _serve  # noqa: N815
        do_PUT = _serve  # noqa: N815
        do_DELETE = _serve  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = _Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def silence(port: int = 0) -> Iterator[str]:
    """Accept connections, as the kernel does for a listening socket, and never answer."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def refused() -> str:
    """Return an address where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def forward(uri: str, request: Request) -> Answer:
    """Ask a real server and return what it answers."""
    headers = {name: value for name, value in request.headers.items() if name.lower() in {"content-type", "accept"}}
    passed_on = urllib.request.Request(
        uri + request.path, data=request.body or None, headers=headers, method=request.method
    )
    try:
        with urllib.request.urlopen(passed_on, timeout=60) as answer:
            return Answer(status=answer.status, body=answer.read(), content_type=answer.headers["Content-Type"])
    except HTTPError as error:
        return Answer(status=error.code, body=error.read(), content_type=error.headers["Content-Type"])
