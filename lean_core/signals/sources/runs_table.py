"""The SQL that finds when runs of an experiment last finished."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSource:
    """A source of runs, as the last sync left it."""

    name: str
    synced_at: dt.datetime | None
    """When what is imported was the source's; naive UTC."""
    message: str | None
    """Why the last sync failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """An experiment of a source; those of one name are one."""

    source: str
    name: str
    finished: int
    """Runs that are FINISHED; deleted ones don't count."""
    ended_at: dt.datetime | None
    """When the last of them ended; naive UTC."""
    last_run: str | None
    """Its name."""


def read_sources(cursor: duckdb.DuckDBPyConnection) -> dict[str, ImportedSource]:
    """Return every source that a sync was ever tried on, by its name."""
    found = cursor.execute("select name, last_success, message from source order by name").fetchall()
    return {name: ImportedSource(name=name, synced_at=at, message=message) for name, at, message in found}


def read_experiments(cursor: duckdb.DuckDBPyConnection) -> list[Experiment]:
    """Return the experiments that are not deleted."""
    found = cursor.execute(
        """
        select
            experiment.source,
            experiment.name,
            count(run.run_no),
            max(run.end_time),
            arg_max(run.name, run.end_time)
        from experiment
        left join run on
            run.source = experiment.source
            and run.experiment_key = experiment.experiment_key
            and run.status = 'FINISHED'
            and run.lifecycle = 'active'
            and run.gone_at is null
        where experiment.name is not null and experiment.lifecycle is distinct from 'deleted'
        group by experiment.source, experiment.name
        order by experiment.source, experiment.name
        """
    ).fetchall()
    return [
        Experiment(source=source, name=name, finished=finished, ended_at=ended_at, last_run=last_run)
        for source, name, finished, ended_at, last_run in found
    ]
