"""A source of runs, and which reader opens it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lean_core.errors import SourceMissing, SourceUnreadable
from lean_core.runs.reader import Reader

_PASSWORD = re.compile(r"(?P<start>//[^/@:]*:)[^/@]*(?=@)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where runs come from."""

    name: str
    uri: str
    """As the settings say it: a path relative to ``folder``, or a URI."""
    kind: str
    """``auto``, ``mlflow`` or ``folder``."""
    folder: Path
    """The workspace's folder."""
    timeout: float
    """Seconds that a server may take to answer."""


def redact(uri: str) -> str:
    """Return the URI without its password."""
    return _PASSWORD.sub(r"\g<start>***", uri)
