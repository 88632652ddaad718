"""What is asked to be registered, and what is known around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lean_core.git import NotHere, Tree
from lean_core.registry.payload import HashedFile
from lean_core.registry.record import Data, MlflowVersion, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person says of a version."""

    model: str
    version: str
    artifact: Path
    called: str | None = None
    """What the artifact is called in the version's folder; None: as it is called now."""
    data: tuple[Data, ...] = ()
    folder: Path = Path()
    """Where relative references to data count from; the current one unless said."""
    metrics: Path | None = None
    lock_file: Path | None = None
    """None: the one that is found."""
    owner: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Data that a run read, as far as it says so."""

    name: str
    ref: str | None = None
    digest: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a run tells of the version that came out of it."""

    source: str
    run_id: str
    status: str | None = None
    commit: str | None = None
    repo: str | None = None
    """The address of the repository, without secrets."""
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    datasets: tuple[Dataset, ...] = ()
    python: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known without asking."""

    folder: Path
    """Where relative references to data count from."""
    tree: Tree | NotHere
    python: str
    """The version of the Python that runs this."""
    owner: str | None = None
    """From the settings, else who git takes the person for."""
    run: RunFacts | None = None
    mlflow: MlflowVersion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A version that is ready to be registered."""

    record: Record
    """Without who made it and when."""
    payload: tuple[HashedFile, ...]
    remarks: tuple[str, ...]
    """Sentences: what is not known and what adds it, and what the person should know of the rest."""
