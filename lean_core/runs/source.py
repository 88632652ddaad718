"""A source of runs, and which reader opens it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where runs come from."""

    name: str
    uri: str
    """As the settings say it: a path relative to ``folder``, or a URI. It may hold a password."""
    kind: str
    """``auto``, ``mlflow`` or ``folder``."""
    folder: Path
    """The workspace's folder."""
    timeout: float
    """Seconds that a server may take to answer."""
    also: frozenset[Path] = frozenset()
    """The paths of the other sources on this machine: what lies beside this one, and is read anyway."""
