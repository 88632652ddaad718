"""Ask a running service over HTTP."""

from __future__ import annotations

import contextlib
import socket
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from lean_core.bound import Bound
from lean_core.releases.probes.answer import LIMIT
from lean_core.releases.probes.observation import Silent

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

REDIRECTS = 3
_PORTS = {"http": 80, "https": 443}
_BROKE_OFF = "the connection broke off before the answer was whole, or it does not speak HTTP"
_MOVED = frozenset({301, 302, 303, 307, 308})


def ask_http(url: str, *, token: str | None, bound: Bound) -> bytes | Silent:
    """Return the body of the answer, at most `LIMIT` bytes and one more.

    Raises:
        TimeoutError: it took too long.
    """
    import http.client
    import ssl

    try:
        return _follow(url, token, bound)
    except TimeoutError:
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        bound.left()  # a socket that was closed because time was up fails in many ways
        match error:
            case socket.gaierror():
                reason = "its host is not known here: check the address and the network"
            case ConnectionRefusedError():
                reason = "nothing listens there"
            case ssl.SSLCertVerificationError():
                reason = "its certificate can't be verified"
            case ssl.SSLError():
                reason = "no secure connection could be agreed on: is it https?"
            case http.client.InvalidURL() | ValueError():
                reason = "that is no address: check it in lean.toml"
            case http.client.HTTPException() | ConnectionError():
                reason = _BROKE_OFF
            case _:
                reason = f"it can't be reached ({getattr(error, 'strerror', None) or type(error).__name__})"
        return Silent(reason=reason)


def _follow(url: str, token: str | None, bound: Bound) -> bytes | Silent:
    for _ in range(REDIRECTS + 1):
        target = urlsplit(url)
        connection = _connect(target, bound)
        # A response holds the socket open beyond its connection.
        with contextlib.closing(connection), _send(connection, target, token) as response:
            if response.status not in _MOVED:
                return _read(response, has_token=token is not None)
            url = urljoin(url, response.headers.get("Location") or "")
        if not _same_host(target, urlsplit(url)):
            return Silent(reason="it redirects to another host, which is not followed: name the final address")
    return Silent(reason=f"it redirects more than {REDIRECTS} times")


def _connect(target: SplitResult, bound: Bound) -> HTTPConnection:
    import http.client

    kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    connection = kind(target.hostname or "", target.port, timeout=bound.left())
    connection.connect()

    def stop() -> None:
        with contextlib.suppress(OSError, AttributeError):  # it may be closed by now
            connection.sock.shutdown(socket.SHUT_RDWR)

    bound.stop_with(stop)
    return connection


def _send(connection: HTTPConnection, target: SplitResult, token: str | None) -> HTTPResponse:
    headers = {"Accept": "application/json, text/plain", "User-Agent": "lean-mlops"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


def _read(response: HTTPResponse, *, has_token: bool) -> bytes | Silent:
    status = response.status
    if status == HTTPStatus.UNAUTHORIZED:
        cure = "it does not accept the token (401)" if has_token else "it wants a token (401): name one as token_env"
        return Silent(reason=cure)
    reasons: dict[int, str] = {
        HTTPStatus.FORBIDDEN: "it forbids the question (403)",
        HTTPStatus.NOT_FOUND: "nothing is there (404)",
    }
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Silent(reason=f"it failed (status {status})")
    if status != HTTPStatus.OK:
        return Silent(reason=reasons.get(status, f"it answered with status {status}"))
    if "html" in (response.headers.get_content_subtype() or ""):
        return Silent(reason="the answer is a web page (HTML), not a version: a login may stand before it")
    body = response.read(LIMIT + 1)
    if len(body) <= LIMIT and response.length:  # more was promised
        return Silent(reason=_BROKE_OFF)
    return body


def _same_host(one: SplitResult, other: SplitResult) -> bool:
    """Whether two addresses lead to the same server; from http to https of the same host is no other one."""
    if one.hostname != other.hostname or other.scheme not in _PORTS:
        return False
    ports = [each.port or _PORTS[each.scheme] for each in (one, other)]
    if one.scheme == other.scheme:
        return ports[0] == ports[1]
    return (one.scheme, *ports) == ("http", _PORTS["http"], _PORTS["https"])
