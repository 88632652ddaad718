"""Whether a version is whole, as far as its record and the list of its files tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from lean_core.errors import NameRefused
from lean_core.registry.names import check_path
from lean_core.registry.record import FIELDS, Record, present_fields
from lean_core.registry.verify.finding import Finding
from lean_core.registry.version import Version, files_at

_PROVIDED_BY = {
    "artifact": "--artifact PATH",
    "commit": "from inside the git repository",
    "data": "--data NAME=REF",
    "metrics": "--metrics FILE or --run ID",
    "owner": "--owner NAME",
    "note": "--note TEXT",
}
"""How a registration fills each of the seven fields; the folder is always there."""
_BROKEN = "take it from a copy, and deploy another version until then"


def check_version(version: Version) -> Iterator[Finding]:
    """Yield what is wrong with one version; nothing is read for it."""
    where = f"{version.model}/{version.version}"
    record = version.record
    if record is None:
        yield _explain_state(version, where)
        return
    yield from _check_artifact(version, record, where)
    yield from _check_metrics(version, where)
    lockfile = record.environment and record.environment.lockfile
    if lockfile and not files_at(version, lockfile):
        yield _explain_absence(lockfile, "lock file", where)
    yield from _check_fields(record, where)


def _explain_state(version: Version, where: str) -> Finding:
    what = version.problem or ""
    if version.state != "unreadable":
        return Finding(severity="warning", subject="folder", where=where, what=what)
    if not version.lasting:
        return Finding(severity="unknown", subject="record", where=where, what=what, action="try again later")
    action = "" if "upgrade" in what else "take version.json from a copy, or register the model anew as another version"
    return Finding(severity="error", subject="record", where=where, what=what, action=action)


def _check_artifact(version: Version, record: Record, where: str) -> Iterator[Finding]:
    if record.artifact is None:
        return  # one of the seven fields
    files = files_at(version, record.artifact.path)
    if not files:
        yield _explain_absence(record.artifact.path, "artifact", where)
    size = sum([file.bytes for file in files])
    if files and record.artifact.bytes not in {None, size}:
        what = f"the artifact {record.artifact.path} has {size:,} bytes, the record says {record.artifact.bytes:,}"
        yield Finding(severity="error", subject="artifact", where=where, what=what, action=_BROKEN)
    if record.artifact.sha256 is None:
        what = "the record has no hash of the artifact, so nobody can tell whether it is still the same"
        yield Finding(
            severity="warning",
            subject="artifact",
            where=where,
            what=what,
            action="register the next version with “lean-mlops register”, which notes it",
        )


def _check_metrics(version: Version, where: str) -> Iterator[Finding]:
    if version.metrics_problem is None:
        return
    severity: Literal["warning", "unknown", "error"] = "error"
    if not version.lasting:
        severity = "unknown"
    elif version.metrics:
        severity = "warning"
    yield Finding(severity=severity, subject="metrics", where=where, what=version.metrics_problem)


def _explain_absence(path: str, subject: Literal["artifact", "lock file"], where: str) -> Finding:
    """Say why there are no files at a path of the record."""
    try:
        check_path(path)
    except NameRefused as error:
        return Finding(severity="error", subject=subject, where=where, what=f"the {subject}: {error}")
    what = f"the {subject} {path} is not there, though the record names it"
    return Finding(severity="error", subject=subject, where=where, what=what, action=_BROKEN)


def _check_fields(record: Record, where: str) -> Iterator[Finding]:
    present = present_fields(record)
    missing = [name for name in FIELDS if name not in present]
    if missing:
        how = ", ".join(_PROVIDED_BY[name] for name in missing)
        yield Finding(
            severity="warning",
            subject="fields",
            where=where,
            what=f"the record does not say: {', '.join(missing)}",
            action=f"register the next version with them: {how}",
        )
    if record.code and record.code.dirty:
        yield Finding(
            severity="warning",
            subject="commit",
            where=where,
            what="it was registered from a working tree with changes that no commit has",
            action="commit first, and train and register the next version from that",
        )
