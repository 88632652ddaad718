"""Adopt a folder: write a record beside files that were there before, and touch none of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from lean_core.errors import AlreadyThere, UsageError
from lean_core.objects import Objects, Progress
from lean_core.registry import parallel
from lean_core.registry.adoption import (
    Adoption,
    AdoptionRequest,
    AdoptionSurroundings,
    compare_sha256,
    join_adopted_data,
    metrics_elsewhere,
    name_some,
    note_origin,
    remark_on,
    tell_adopted_code,
)
from lean_core.registry.artifact_format import name_format
from lean_core.registry.data_reference import describe_data, find_local, local_bytes
from lean_core.registry.document import LARGEST
from lean_core.registry.foreign import Foreign
from lean_core.registry.hashing import fold_hashes, hash_bytes, hash_object
from lean_core.registry.metrics_file import METRICS, parse_metrics_file, render_metrics
from lean_core.registry.names import check_path, record_key
from lean_core.registry.record import Artifact, Environment, Metrics, Origin, Record
from lean_core.registry.register import refuse_existing, write_record
from lean_core.registry.request import RunFacts
from lean_core.registry.step import Meter, Step, Tell


def prepare_adoption(
    objects: Objects, foreign: Foreign, request: AdoptionRequest, around: AdoptionSurroundings, *, tell: Tell
) -> Adoption:
    """Make the record of a foreign folder from what was found and said; nothing is written.

    Raises:
        UsageError: something that was named is not there, or is not what it should be.
        ObjectsError: a file can't be read.
    """
    clues, run = foreign.clues, around.run
    path = _choose_artifact(foreign, request)
    metrics, content, about_metrics = _choose_metrics(objects, foreign, request, run)
    inside = _files_at(foreign, path)
    references = [(data, find_local(data, around.folder)) for data in request.data]
    total = sum(foreign.files[each] for each in inside) + sum(local_bytes(each) for _, each in references if each)
    meter = Meter(tell, "hashing", total)
    hashes = _hash(objects, foreign, inside, meter)
    if path == "." and content is not None:
        hashes[METRICS] = hash_bytes(content)
    artifact = _describe_artifact(foreign, path, hashes, {METRICS: len(content or b"")} | dict(foreign.files))
    described = [describe_data(data, each, root=around.root, progress=meter) for data, each in references]
    data, about_data = join_adopted_data(described, clues, run)
    code, about_code = tell_adopted_code(request, clues, around)
    record = Record(
        model=foreign.model,
        version=foreign.version,
        artifact=artifact,
        code=code,
        data=data,
        metrics=metrics,
        params=clues.params.value if clues.params else dict(run.params) if run else {},
        environment=_describe_environment(objects, foreign, run),
        run=Origin(source=run.source, run_id=run.run_id) if run else None,
        owner=request.owner or (clues.owner.value if clues.owner else None) or around.owner,
        note=request.note or (clues.note.value if clues.note else None),
    )
    record = replace(record, adopted=note_origin(foreign, record, request, around))
    remarks = (*foreign.problems, *compare_sha256(clues, artifact), *about_code, *about_metrics, *about_data)
    return Adoption(record=record, metrics=content, remarks=(*remarks, *remark_on(record, clues, run)))


def adopt(objects: Objects, adoption: Adoption, *, at: dt.datetime, actor: str, tell: Tell) -> Record:
    """Write the record beside the files; return it.

    Args:
        objects: the registry.
        adoption: what to write.
        at: when it is adopted, in naive UTC.
        actor: who adopts it.
        tell: is told how far it is.

    Raises:
        AlreadyThere: somebody was faster; says who, and when.
        ObjectsError: the registry can't be written to.
    """
    record = replace(adoption.record, created_at=at, created_by=actor)
    content = write_record(record)
    refuse_existing(objects, record.model, record.version)
    tell(Step(phase="recording"))
    if adoption.metrics is not None:
        objects.create(f"{record.model}/{record.version}/{METRICS}", adoption.metrics)
    try:
        objects.create(record_key(record.model, record.version), content)
    except AlreadyThere:
        refuse_existing(objects, record.model, record.version)
        raise
    return record


def _choose_artifact(foreign: Foreign, request: AdoptionRequest) -> str:
    if request.artifact is not None:
        path = check_path(request.artifact)
        if not _files_at(foreign, path):
            raise UsageError(
                f"there is no {path} in {foreign.model}/{foreign.version}; there is: {name_some(foreign.files)}"
            )
        return path
    if foreign.clues.artifact is not None:
        return foreign.clues.artifact.value
    raise UsageError(
        f"which file of {foreign.model}/{foreign.version} is the model is not known: --artifact PATH says it;"
        f" there is: {name_some(foreign.files)}"
    )


def _files_at(foreign: Foreign, path: str) -> list[str]:
    return [file for file in foreign.files if path in {".", file} or file.startswith(f"{path}/")]


def _hash(objects: Objects, foreign: Foreign, files: Iterable[str], progress: Progress) -> dict[str, str]:
    prefix = f"{foreign.model}/{foreign.version}/"
    paths = list(files)
    work = partial(hash_object, objects, progress=progress)
    hashed = parallel.each(work, [prefix + path for path in paths], threads=parallel.threads_for(objects))
    return dict(zip(paths, hashed, strict=True))


def _describe_artifact(foreign: Foreign, path: str, hashes: Mapping[str, str], sizes: Mapping[str, int]) -> Artifact:
    above = "" if path == "." else f"{path}/"
    name = foreign.version if path == "." else path.rsplit("/", 1)[-1]
    named = [name if file == path else f"{name}/{file.removeprefix(above)}" for file in hashes]
    found = foreign.clues.format
    is_found_s = foreign.clues.artifact is not None and foreign.clues.artifact.value == path
    return Artifact(
        path=path,
        sha256=hashes[path]
        if path in hashes
        else fold_hashes((each.removeprefix(above), sha) for each, sha in hashes.items()),
        bytes=sum(sizes[file] for file in hashes),
        format=found.value if found and is_found_s else name_format(named),
    )


def _choose_metrics(
    objects: Objects, foreign: Foreign, request: AdoptionRequest, run: RunFacts | None
) -> tuple[Metrics | None, bytes | None, list[str]]:
    """Return the metrics file, what is to be written as one, and remarks."""
    found, values = foreign.clues.metrics, metrics_elsewhere(foreign.clues, run)
    path = check_path(request.metrics) if request.metrics else found.value if found else None
    if path is not None:
        if path not in foreign.files:
            raise UsageError(f"there is no file {path} in {foreign.model}/{foreign.version}: --metrics names one in it")
        content = objects.read(f"{foreign.model}/{foreign.version}/{path}", limit=LARGEST + 1)
        parsed = parse_metrics_file(content, place=path)
        others = [f"{path} has more in it than numbers: {name_some(parsed.left_out)}"] if parsed.left_out else []
        return Metrics(path=path, sha256=hash_bytes(content)), None, others
    if values is None:
        return None, None, []
    names = name_some(values.value)
    if not request.writes_metrics:
        return (
            None,
            None,
            [f"metrics stand only in {values.where} ({names}): --write-metrics puts them in {METRICS} too"],
        )
    if METRICS in foreign.files:
        raise UsageError(f"there is a {METRICS} already, which is not touched: --metrics PATH names the metrics file")
    content = render_metrics(values.value)
    return Metrics(path=METRICS, sha256=hash_bytes(content)), content, []


def _describe_environment(objects: Objects, foreign: Foreign, run: RunFacts | None) -> Environment | None:
    clues = foreign.clues
    python = clues.python.value if clues.python else run.python if run else None
    if clues.lock_file is None:
        return Environment(python=python) if python else None
    path = clues.lock_file.value
    sha256 = hash_object(objects, f"{foreign.model}/{foreign.version}/{path}")
    return Environment(python=python, lockfile=path, sha256=sha256)
