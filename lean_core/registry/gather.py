"""Gather what a record says: ask for nothing that can be found, and make nothing up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lean_core.errors import UsageError
from lean_core.git import Commit, NotHere, Tree, describe_commit
from lean_core.registry.artifact_format import name_format
from lean_core.registry.code_facts import tell_code
from lean_core.registry.data_reference import describe_data, find_local, local_bytes, name_from_root
from lean_core.registry.document import LARGEST
from lean_core.registry.lock_file import find_lock_files
from lean_core.registry.metrics_file import METRICS, parse_metrics_file, render_metrics
from lean_core.registry.names import check_name
from lean_core.registry.payload import (
    HashedFile,
    PayloadFile,
    artifact_name,
    hash_artifact,
    hash_payload,
    take_artifact,
    take_file,
)
from lean_core.registry.record import Artifact, Code, Data, Environment, Metrics, Origin, Record
from lean_core.registry.request import Dataset, Draft, Request, RunFacts, Surroundings
from lean_core.registry.step import Meter, Tell

_PYTHON_FILES = (
    ("python_env.yaml", re.compile(r"^python:\s*['\"]?([0-9][0-9.]*)", re.MULTILINE)),
    ("MLmodel", re.compile(r"^\s+python_version:\s*['\"]?([0-9][0-9.]*)", re.MULTILINE)),
)
"""Files of an MLflow model that say which Python it was made with."""
_HEAD = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a record is made of, hashed and looked up."""

    artifact: Artifact
    code: Code | None
    data: tuple[Data, ...]
    metrics: Metrics | None
    environment: Environment


def gather(request: Request, around: Surroundings, *, tell: Tell) -> Draft:
    """Find, read and hash what a version consists of; nothing is written anywhere.

    Raises:
        UsageError: something that was named is not there, or is not what it should be.
        NameRefused: a name can't lie in a registry.
    """
    check_name(request.model, what="model")
    check_name(request.version, what="version")
    files, remarks = _take_payload(request, around)
    references = [(data, find_local(data, around.folder)) for data in request.data]
    total = sum(file.bytes for file in files.all) + sum(local_bytes(path) for _, path in references if path)
    meter = Meter(tell, "hashing", total)
    hashed = hash_payload(files.all, progress=meter)
    root = around.tree.root if isinstance(around.tree, Tree) else None
    described = tuple(describe_data(data, path, root=root, progress=meter) for data, path in references)
    data, about_data = join_data(described, _read_by(around.run, root))
    code, about_code = tell_code(around.tree, around.run, run_commit_is_here=_is_here(around))
    python, about_python = _find_python(request.artifact, around)
    facts = Facts(
        artifact=_describe_artifact(files, hashed),
        code=code,
        data=data,
        metrics=_describe_metrics(_find(hashed, files.metrics)),
        environment=_describe_environment(_find(hashed, files.lock), python),
    )
    record = build_record(request, around, facts)
    not_found = [f"data {each.name!r}: there is no file {each.ref}; noted as it is" for each, path in references
                 if path is None and "://" not in each.ref and each.digest is None]  # fmt: skip
    remarks += [
        *_remark_on(around.run),
        *about_code,
        *not_found,
        *about_data,
        *about_python,
        *_name_gaps(record, around.run),
    ]
    return Draft(record=record, payload=hashed, remarks=tuple(remarks))


def build_record(request: Request, around: Surroundings, facts: Facts) -> Record:
    """Make the record of a version, but for who registered it and when."""
    run = around.run
    return Record(
        model=request.model,
        version=request.version,
        artifact=facts.artifact,
        code=facts.code,
        data=facts.data,
        metrics=facts.metrics,
        params=dict(run.params) if run else {},
        environment=facts.environment,
        run=Origin(source=run.source, run_id=run.run_id) if run else None,
        owner=request.owner or around.owner,
        note=request.note,
        mlflow=around.mlflow,
    )


