"""What was found, kept: at each change and once a day, so that there is a trend, and an answer for a date."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from lean_core.checkpoint import table
from lean_core.checkpoint.check import NAMES, Checkpoint, Name, Status
from lean_core.checkpoint.evidence import Value
from lean_core.checkpoint.fact import Fact
from lean_core.releases import Observation

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A point of the trend."""

    at: dt.datetime
    """Naive UTC."""
    score: float
    statuses: dict[Name, Status]


def note_checkpoints(cursor: duckdb.DuckDBPyConnection, checkpoints: Sequence[Checkpoint], *, now: dt.datetime) -> int:
    """Write those that say something else than their last one, or are the first of their day; return how many."""
    written = 0
    for environment in {each.environment for each in checkpoints}:
        last = {model: (at, digest) for model, at, digest, _ in table.last_results(cursor, environment, now)}
        for each in checkpoints:
            digest = digest_of(each)
            before = last.get(each.model)
            if each.environment != environment or (before and before[1] == digest and before[0].date() == now.date()):
                continue
            content = msgspec.json.encode(each).decode()
            table.put_result(cursor, (each.model, environment, now, digest, content))
            written += 1
    return written


def note_facts(cursor: duckdb.DuckDBPyConnection, facts: Sequence[Fact], *, now: dt.datetime) -> None:
    """Write the facts that changed, and all of them once a day; one that is gone is written as not known."""
    last = table.last_facts(cursor)
    found: dict[str, str | None] = {fact.name: table.encode_value(fact.value) for fact in facts}
    gone = {name: None for name, (_, value) in last.items() if name not in found and value is not None}
    changed = [
        (name, now, value)
        for name, value in (found | gone).items()
        if name not in last or last[name][1] != value or last[name][0].date() != now.date()
    ]
    table.put_facts(cursor, changed)


def known_names(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the names of all facts that were ever noted."""
    return set(table.last_facts(cursor))


def note_observations(cursor: duckdb.DuckDBPyConnection, observations: Sequence[Observation]) -> None:
    """Keep what the running systems said; what could not be seen leaves the last answer as it is."""
    for each in observations:
        if each.state != "unobservable":
            content = msgspec.json.encode(each).decode()
            table.put_observation(cursor, (each.model, each.environment, each.observed_at, content))


def last_observations(cursor: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Observation]:
    """Return what each running system said when it last told, by model and environment."""
    found = [msgspec.json.decode(content, type=Observation) for (content,) in table.observation_rows(cursor)]
    return {(each.model, each.environment): each for each in found}


def checkpoints_at(cursor: duckdb.DuckDBPyConnection, environment: str, moment: dt.datetime) -> list[Checkpoint]:
    """Return what was known of each model at a moment: the last that had been found by then."""
    return [
        msgspec.json.decode(content, type=Checkpoint)
        for _, _, _, content in table.last_results(cursor, environment, moment)
    ]


def trend(cursor: duckdb.DuckDBPyConnection, model: str, environment: str, *, since: dt.datetime) -> list[Score]:
    """Return how a model's score went, oldest first."""
    found = []
    for at, content in table.results_of(cursor, model, environment, since):
        checkpoint = msgspec.json.decode(content, type=Checkpoint)
        statuses = {check.name: check.status for check in checkpoint.checks}
        found.append(Score(at=at, score=checkpoint.score, statuses=statuses))
    return found


def fact_history(cursor: duckdb.DuckDBPyConnection, name: str, since: dt.datetime) -> list[tuple[dt.datetime, Value]]:
    """Return a fact's values since a time, oldest first, with the one that was in force then."""
    return [(at, table.decode_value(value)) for at, value in table.fact_rows(cursor, name, since)]


def grow_old(checkpoint: Checkpoint, *, now: dt.datetime, problem: str) -> Checkpoint:
    """Return what was found earlier as it stands now, when it can't be looked up: what is too old has gone stale.

    Args:
        checkpoint: as it was found.
        now: naive UTC.
        problem: why it can't be looked up, a sentence.
    """
    checks = []
    for check in checkpoint.checks:
        stale = check.status == "answered" and any(each.is_stale(now) for each in check.evidence)
        as_of = f"As of {checkpoint.at:%Y-%m-%d %H:%M} UTC; {problem}"
        checks.append(
            dataclasses.replace(check, status="stale" if stale else check.status, details=(as_of, *check.details))
        )
    return dataclasses.replace(checkpoint, checks=tuple(checks))


def digest_of(checkpoint: Checkpoint) -> str:
    """Return what changes when a result says something else; the mere passing of time changes nothing."""
    said = [
        [
            check.name,
            check.status,
            check.news,
            check.sentence,
            check.details,
            [[each.source, each.value, each.digest, each.kind] for each in check.evidence],
        ]
        for check in sorted(checkpoint.checks, key=lambda check: NAMES.index(check.name))
    ]
    return hashlib.sha256(msgspec.json.encode([checkpoint.live, said])).hexdigest()
