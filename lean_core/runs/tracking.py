"""Call MLflow's client within bounds, and say in one sentence what went wrong.

Left alone, the client blocks 247 s on a server that is not there, honours any ``Retry-After``, and puts the body of
an answer into its exceptions and its log: a body can hold anything, so nothing of it is ever shown.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from lean_core.errors import SourceError, SourceForbidden, SourceUnreachable, SourceUnreadable
from lean_core.settings import redact

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from requests import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a server is waited for."""

    timeout: int = 10
    """Seconds to connect, and between two pieces of an answer."""
    retries: int = 1
    """How often a request is sent again."""


class Trouble(Enum):
    """The ways in which a call fails that need different sentences."""

    ADDRESS = auto()
    NAME = auto()
    REFUSED = auto()
    SILENT = auto()
    BROKEN_OFF = auto()
    TLS = auto()
    STATUS = auto()
    MALFORMED = auto()
    DRIVER = auto()
    CLIENT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a call failed, without a word of what the other side said."""

    trouble: Trouble
    status: int = 0
    """The HTTP status, for ``Trouble.STATUS``."""
    detail: str = ""
    """The missing module, for ``Trouble.DRIVER``."""


_OVERRIDES = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER": "false",  # a server could park us for an hour
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}
_CHATTY = ("mlflow", "urllib3.connectionpool", "alembic")
_lock = threading.Lock()
_inside = 0
_saved: dict[str, str | None] = {}
_levels: dict[str, int] = {}


@contextmanager
def bounded(limits: Limits) -> Iterator[None]:
    """Bound every call that MLflow makes inside, in any thread, and keep it quiet; afterwards all is as before.

    MLflow takes its bounds from the environment, which belongs to the process: the first one in sets it, the last one
    out restores it.
    """
    global _inside  # noqa: PLW0603 - it counts uses of something that is global itself
    wanted = _OVERRIDES | {
        "MLFLOW_HTTP_REQUEST_TIMEOUT": str(limits.timeout),
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": str(limits.retries),
    }
    with _lock:
        if _inside == 0:
            _saved.update({name: os.environ.get(name) for name in wanted})
            os.environ.update(wanted)
            import mlflow  # noqa: F401 - its import asks about telemetry and sets its own log levels

            _levels.update({name: logging.getLogger(name).level for name in _CHATTY})
        _inside += 1
        os.environ.update(wanted)
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _restore()


def _restore() -> None:
    for name, value in _saved.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    for name, level in _levels.items():
        logging.getLogger(name).setLevel(level)


def is_server(uri: str) -> bool:
    """Say whether the address is that of a tracking server."""
    return uri.lower().startswith(("http://", "https://"))


def connect(uri: str, limits: Limits) -> None:
    """Make sure that a tracking server which lets us in answers at ``uri``.

    Raises:
        SourceError: it does not; the sentence says in which way.
    """
    # The plain response, since the client's exceptions lose the status of an answer that is JSON but not MLflow's.
    with talking(uri, limits):
        answer = send(uri, "/api/2.0/mlflow/experiments/search", "POST", json={"max_results": 1})
        status, well_formed = answer.status_code, _is_json_object(answer)
    if status != 200:  # noqa: PLR2004 - HTTP's OK
        raise explain(Failure(trouble=Trouble.STATUS, status=status), uri, limits)
    if not well_formed:
        raise explain(Failure(trouble=Trouble.MALFORMED), uri, limits)


def send(uri: str, endpoint: str, method: str, **content: object) -> Response:
    """Send one request as MLflow's client would, credentials and all, and return the answer whatever its status."""
    from mlflow.utils.credentials import get_default_host_creds
    from mlflow.utils.rest_utils import http_request

    creds = get_default_host_creds(uri.rstrip("/"))  # type: ignore[no-untyped-call]
    answer: Response = http_request(creds, endpoint, method, raise_on_status=False, **content)  # type: ignore[no-untyped-call]
    return answer


def _is_json_object(answer: Response) -> bool:
    try:
        return isinstance(answer.json(), dict)
    except ValueError:
        return False


@contextmanager
def talking(uri: str, limits: Limits) -> Iterator[None]:
    """Bound the calls of MLflow's client inside, and turn what it raises into a sentence of ours."""
    try:
        with bounded(limits):
            yield
    except client_errors() as error:
        raise explain(diagnose(error), uri, limits) from None


def client_errors() -> tuple[type[Exception], ...]:
    """Return the exceptions in which MLflow's client lets through what the other side did."""
    from alembic.util import CommandError
    from google.protobuf.json_format import Error as ProtobufError  # type: ignore[import-untyped]
    from mlflow.exceptions import MlflowException
    from requests import RequestException
    from sqlalchemy.exc import SQLAlchemyError

    return MlflowException, RequestException, ProtobufError, SQLAlchemyError, CommandError, ImportError, ValueError


