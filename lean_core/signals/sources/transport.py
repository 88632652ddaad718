"""Carry a question over HTTP, and no more of the answer than fits, for no longer than there is time.

This module is imported late: httpx takes a fifth of a second.
"""

from __future__ import annotations

import contextlib
import functools
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from lean_core.bound import Bound

LIMIT = 4 * 1024 * 1024
"""Bytes of an answer: a number, or a history of 11,000 points, is shorter."""
_CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})


class AnswerTooLong(httpx.DecodingError):
    """The answer has more bytes than are read."""


class AnswerPacked(httpx.DecodingError):
    """The answer is compressed, although it was asked for plain: unpacked it might have any size."""


class BoundTransport(httpx.BaseTransport):
    """Ends whatever it waits for when time is up, be it that a server drips."""

    def __init__(self, bound: Bound, *, limit: int = LIMIT) -> None:
        """Carry questions until time is up."""
        self._bound = bound
        self._limit = limit
        self._inner = httpx.HTTPTransport(verify=_trust())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Raises:
            TimeoutError: time is up.
        """
        request.headers["Accept-Encoding"] = "identity"
        request.extensions = {
            **request.extensions,
            "timeout": dict.fromkeys(("connect", "read", "write", "pool"), self._bound.left()),
            "trace": self._watch,
        }
        response = self._inner.handle_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            response.close()
            raise AnswerPacked("packed")
        assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 - what httpx promises of its own transport
        response.stream = _BoundStream(response.stream, self._bound, self._limit)
        return response

    def close(self) -> None:
        """Let the connections go."""
        self._inner.close()

    def _watch(self, event: str, details: Mapping[str, Any]) -> None:
        """Keep hold of the socket: only shutting it down ends a wait for a server that sends a byte now and then."""
        if event in _CONNECTED:
            connected: socket.socket = details["return_value"].get_extra_info("socket")
            self._bound.stop_with(lambda: _shut(connected))


class _BoundStream(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, bound: Bound, limit: int) -> None:
        self._inner = inner
        self._bound = bound
        self._limit = limit

    def __iter__(self) -> Iterator[bytes]:
        length = 0
        for piece in self._inner:
            self._bound.left()
            length += len(piece)
            if length > self._limit:
                raise AnswerTooLong("too long")
            yield piece

    def close(self) -> None:
        self._inner.close()


@functools.cache
def _trust() -> ssl.SSLContext:
    """Return whom this machine trusts; reading their certificates takes longer than asking a server."""
    return ssl.create_default_context()


def _shut(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it may be closed by now
        connected.shutdown(socket.SHUT_RDWR)
