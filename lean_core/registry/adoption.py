"""What becomes of a foreign folder when it is adopted: the request, the draft, and the rules in between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lean_core.errors import UsageError
from lean_core.registry.foreign import Clues, Foreign, Found
from lean_core.registry.gather import join_data
from lean_core.registry.record import Adopted, Artifact, Code, Data, Record
from lean_core.registry.request import RunFacts

_FULL = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionRequest:
    """What a person says of a folder; what is not said is taken from what was found."""

    artifact: str | None = None
    """From the version's folder; ``.`` is the folder itself."""
    metrics: str | None = None
    """From the version's folder."""
    commit: str | None = None
    """A hash, or the beginning of one that the repository has."""
    data: tuple[Data, ...] = ()
    folder: Path = Path()
    """Where relative references to data count from; the current one unless said."""
    owner: str | None = None
    note: str | None = None
    writes_metrics: bool = False
    """Whether metrics that stand only in another file may be written as ``metrics.json`` beside the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionSurroundings:
    """What is known without asking."""

    folder: Path
    """Where relative references to data count from."""
    root: Path | None
    """Of the repository."""
    commit: str | None = None
    """The full hash of the commit that is named, by the person or else in the folder, where the repository has it."""
    owner: str | None = None
    run: RunFacts | None = None
    """The run that the folder names, where it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """A folder that is ready to be adopted."""

    record: Record
    """Without who made it and when."""
    metrics: bytes | None
    """What is to be written as ``metrics.json``; None: nothing."""
    remarks: tuple[str, ...]


def tell_adopted_code(
    request: AdoptionRequest, clues: Clues, around: AdoptionSurroundings
) -> tuple[Code | None, list[str]]:
    """Return the code of an adopted version, and remarks; whether the tree was dirty nobody knows any more.

    Raises:
        UsageError: the person names a commit by the beginning of its hash that the repository does not have.
    """
    repo, run = clues.repo.value if clues.repo else None, around.run
    named = request.commit or (clues.commit.value if clues.commit else None)
    if named is None:
        if run and run.commit and _FULL.fullmatch(run.commit):
            return Code(commit=run.commit, repo=repo or run.repo), []
        return Code(repo=repo) if repo else None, []
    commit = named.lower() if _FULL.fullmatch(named.lower()) else around.commit
    if commit is not None:
        return Code(commit=commit, repo=repo), []
    if request.commit:
        raise UsageError(f"commit {named!r} is not in the repository: give its whole hash of 40 digits")
    where = clues.commit.where if clues.commit else ""
    remark = f"{where} says commit {named}, which is not whole and not in the repository: --commit HASH gives it"
    return Code(repo=repo) if repo else None, [remark]


def join_adopted_data(
    said: Iterable[Data], clues: Clues, run: RunFacts | None
) -> tuple[tuple[Data, ...], tuple[str, ...]]:
    """Put together what a person says of the data, what was found, and what the run says, in this order."""
    listed = list(said)
    names = {data.name for data in listed}
    listed += [found.value for found in clues.data if found.value.name not in names]
    return join_data(listed, run.datasets if run else ())


def metrics_elsewhere(clues: Clues, run: RunFacts | None) -> Found[Mapping[str, float]] | None:
    """Return metrics that stand in no metrics file: in another file, or in the run."""
    if clues.metric_values is None and run is not None and run.metrics:
        return Found(run.metrics, f"run {run.source}:{run.run_id}")
    return clues.metric_values


def note_origin(foreign: Foreign, record: Record, request: AdoptionRequest, around: AdoptionSurroundings) -> Adopted:
    """Note what the folder was, and where each field of its record was found."""
    clues, run = foreign.clues, around.run
    of_run = f"run {run.source}:{run.run_id}" if run else ""
    used: dict[str, tuple[Found[Any] | None, bool]] = {
        "artifact": (clues.artifact, request.artifact is None),
        "code": (clues.commit, record.code is not None and request.commit is None),
        "metrics": (
            clues.metrics or metrics_elsewhere(clues, run),
            request.metrics is None and record.metrics is not None,
        ),
        "params": (clues.params, True),
        "owner": (clues.owner, request.owner is None),
        "note": (clues.note, request.note is None),
        "run": (clues.run_id, run is not None),
    }
    found = {name: each.where for name, (each, counts) in used.items() if each is not None and counts}
    found |= {f"data {each.value.name}": each.where for each in clues.data if each.value in record.data}
    for name, has in (("code", record.code), ("params", record.params)):
        if has and name not in found and of_run:
            found[name] = of_run
    return Adopted(kind=foreign.kind, found=found, made_at=clues.made_at.value if clues.made_at else None)


def compare_sha256(clues: Clues, artifact: Artifact) -> list[str]:
    """Say where somebody's file says another digest of the artifact than it has."""
    said = clues.sha256
    if said is None or said.value == artifact.sha256 or clues.artifact is None or clues.artifact.value != artifact.path:
        return []
    return [f"contradicted: {said.where} says {said.value[:12]}…, and {artifact.path} has sha256 {artifact.sha256}"]


def remark_on(record: Record, clues: Clues, run: RunFacts | None) -> list[str]:
    """Say what is not taken over, what is not known, and what adds it."""
    remarks = []
    if clues.run_id and run is None:
        remarks.append(f"run {clues.run_id.value} ({clues.run_id.where}) is not among those imported: lean-mlops sync")
    if clues.status:
        remarks.append(
            f"{clues.status.where} calls it {clues.status.value!r}, which is not taken over: what is live is told by"
            " deployments (lean-mlops deploy)"
        )
    gaps = {
        "no commit: --commit HASH": clues.commit is None and (record.code is None or record.code.commit is None),
        "no metrics file: --metrics PATH names one in the folder": record.metrics is None
        and metrics_elsewhere(clues, run) is None,
        "no reference to the training data: --data NAME=REF": not any(data.ref for data in record.data),
        "no owner: --owner NAME": record.owner is None,
        "no note: --note TEXT, on how and where it is meant to be deployed": record.note is None,
    }
    return [*remarks, *(sentence for sentence, is_missing in gaps.items() if is_missing)]


def name_some(names: Iterable[str]) -> str:
    """Return the first names in one line."""
    listed = list(names)
    return ", ".join(listed[:_NAMED]) + (", …" if len(listed) > _NAMED else "")