def open_client(uri: str) -> MlflowClient:
    """Return MLflow's client for ``uri``, its registry being the same place whatever the environment says."""
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def diagnose(error: BaseException) -> Failure:
    """Find out which of the known troubles is behind an exception of MLflow's client."""
    from alembic.util import CommandError
    from mlflow.exceptions import InvalidUrlException, MlflowException, RestException
    from sqlalchemy.exc import SQLAlchemyError

    for link in _chain(error):
        trouble = _network_trouble(link)
        if trouble is not None:
            return Failure(trouble=trouble)
        if isinstance(link, ImportError):
            return Failure(trouble=Trouble.DRIVER, detail=str(link.name or ""))
        if isinstance(link, InvalidUrlException):
            return Failure(trouble=Trouble.ADDRESS)
        if isinstance(link, RestException):
            return Failure(trouble=Trouble.STATUS, status=link.get_http_status_code())  # type: ignore[no-untyped-call]
        status = re.search(r"(?:failed with error code|too many) (\d{3}) ", str(link))
        if status:
            return Failure(trouble=Trouble.STATUS, status=int(status[1]))
    if isinstance(error, (SQLAlchemyError, CommandError)):
        return Failure(trouble=Trouble.CLIENT)
    malformed = "not in a valid JSON format" in str(error) or not isinstance(error, MlflowException)
    return Failure(trouble=Trouble.MALFORMED if malformed else Trouble.CLIENT)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and those behind it; urllib3 keeps the real one as ``reason``."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        link = waiting.pop(0)
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            waiting += [getattr(link, "reason", None), link.__cause__, link.__context__]
            yield link


def _network_trouble(link: BaseException) -> Trouble | None:
    import requests.exceptions as of_requests
    import urllib3.exceptions as of_urllib3

    # In this order: some are sub-classes of others, and the reasons of a ConnectionError come after it in the chain.
    for kinds, trouble in (
        ((of_requests.InvalidURL, of_requests.MissingSchema), Trouble.ADDRESS),
        ((of_requests.SSLError, of_urllib3.SSLError), Trouble.TLS),
        ((of_requests.Timeout, of_urllib3.TimeoutError), Trouble.SILENT),
        ((of_urllib3.NameResolutionError,), Trouble.NAME),
        ((of_urllib3.NewConnectionError, of_requests.ProxyError), Trouble.REFUSED),
        ((of_requests.ChunkedEncodingError, of_urllib3.ProtocolError), Trouble.BROKEN_OFF),
    ):
        # NewConnectionError is a ConnectTimeoutError to urllib3, for old times' sake.
        if isinstance(link, kinds) and not (
            trouble is Trouble.SILENT and isinstance(link, of_urllib3.NewConnectionError)
        ):
            return trouble
    return None


def explain(failure: Failure, uri: str, limits: Limits) -> SourceError:
    """Return the error that tells a person what happened, where, and what to do next."""
    place = redact(uri)
    if failure.trouble is Trouble.STATUS:
        return _explain_status(failure.status, place)
    kind, sentence = {
        Trouble.ADDRESS: (SourceUnreadable, "is not an address: expected http://host:port or https://host"),
        Trouble.NAME: (SourceUnreachable, "can't be reached: its host name is not known here; check the address"),
        Trouble.REFUSED: (SourceUnreachable, "can't be reached: nothing listens there; check that the server runs"),
        Trouble.SILENT: (
            SourceUnreachable,
            f"did not answer within {limits.timeout} s; check the network and the server, then sync again",
        ),
        Trouble.BROKEN_OFF: (SourceUnreachable, "broke off in the middle of an answer; look at the server, sync again"),
        Trouble.TLS: (
            SourceUnreachable,
            "can't be trusted: no TLS connection with a valid certificate; name its authority in"  # noqa: ISC004
            " MLFLOW_TRACKING_SERVER_CERT_PATH, or write http:// if it speaks plain HTTP",
        ),
        Trouble.MALFORMED: (
            SourceUnreadable,
            "answered with something else than MLflow's REST API, such as a login page; check the address",
        ),
        Trouble.DRIVER: (
            SourceUnreadable,
            f"can't be opened by MLflow without the package {failure.detail}; install it here",
        ),
        Trouble.CLIENT: (
            SourceUnreadable,
            "can't be read by the MLflow version installed here; a `mlflow server` of the version that wrote it can",
        ),
    }[failure.trouble]
    return kind(f"{place} {sentence}")


def _explain_status(status: int, place: str) -> SourceError:
    if status == 401:  # noqa: PLR2004 - statuses are best read as numbers
        return SourceForbidden(
            f"{place} wants other credentials (401): set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and"
            " MLFLOW_TRACKING_PASSWORD, in the environment"
        )
    if status == 403:  # noqa: PLR2004
        return SourceForbidden(
            f"{place} does not let us in (403): ask its owner for the right to read, or to allow this host name"
        )
    if status == 404:  # noqa: PLR2004
        return SourceUnreadable(
            f"{place} is not an MLflow tracking server, or one older than 1.29 (404); check the address and its path"
        )
    if status == 429:  # noqa: PLR2004
        return SourceUnreachable(f"{place} asks us to come less often (429); sync again later")
    if status >= 500:  # noqa: PLR2004
        return SourceUnreachable(f"{place} failed with an error of its own ({status}); look into the server's log")
    return SourceUnreadable(f"{place} did not accept a request of MLflow's client ({status}); check its version")
