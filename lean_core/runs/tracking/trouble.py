"""Find out what is behind an exception of MLflow's client, without a word of what the other side said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto


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


def client_errors() -> tuple[type[Exception], ...]:
    """Return the exceptions in which MLflow's client lets through what the other side did."""
    from alembic.util import CommandError
    from google.protobuf.json_format import Error as ProtobufError  # type: ignore[import-untyped]
    from mlflow.exceptions import MlflowException
    from requests import RequestException
    from sqlalchemy.exc import SQLAlchemyError

    return MlflowException, RequestException, ProtobufError, SQLAlchemyError, CommandError, ImportError, ValueError


def diagnose(error: BaseException) -> Failure:
    """Find out which of the known troubles is behind an exception of MLflow's client."""
    from alembic.util import CommandError
    from mlflow.exceptions import MlflowException, RestException
    from requests import HTTPError
    from sqlalchemy.exc import SQLAlchemyError

    for link in causes(error):
        trouble = _network_trouble(link)
        if trouble is not None:
            return Failure(trouble=trouble)
        if isinstance(link, ImportError):
            return Failure(trouble=Trouble.DRIVER, detail=str(link.name or ""))
        if isinstance(link, RestException):
            return Failure(trouble=Trouble.STATUS, status=link.get_http_status_code())  # type: ignore[no-untyped-call]
        if isinstance(link, HTTPError) and link.response is not None:
            return Failure(trouble=Trouble.STATUS, status=link.response.status_code)
        status = re.search(r"(?:failed with error code|too many) (\d{3}) ", str(link))
        if status:
            return Failure(trouble=Trouble.STATUS, status=int(status[1]))
    known = isinstance(error, (MlflowException, SQLAlchemyError, CommandError))
    malformed = not known or "not in a valid JSON format" in str(error)
    return Failure(trouble=Trouble.MALFORMED if malformed else Trouble.CLIENT)


def causes(error: BaseException) -> Iterator[BaseException]:
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
