"""Hold what a version's record names against what is there: its code, its data, its metrics, its run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lean_core.checkpoint.check import Action
from lean_core.checkpoint.checks.provenance import Provenance, State, Trace
from lean_core.errors import LeanError
from lean_core.git import NotHere, Presence, find_commits, plain_address
from lean_core.objects import Objects
from lean_core.registry import Data, Record, Version, files_at, hash_object
from lean_core.registry.data_reference import find_local
from lean_core.registry.data_state import DataPlaces, DataState, look_for_data
from lean_core.runs import Run

_SHA256 = "sha256:"
_SHOWN = 12
"""Digits of a hash."""
_MOST_SHOWN = 3
"""Metrics that are named."""
_CLOSE = 1e-9
"""Relative: a metric that went through JSON and a database is the same number up to this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What tracing may use."""

    objects: Objects
    repository: Path
    root: Path | None
    """The top folder of the repository; None outside of one."""
    data: DataPlaces
    hash_data: Callable[[Path], str]
    """The sha256 of a file or folder of this machine, in hex."""
    find_run: Callable[[str, str], Run | None]
    """The run of a source by its id, as it was imported."""
    sources: frozenset[str]
    """Those that lean.toml names."""


def trace(version: Version, reach: Reach, *, judged: Sequence[str] = ()) -> Provenance:
    """Look at everything that produced a version; what can't be looked up is said to be unknown.

    Args:
        version: as the registry has it.
        reach: what may be looked at.
        judged: the metrics that gates ask for, the most important first: these are named.
    """
    if version.record is None:
        found: tuple[Trace, ...] = (_no_record(version),)
    else:
        found = (
            _trace_code(version, version.record, reach),
            *_trace_data(version, version.record, reach),
            _trace_metrics(version, version.record, reach, judged),
            *_trace_run(version, version.record, reach),
        )
    return Provenance(version=version.version, traces=found)


def _no_record(version: Version) -> Trace:
    name = f"{version.model}/{version.version}"
    state: State = "gone" if version.state == "incomplete" else "unknown"
    command = f"lean-mlops adopt {name}" if version.state == "foreign" else f"lean-mlops doctor {name}"
    return Trace(
        what="record",
        state=state,
        sentence=f"{name} has no record that can be used: {version.problem}.",
        source=f"version:{name}",
        action=Action(sentence="See what can be saved of it.", command=command, page=_page(version)),
    )


def _trace_code(version: Version, record: Record, reach: Reach) -> Trace:
    code, source = record.code, f"version:{version.model}/{version.version}"
    if code is None or code.commit is None:
        return Trace(
            what="code",
            state="unsaid",
            sentence=f"The record of {version.version} names no commit.",
            source=source,
            action=_register_again("from inside the git repository, with everything committed"),
        )
    commit, short = code.commit, code.commit[:10]
    state, sentence = _look_for_commit(commit, code.repo, reach.repository)
    if state == "same" and code.dirty:
        return Trace(
            what="code",
            state="gone",
            sentence=f"It was made at commit {short} with changes that no commit has: nobody can tell which code.",
            source=f"commit:{commit}",
            value=commit,
            action=_register_again("from a working tree with everything committed"),
        )
    action = None
    if state == "gone":
        action = Action(sentence="Fetch it, or push it from where it was made.", command="git fetch --all")
    return Trace(what="code", state=state, sentence=sentence, source=f"commit:{commit}", value=commit, action=action)


def _look_for_commit(commit: str, repo: str | None, repository: Path) -> tuple[State, str]:
    short, presence = commit[:10], find_commits(repository, [commit])
    if isinstance(presence, NotHere):
        return "unknown", f"Whether commit {short} exists can't be looked up: {presence.reason}"
    return _judge_commit(short, repo, presence)


def _judge_commit(short: str, repo: str | None, presence: Presence) -> tuple[State, str]:
    if not presence.missing:
        return "same", f"Its code is commit {short}, which is in the repository."
    if repo and presence.remotes and plain_address(repo) not in presence.remotes:
        return "unknown", f"Commit {short} is of {repo}, which is another repository than the one at hand."
    if presence.is_shallow:
        return "unknown", f"Commit {short} is not in this clone, which is shallow: git fetch --unshallow."
    return "gone", f"Commit {short} is not in the repository: nobody can tell which code made it."


def _trace_data(version: Version, record: Record, reach: Reach) -> Iterator[Trace]:
    named = [data for data in record.data if data.ref]
    if not named:
        yield Trace(
            what="data",
            state="unsaid",
            sentence=f"The record of {version.version} names no training data.",
            source=f"version:{version.model}/{version.version}",
            action=_register_again("with --data NAME=REF"),
        )
    # MLflow's digests are of data frames in memory: where the file's own hash is known, it says more.
    hashed = {data.ref for data in named if (data.digest or "").startswith(_SHA256)}
    for data in named:
        if data.ref not in hashed or (data.digest or "").startswith(_SHA256):
            yield _trace_one(data, reach)


def _trace_one(data: Data, reach: Reach) -> Trace:
    found, digest = _compare(data, reach)
    states: Mapping[str, State] = {"there": "same", "missing": "gone", "changed": "changed"}
    state: State = states.get(found.state, "unknown")
    sentence = f"Its data {data.name} is at {data.ref}, as it was." if state == "same" else _sentence(found.sentence)
    action = None
    if found.state == "there" and digest is None:
        state = "unknown"
        sentence = f"Its data {data.name} is at {data.ref}; whether it is what it was is not known: {_why(data)}."
        action = _register_again("with --data NAME=REF of data that lies here, whose hash is then recorded")
    elif state in {"gone", "changed"}:
        action = Action(sentence="Take the data from a copy, and give data that changes a place for each state.")
    return Trace(
        what="data",
        state=state,
        sentence=sentence,
        source=f"data:{data.ref}",
        value=data.name,
        digest=digest,
        action=action,
    )


def _compare(data: Data, reach: Reach) -> tuple[DataState, str | None]:
    """Return what a reference leads to, and the digest of what lies there where it could be compared."""
    found = look_for_data(data, reach.data)
    paths = (find_local(data, folder) for folder in reach.data.folders)
    path = next((each for each in paths if each is not None), None)
    if found.state != "there" or path is None or not (data.digest or "").startswith(_SHA256):
        return found, None
    try:
        digest = _SHA256 + reach.hash_data(path)
    except (OSError, LeanError):
        return DataState(state="unknown", sentence=f"data {data.name!r}: {path} can't be read"), None
    if digest == data.digest:
        return found, digest
    was = (data.digest or "").removeprefix(_SHA256)[:_SHOWN]
    now = digest.removeprefix(_SHA256)[:_SHOWN]
    sentence = f"its data {data.name} ({data.ref}) is not what it was: its sha256 is {now}…, the record says {was}…"
    return DataState(state="changed", sentence=sentence), digest


def _why(data: Data) -> str:
    if not data.digest:
        return "the record has no digest of it"
    if not data.digest.startswith(_SHA256):
        return "the record has only a digest that MLflow made of it in memory"
    return "it is not on this machine to be hashed"


def _trace_metrics(version: Version, record: Record, reach: Reach, judged: Sequence[str]) -> Trace:
    where = f"{version.model}/{version.version}"
    if record.metrics is None:
        return Trace(
            what="metrics",
            state="unsaid",
            sentence=f"The record of {version.version} names no metrics file.",
            source=f"version:{where}",
            action=_register_again("with --metrics FILE or --run ID"),
        )
    path, said = record.metrics.path, record.metrics.sha256
    files = files_at(version, path)
    key = files[0].key if files else f"{where}/{path}"
    state, sentence, digest = _look_at_metrics(path, said, key=key if files else None, reach=reach)
    if state == "same" and version.metrics_problem:
        state, sentence = "unknown", _sentence(version.metrics_problem)
    action = None
    if state in {"gone", "changed"}:
        action = Action(
            sentence=f"Take {path} from a copy: it says why {version.version} was let in.",
            command=f"lean-mlops doctor {where}",
            page=_page(version),
        )
    shown = [*(name for name in judged if name in version.metrics), *version.metrics][:_MOST_SHOWN]
    value = ", ".join(f"{name} {version.metrics[name]:.4g}" for name in dict.fromkeys(shown))
    return Trace(
        what="metrics",
        state=state,
        sentence=sentence,
        source=f"object:{key}",
        value=value if state == "same" else None,
        digest=digest,
        action=action,
    )


def _look_at_metrics(path: str, said: str | None, *, key: str | None, reach: Reach) -> tuple[State, str, str | None]:
    if key is None:
        return "gone", f"The metrics file {path} is not there any more, though the record names it.", None
    try:
        found = hash_object(reach.objects, key)
    except LeanError as error:
        return "unknown", f"The metrics file {path} can't be read: {error}", None
    digest = _SHA256 + found
    if said is None:
        return "unknown", f"Whether {path} is what was registered is not known: the record has no hash of it.", digest
    if found != said:
        changed = f"its sha256 is {found[:_SHOWN]}…, the record says {said[:_SHOWN]}…"
        return "changed", f"The metrics file {path} is not what was registered: {changed}", digest
    return "same", f"Its metrics are in {path}, as it was registered.", digest


def _trace_run(version: Version, record: Record, reach: Reach) -> Iterator[Trace]:
    if record.run is None:
        return
    source, run_id = record.run.source, record.run.run_id
    run = reach.find_run(source, run_id)
    if run is None:
        known = source in reach.sources
        why = "it is not among those imported" if known else f"lean.toml names no source {source}"
        yield Trace(
            what="run",
            state="unknown",
            sentence=f"The run {run_id[:8]} that made it can't be looked up: {why}.",
            source=f"version:{version.model}/{version.version}",
            action=Action(sentence="Import the runs.", command="lean-mlops sync", page="workspace"),
        )
        return
    differ = [name for name, value in version.metrics.items() if name in run.metrics and _differ(value, run, name)]
    if differ:
        first = differ[0]
        said = f"{first} is {version.metrics[first]:.6g} in the metrics file and {run.metrics[first]:.6g} in the run"
        sentence, state = f"The run {run.title} says otherwise than the metrics file: {said}.", "changed"
    else:
        sentence, state = f"The run {run.title} made it, and says the same of its metrics.", "same"
    yield Trace(
        what="run",
        state="changed" if state == "changed" else "same",
        sentence=sentence,
        source=f"run:{run.ref}",
        action=Action(sentence="Find out which of the two is right.", page=f"run?run={run.ref}") if differ else None,
    )


def _differ(value: float, run: Run, name: str) -> bool:
    other = run.metrics[name]
    if math.isnan(value) or math.isnan(other):
        return math.isnan(value) != math.isnan(other)
    return not math.isclose(value, other, rel_tol=_CLOSE, abs_tol=_CLOSE)


def _register_again(how: str) -> Action:
    return Action(
        sentence=f"Register the next version {how}.", command="lean-mlops register MODEL VERSION --artifact PATH"
    )


def _page(version: Version) -> str:
    return f"version?model={version.model}&version={version.version}"


def _sentence(text: str) -> str:
    """Return words as a sentence of their own."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
