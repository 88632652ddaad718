"""Read what Dagster answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import msgspec

from lean_core.signals.sources.dagster_query import Wanted
from lean_core.signals.sources.failure import OTHER_SHAPE, Failure, quote
from lean_core.signals.sources.web import parse

_HOUR = 3600
_AHEAD = -5 / 60
"""Hours by which its clock may be ahead of ours."""


class Mistake(msgspec.Struct, frozen=True):
    """An error of GraphQL."""

    message: str = "without a reason"


class Reply(msgspec.Struct, frozen=True):
    """A whole answer."""

    data: dict[str, msgspec.Raw] | None
    errors: tuple[Mistake, ...] = ()


class _Job(msgspec.Struct, frozen=True):
    name: str


class _Repository(msgspec.Struct, frozen=True):
    jobs: tuple[_Job, ...]


class Jobs(msgspec.Struct, frozen=True):
    """All jobs of the code locations that are loaded."""

    nodes: tuple[_Repository, ...] = ()
    message: str | None = None


class _Run(msgspec.Struct, frozen=True, rename="camel"):
    run_id: str
    status: str
    end_time: float | None


class _Runs(msgspec.Struct, frozen=True):
    results: tuple[_Run, ...] = ()
    message: str | None = None


class _Materialization(msgspec.Struct, frozen=True, rename="camel"):
    timestamp: str
    """Milliseconds, unlike the seconds of a run."""
    run_id: str


class _Definition(msgspec.Struct, frozen=True):
    id: str


class _Asset(msgspec.Struct, frozen=True, rename="camel"):
    definition: _Definition | None = None
    asset_materializations: tuple[_Materialization, ...] = ()
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A number, and the run that it comes from."""

    value: float
    unit: str
    note: str


def measure(content: bytes, wanted: Wanted, known: Jobs, at: dt.datetime, token: str | None) -> Found | Failure:
    """Return the number that a field of the answer holds."""
    reply: _Asset | _Runs | Failure = parse(content, _Asset) if wanted.kind == "asset" else parse(content, _Runs)
    if isinstance(reply, Failure):
        return reply
    message = reply.message or known.message
    if message is not None:
        first = next((line for line in message.splitlines() if line.strip()), message)
        return Failure(trouble="refused", reason=f'Dagster can\'t tell: "{quote(first, token)}"')
    if isinstance(reply, _Asset):
        return _measure_asset(reply, wanted.name, at)
    return _measure_runs(reply, wanted, known, at)


def _measure_asset(asset: _Asset, key: str, at: dt.datetime) -> Found | Failure:
    name = quote(key, None)
    if not asset.asset_materializations:
        if asset.definition is None:
            reason = f'it knows no asset "{name}": check its key, and that its code location is loaded'
            return Failure(trouble="missing", reason=reason)
        return Failure(trouble="empty", reason=f'the asset "{name}" was never materialized')
    newest = asset.asset_materializations[0]
    if not newest.timestamp.isdecimal():
        return OTHER_SHAPE
    return _measure_age(int(newest.timestamp) / 1000, f"run {newest.run_id[:8]} made it", at)


def _measure_runs(runs: _Runs, wanted: Wanted, known: Jobs, at: dt.datetime) -> Found | Failure:
    name = quote(wanted.name, None)
    ended = [(run.end_time, run) for run in runs.results if run.end_time is not None]
    if not ended:
        if wanted.name not in {job.name for each in known.nodes for job in each.jobs}:
            reason = f'it knows no job "{name}": check its name, and that its code location is loaded'
            return Failure(trouble="missing", reason=reason)
        deed = "succeeded" if wanted.kind == "job" else "finished"
        return Failure(trouble="empty", reason=f'no run of the job "{name}" has {deed} yet')
    time, last = max(ended, key=lambda each: each[0])
    did = "succeeded" if last.status == "SUCCESS" else "failed"
    age = _measure_age(time, f"run {last.run_id[:8]} {did}", at)
    if isinstance(age, Failure) or wanted.kind == "job":
        return age
    return Found(value=float(last.status != "SUCCESS"), unit="", note=age.note)


def _measure_age(seconds: float, deed: str, at: dt.datetime) -> Found | Failure:
    try:
        time = dt.datetime.fromtimestamp(seconds, dt.UTC).replace(tzinfo=None)
    except (OverflowError, OSError, ValueError):
        return OTHER_SHAPE
    hours = (at - time).total_seconds() / _HOUR
    said = f"{deed} at {time:%Y-%m-%d %H:%M} UTC"
    if hours < _AHEAD:
        return Failure(trouble="malformed", reason=f"{said}, which is later than now: compare the clocks")
    return Found(value=max(0.0, hours), unit="h", note=f"{said[0].upper()}{said[1:]}.")
