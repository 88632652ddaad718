"""Whether a version could be deployed again now: its artifact, the artifact's hash, its lock file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lean_core.errors import NameRefused, ObjectsMissing
from lean_core.objects import Objects, Progress
from lean_core.registry import Answer, File, Version, files_at, fold_hashes, hash_object, ignore_progress

CheckName = Literal["record", "artifact", "hash", "lock file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightCheck:
    """One thing that was looked at."""

    name: CheckName
    verdict: Answer
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """All that was looked at."""

    version: str
    checks: tuple[PreflightCheck, ...]

    @property
    def blocked(self) -> str | None:
        """Why the version can't be gone back to at all; a lock file that is missing is no such reason."""
        reasons = [check.sentence for check in self.checks if check.verdict == "fail" and check.name != "lock file"]
        return " ".join(reasons) or None

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is not in order, each a sentence."""
        return tuple(check.sentence for check in self.checks if check.verdict != "pass")


def check_version(objects: Objects, version: Version, *, progress: Progress = ignore_progress) -> Preflight:
    """Look whether a version could be deployed again; the artifact is read whole, and never loaded.

    Raises:
        ObjectsError: the registry can't be read.
    """
    if version.record is None:
        sentence = f"The record of {version.version} can't be used: {version.problem}."
        return Preflight(version=version.version, checks=(_check("record", "fail", sentence),))
    record = _check("record", "pass", f"The record of {version.version} can be read.")
    checks = (record, *_check_artifact(objects, version, progress), _check_lock_file(objects, version))
    return Preflight(version=version.version, checks=checks)


def _check_artifact(objects: Objects, version: Version, progress: Progress) -> tuple[PreflightCheck, ...]:
    artifact = version.record.artifact if version.record else None
    if artifact is None:
        return (_check("artifact", "unknown", "The record names no artifact, so none can be checked."),)
    files = files_at(version, artifact.path)
    if not files:
        return (_check("artifact", "fail", f"The artifact {artifact.path} is not in the registry any more."),)
    there = _check("artifact", "pass", f"The artifact {artifact.path} is there.")
    if artifact.sha256 is None:
        return there, _check("hash", "unknown", "The record has no hash of the artifact, so it can't be verified.")
    try:
        found = _hash(objects, version, artifact.path, files, progress)
    except (ObjectsMissing, NameRefused) as error:
        return _check("artifact", "fail", f"The artifact {artifact.path} can't be read: {error}."), _check(
            "hash", "unknown", "The hash of the artifact could not be verified."
        )
    if found != artifact.sha256:
        sentence = f"The artifact {artifact.path} is not what was registered: its hash is {found[:12]}…,"
        return there, _check("hash", "fail", f"{sentence} and the record says {artifact.sha256[:12]}….")
    return there, _check("hash", "pass", "The hash of the artifact holds.")


def _hash(objects: Objects, version: Version, path: str, files: tuple[File, ...], progress: Progress) -> str:
    folder = f"{version.model}/{version.version}/"
    place = folder if path in {"", "."} else f"{folder}{path.removeprefix('./').rstrip('/')}"
    if len(files) == 1 and files[0].key == place:
        return hash_object(objects, place, progress=progress)
    start = len(place.rstrip("/")) + 1
    return fold_hashes((file.key[start:], hash_object(objects, file.key, progress=progress)) for file in files)


def _check_lock_file(objects: Objects, version: Version) -> PreflightCheck:
    environment = version.record.environment if version.record else None
    if environment is None or environment.lockfile is None:
        sentence = "The record names no lock file: what the version needs can't be built again for sure."
        return _check("lock file", "unknown", sentence)
    name = environment.lockfile
    files = files_at(version, name)
    if len(files) != 1:
        return _check("lock file", "fail", f"The lock file {name} is not in the registry any more.")
    if environment.sha256 is not None and hash_object(objects, files[0].key) != environment.sha256:
        return _check("lock file", "fail", f"The lock file {name} is not what was registered.")
    return _check("lock file", "pass", f"The lock file {name} is there.")


def _check(name: CheckName, verdict: Answer, sentence: str) -> PreflightCheck:
    return PreflightCheck(name=name, verdict=verdict, sentence=sentence)
