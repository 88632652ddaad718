"""Bound what MLflow's client does, and keep it quiet."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a server is waited for."""

    timeout: int = 10
    """Seconds to connect, and between two pieces of an answer."""
    retries: int = 1
    """How often a request is sent again."""


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
