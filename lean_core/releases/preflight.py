"""Whether a version could be deployed again now: its artifact, the artifact's hash, its lock file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lean_core.objects import Objects
from lean_core.registry import Answer, Record, Tell, Version, files_at
from lean_core.registry.verify import Finding, check_hashes, claims_of

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
    notes: tuple[str, ...] = ()
    """What is to be known besides, each a sentence: it stands in the way of nothing."""

    @property
    def blocked(self) -> str | None:
        """Why the version can't be gone back to at all; a lock file that is missing is no such reason."""
        reasons = [check.sentence for check in self.checks if check.verdict == "fail" and check.name != "lock file"]
        return " ".join(reasons) or None

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is not in order, each a sentence."""
        return tuple(check.sentence for check in self.checks if check.verdict != "pass")


def check_version(objects: Objects, version: Version, *, tell: Tell) -> Preflight:
    """Look whether a version could be deployed again; the artifact is read whole, and never loaded.

    Raises:
        ObjectsError: the registry can't be read.
    """
    if version.record is None:
        sentence = f"The record of {version.version} can't be used: {version.problem}."
        return Preflight(version=version.version, checks=(_check("record", "fail", sentence),))
    claims = [claim for claim in claims_of(version) if claim.subject in {"artifact", "lock file"}]
    findings = {finding.subject: finding for finding in check_hashes(objects, claims, tell=tell)}
    checks = (
        _check("record", "pass", f"The record of {version.version} can be read."),
        *_check_artifact(version, version.record, findings.get("artifact")),
        _check_lock_file(version, version.record, findings.get("lock file")),
    )
    return Preflight(version=version.version, checks=checks, notes=tuple(_note(version.version, version.record)))


def _note(version: str, record: Record) -> Iterator[str]:
    if record.dirty:
        yield (
            f"{version} was registered from a dirty working tree: it can be deployed again, but not rebuilt from its"
            " commit."
        )


def _check_artifact(version: Version, record: Record, finding: Finding | None) -> tuple[PreflightCheck, ...]:
    artifact = record.artifact
    if artifact is None:
        return (_check("artifact", "unknown", "The record names no artifact, so none can be checked."),)
    if not files_at(version, artifact.path):
        return (_check("artifact", "fail", f"The artifact {artifact.path} is not in the registry any more."),)
    there = _check("artifact", "pass", f"The artifact {artifact.path} is there.")
    if artifact.sha256 is None:
        return there, _check("hash", "unknown", "The record has no hash of the artifact, so it can't be verified.")
    if finding is not None:
        return there, _check("hash", "fail" if finding.severity == "error" else "unknown", _sentence(finding))
    return there, _check("hash", "pass", "The hash of the artifact holds.")


def _check_lock_file(version: Version, record: Record, finding: Finding | None) -> PreflightCheck:
    name = record.environment.lockfile if record.environment else None
    if name is None:
        sentence = "The record names no lock file: what the version needs can't be built again for sure."
        return _check("lock file", "unknown", sentence)
    if not files_at(version, name):
        return _check("lock file", "fail", f"The lock file {name} is not in the registry any more.")
    if finding is not None:
        return _check("lock file", "fail" if finding.severity == "error" else "unknown", _sentence(finding))
    return _check("lock file", "pass", f"The lock file {name} is there.")


def _sentence(finding: Finding) -> str:
    return f"{finding.what[0].upper()}{finding.what[1:]}."


def _check(name: CheckName, verdict: Answer, sentence: str) -> PreflightCheck:
    return PreflightCheck(name=name, verdict=verdict, sentence=sentence)
