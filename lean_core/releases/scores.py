"""What a version scored, and on which data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lean_core.errors import NotInRegistry, ObjectsMissing
from lean_core.objects import Objects
from lean_core.registry import Data, hash_object
from lean_core.registry.read import read_version
from lean_core.registry.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The metrics of a version, as far as they can be relied on."""

    version: str
    values: Mapping[str, float] = field(default_factory=dict)
    """NaN and infinities are possible."""
    problem: str = ""
    """Why a metric may be missing: a sentence."""
    data: tuple[Data, ...] = ()
    """What its record refers to."""
    evidence: tuple[str, ...] = ()


def read_scores(objects: Objects, model: str, version: str) -> Scores:
    """Read what a version scored; one that is not there has no scores, and says so.

    Raises:
        NameRefused: no version can be called so.
        ObjectsError: the registry can't be read.
    """
    try:
        found = read_version(objects, model, version)
    except NotInRegistry as error:
        return Scores(version=version, problem=str(error))
    return scores_of(objects, found)


def scores_of(objects: Objects, version: Version) -> Scores:
    """Return what a version scored, its metrics file held against the digest in its record.

    Raises:
        ObjectsError: the registry can't be read.
    """
    record = version.record
    if record is None:
        return Scores(version=version.version, problem=f"{version.version}: {version.problem}")
    if record.metrics is None:
        problem = f"the record of {version.version} names no metrics file: register it with --metrics or --run"
        return Scores(version=version.version, problem=problem, data=record.data)
    key = f"{version.model}/{version.version}/{record.metrics.path}"
    if key not in {file.key for file in version.files}:
        problem = version.metrics_problem or f"{key} is not there"
        return Scores(version=version.version, problem=problem, data=record.data)
    try:
        sha256 = hash_object(objects, key)
    except ObjectsMissing:
        return Scores(version=version.version, problem=f"{key} has just gone: try again", data=record.data)
    evidence = (f"{key} sha256:{sha256}",)
    if record.metrics.sha256 not in {None, sha256}:
        problem = f"{key} is not the file that was registered (its sha256 differs): put that one back"
        return Scores(version=version.version, problem=problem, data=record.data, evidence=evidence)
    return Scores(
        version=version.version,
        values=version.metrics,
        problem=version.metrics_problem or "",
        data=record.data,
        evidence=evidence,
    )