def join_data(said: Iterable[Data], read: Iterable[Dataset]) -> tuple[tuple[Data, ...], tuple[str, ...]]:
    """Put together what a person says of the data and what the run says, with sentences about what is not known.

    The person's reference goes first; the run adds its digest and what the data was read for.
    """
    joined = list(said)
    by_name = {data.name: at for at, data in enumerate(joined)}
    remarks = []
    for dataset in read:
        name, ref, digest, context = dataset.name, dataset.ref, dataset.digest, dataset.context
        if name in by_name:
            data = joined[by_name[name]]
            if ref in {None, data.ref}:
                joined[by_name[name]] = replace(data, digest=data.digest or digest, context=data.context or context)
            else:
                remarks.append(f"the run says that it read data {name!r} from {ref}; {data.ref} was noted")
            continue
        joined.append(Data(name=name, ref=ref or "", digest=digest, context=context))
        if not ref:
            which = f"{name!r} ({digest})" if digest else repr(name)
            remarks.append(f"the run read data {which} and does not say from where: --data {name}=REF")
    return tuple(joined), tuple(remarks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Payload:
    name: str
    """Of the artifact."""
    artifact: tuple[PayloadFile, ...]
    metrics: PayloadFile | None
    lock: PayloadFile | None

    @property
    def all(self) -> tuple[PayloadFile, ...]:
        return (*self.artifact, *(each for each in (self.metrics, self.lock) if each))


def _take_payload(request: Request, around: Surroundings) -> tuple[_Payload, list[str]]:
    artifact = take_artifact(request.artifact, called=request.called)
    metrics, about_metrics = _take_metrics(request, around.run)
    lock, about_lock = _take_lock(request, around)
    payload = _Payload(
        name=request.called or artifact_name(request.artifact), artifact=artifact, metrics=metrics, lock=lock
    )
    names = [payload.name, *(file.path for file in (metrics, lock) if file)]
    if len(set(names)) < len(names):
        raise UsageError(
            f"two files would have the same name in the version's folder, of {', '.join(names)}: rename one"
        )
    return payload, [*about_metrics, *about_lock]


def _take_metrics(request: Request, run: RunFacts | None) -> tuple[PayloadFile | None, list[str]]:
    if request.metrics is None:
        if run is None or not run.metrics:
            return None, []
        content = render_metrics(run.metrics)
        return PayloadFile(path=METRICS, source=content, bytes=len(content)), []
    try:
        with request.metrics.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(
            f"{request.metrics} can't be read ({error.strerror}): name the file with the metrics"
        ) from None
    parsed = parse_metrics_file(content, place=str(request.metrics))
    remarks = []
    if parsed.is_rewritten:
        left_out = f"; no numbers, and left out: {', '.join(parsed.left_out[:5])}" if parsed.left_out else ""
        remarks.append(f"{METRICS} has the {len(parsed.values)} numbers of {request.metrics}, flat{left_out}")
    return PayloadFile(path=METRICS, source=parsed.content, bytes=len(parsed.content)), remarks


def _take_lock(request: Request, around: Surroundings) -> tuple[PayloadFile | None, list[str]]:
    folder = around.folder.resolve()
    root = around.tree.root if isinstance(around.tree, Tree) else folder
    start = folder if folder.is_relative_to(root) else root
    found = (request.lock_file,) if request.lock_file else find_lock_files(start, root)
    if not found:
        return None, ["no lock file was found: --lock FILE"]
    also = (
        f" (also there: {', '.join(path.name for path in found[1:])}; --lock FILE takes another)" if found[1:] else ""
    )
    return take_file(found[0], found[0].name), [f"lock file: {found[0]}{also}"] if also else []


def _describe_artifact(payload: _Payload, hashed: Iterable[HashedFile]) -> Artifact:
    return Artifact(
        path=payload.name,
        sha256=hash_artifact(hashed, payload.name),
        bytes=sum(file.bytes for file in payload.artifact),
        format=name_format(file.path for file in payload.artifact),
    )


def _find(hashed: Iterable[HashedFile], file: PayloadFile | None) -> HashedFile | None:
    return next((each for each in hashed if each.file is file), None)


def _describe_metrics(found: HashedFile | None) -> Metrics | None:
    return Metrics(path=found.file.path, sha256=found.sha256) if found else None


def _describe_environment(lock: HashedFile | None, python: str) -> Environment:
    if lock is None:
        return Environment(python=python)
    return Environment(python=python, lockfile=lock.file.path, sha256=lock.sha256)


def _find_python(artifact: Path, around: Surroundings) -> tuple[str, list[str]]:
    """Return the Python that the artifact was made with, the surest source first."""
    for name, pattern in _PYTHON_FILES:
        match = pattern.search(_head(artifact / name)) if artifact.is_dir() else None
        if match:
            return match[1], []
    if around.run and around.run.python:
        return around.run.python, []
    return around.python, [f"Python {around.python} was noted, the one that runs this command"]


def _head(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD).decode("utf-8", errors="replace")
    except OSError:
        return ""


def _read_by(run: RunFacts | None, root: Path | None) -> list[Dataset]:
    datasets = run.datasets if run else ()
    return [replace(each, ref=name_from_root(each.ref, root)) if each.ref else each for each in datasets]


def _is_here(around: Surroundings) -> bool:
    if isinstance(around.tree, NotHere) or around.run is None or not around.run.commit:
        return False
    return isinstance(describe_commit(around.tree.root, around.run.commit), Commit)


def _remark_on(run: RunFacts | None) -> list[str]:
    unfinished = run is not None and run.status not in {None, "FINISHED"}
    return [f"the run is {run.status}, not FINISHED"] if run and unfinished else []


def _name_gaps(record: Record, run: RunFacts | None) -> list[str]:
    gaps: Mapping[str, bool] = {
        "no metrics: --metrics FILE, or --run ID of a run that has some": record.metrics is None,
        "no reference to the training data: --data NAME=REF": not any(data.ref for data in record.data),
        "no params: --run ID of the run that trained it": run is None,
        "no owner: --owner NAME, or owner under [registry] in lean.toml": record.owner is None,
        "no note: --note TEXT, on how and where it is meant to be deployed": record.note is None,
    }
    return [sentence for sentence, is_missing in gaps.items() if is_missing]
