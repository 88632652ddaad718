"""What was found out about servers that can only be tried: whether they create atomically."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

_answers: dict[str, bool] = {}
_lock = threading.Lock()


def remembered_probes() -> dict[str, bool]:
    """Return what this process found out, by server and bucket, for a caller to keep."""
    with _lock:
        return dict(_answers)


def remember_probes(answers: Mapping[str, bool]) -> None:
    """Take what was found out earlier, so that it need not be tried again."""
    with _lock:
        _answers.update(answers)


def forget_probes() -> None:
    """Forget everything, so that each bucket is tried again: its server may have been replaced."""
    with _lock:
        _answers.clear()


def probe_once(name: str, probe: Callable[[], bool]) -> bool:
    """Return the answer about a server and bucket, trying only if it is not known. Who comes second waits for it."""
    with _lock:
        if name not in _answers:
            _answers[name] = probe()
        return _answers[name]
