"""Say in one sentence what happened, where, and what to do next."""

from __future__ import annotations

from lean_core.errors import SourceError, SourceForbidden, SourceUnreachable, SourceUnreadable
from lean_core.runs.tracking.bounds import Limits
from lean_core.runs.tracking.trouble import Failure, Trouble
from lean_core.settings import redact


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
            f"did not answer within {limits.timeout} s; check the network and the server, then try again",
        ),
        Trouble.BROKEN_OFF: (
            SourceUnreachable,
            "broke off in the middle of an answer; look at the server, then try again",
        ),
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
    return kind(f"{place} {sentence}.")


def _explain_status(status: int, place: str) -> SourceError:
    if status == 401:  # noqa: PLR2004 - statuses are best read as numbers
        return SourceForbidden(
            f"{place} wants other credentials (401): set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and"
            " MLFLOW_TRACKING_PASSWORD, in the environment."
        )
    if status == 403:  # noqa: PLR2004
        return SourceForbidden(
            f"{place} does not let us in (403): ask its owner for the right to read, or to allow this host name."
        )
    if status == 404:  # noqa: PLR2004
        return SourceUnreadable(
            f"{place} is not an MLflow tracking server, or one older than 1.29 (404); check the address and its path."
        )
    if status == 429:  # noqa: PLR2004
        return SourceUnreachable(f"{place} asks us to come less often (429); try again later.")
    if status >= 500:  # noqa: PLR2004
        return SourceUnreachable(f"{place} failed with an error of its own ({status}); look into the server's log.")
    return SourceUnreadable(f"{place} did not accept a request of MLflow's client ({status}); check its version.")
