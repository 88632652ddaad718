"""Whether the files of versions still have the hashes that their records say: every byte is read for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from lean_core.errors import NameRefused, ObjectsError
from lean_core.objects import Objects, Progress
from lean_core.registry import parallel
from lean_core.registry.hashing import fold_hashes, hash_object
from lean_core.registry.names import check_path
from lean_core.registry.read import ABOUT_ALL
from lean_core.registry.step import Meter, Tell
from lean_core.registry.verify.finding import Finding, Subject
from lean_core.registry.version import File, Version, files_at

_MOST_LOCAL = 8
_SHOWN = 12
"""Digits of a hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a record says of a file or a folder that is there."""

    subject: Subject
    where: str
    path: str
    sha256: str
    files: tuple[File, ...]
    prefix: str
    """Of the keys of files in a folder; a file alone is its own."""


def claims_of(version: Version) -> Iterator[Claim]:
    """Yield what a version's record says of its files, of those that are there."""
    record = version.record
    said: list[tuple[Subject, str | None, str | None]] = []
    if record and record.artifact:
        said.append(("artifact", record.artifact.path, record.artifact.sha256))
    if record and record.metrics:
        said.append(("metrics", record.metrics.path, record.metrics.sha256))
    if record and record.environment:
        said.append(("lock file", record.environment.lockfile, record.environment.sha256))
    for subject, path, sha256 in said:
        if path and sha256 and (files := files_at(version, path)):
            where = f"{version.model}/{version.version}"
            plain = check_path(path)
            prefix = f"{where}/" if plain == "." else f"{where}/{plain}/"
            yield Claim(subject=subject, where=where, path=path, sha256=sha256, files=files, prefix=prefix)


def check_hashes(objects: Objects, claims: Sequence[Claim], *, tell: Tell) -> Iterator[Finding]:
    """Yield what is not as its record says, or can't be read.

    Raises:
        ObjectsError: the registry can't be read at all.
    """
    files = [file for claim in claims for file in claim.files]
    meter = Meter(tell, "hashing", sum(file.bytes for file in files))
    threads = max(parallel.threads_for(objects), min(os.cpu_count() or 1, _MOST_LOCAL))
    hashed = parallel.each(partial(_hash, objects, progress=meter), files, threads=threads)
    for claim in claims:
        found = _fold(claim, [next(hashed) for _ in claim.files])
        if isinstance(found, _Refused):
            what = f"the {claim.subject} {claim.path} could not be hashed: {found.sentence}"
            yield Finding(severity="unknown", subject=claim.subject, where=claim.where, what=what)
        elif found != claim.sha256:
            yield Finding(
                severity="error",
                subject=claim.subject,
                where=claim.where,
                what=f"the {claim.subject} {claim.path} is not what was registered: its sha256 is {found[:_SHOWN]}…,"
                f" the record says {claim.sha256[:_SHOWN]}…",
                action="do not deploy it; take what was registered from a copy",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refused:
    sentence: str


def _hash(objects: Objects, file: File, *, progress: Progress) -> str | _Refused:
    try:
        return hash_object(objects, file.key, progress=progress)
    except ABOUT_ALL:
        raise
    except (ObjectsError, NameRefused) as error:
        return _Refused(sentence=str(error))


def _fold(claim: Claim, hashes: Sequence[str | _Refused]) -> str | _Refused:
    """Return the hash of the file or the folder, from those of its files."""
    pairs: list[tuple[str, str]] = []
    for file, sha256 in zip(claim.files, hashes, strict=True):
        if isinstance(sha256, _Refused):
            return sha256
        pairs.append((file.key.removeprefix(claim.prefix), sha256))
    alone = len(pairs) == 1 and f"{claim.files[0].key}/" == claim.prefix
    return pairs[0][1] if alone else fold_hashes(pairs)
