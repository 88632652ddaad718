"""The quality of a table, by pointblank on DuckDB; what could not be checked is unknown."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lean_core.registry import CheckResult, Data
from lean_core.releases.checks.expectation import Columns, Expectation, Found, Tables
from lean_core.releases.checks.expectations import expectations_of
from lean_core.releases.checks.table import Fetch, NoTable, TableFiles, find_table, open_duckdb, open_table
from lean_core.releases.checks.table_expectations import HasNoneOf
from lean_core.settings import DataSettings

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

_SHA256 = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Where tables are found, and when."""

    folder: Path
    """The workspace's."""
    fetch: Fetch
    now: dt.datetime
    """Naive UTC."""


def name_expectations(settings: DataSettings) -> tuple[str, ...]:
    """Return what the checks of a table are called within it."""
    return tuple(each.name for each in expectations_of(settings))


def check_data(name: str, settings: DataSettings, data: Sequence[Data], around: Around) -> list[CheckResult]:
    """Judge a table.

    Args:
        name: of the table in the policy.
        settings: what is expected.
        data: the data references in the record of the version, of which one may be the training reference.
        around: where tables are found.
    """
    expectations = expectations_of(settings)
    with tempfile.TemporaryDirectory(prefix="lean-mlops-") as folder:
        files = find_table(settings.table, folder=around.folder, fetch=around.fetch, into=Path(folder, "table"))
        if isinstance(files, NoTable):
            return [_check(name, each, _Opened(files), None, around.now) for each in expectations]
        backend = open_duckdb()
        try:
            table = _open(backend, files, Path(folder, "table.parquet"))
            reference = _find_reference(settings, data, around, Path(folder, "reference"))
            other = None if reference is None else _open(backend, reference, Path(folder, "reference.parquet"))
            return [_check(name, each, table, other, around.now) for each in expectations]
        finally:
            backend.disconnect()


def interrogate(expectation: Expectation, tables: Tables) -> Found:
    """Look whether a table is as expected; whatever keeps from looking makes it unknown."""
    import pointblank

    try:
        validation = expectation.plan(pointblank.Validate(data=tables.table), tables)
        steps = validation.interrogate(collect_extracts=False, collect_tbl_checked=False).validation_info
        obstacle = next((_explain(step) for step in steps if _could_not_run(step)), "")
        if not steps or obstacle:
            return Found(verdict="unknown", value=None, reason=obstacle or "nothing was looked at")
        return expectation.judge(steps, tables)
    except Exception as error:  # noqa: BLE001 - not only DuckDB's errors, whose text would quote the data
        return Found(verdict="unknown", value=None, reason=f"could not be checked ({type(error).__name__})")


def feed_broken(expectation: Expectation, *, now: dt.datetime) -> Found:
    """Look whether an expectation finds that a table which was made to break it does."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    backend = open_duckdb()
    with tempfile.TemporaryDirectory(prefix="lean-mlops-") as folder:

        def open_columns(columns: Columns, name: str) -> ir.Table:
            path = Path(folder, name)
            pq.write_table(pa.table(dict(columns)), path)
            return open_table(backend, [path], scratch=path)

        try:
            columns, reference = expectation.broken(now)
            table = open_columns(columns, "table.parquet")
            other = open_columns(reference, "reference.parquet") if reference else None
            return interrogate(expectation, Tables(table=table, reference=other, now=now))
        finally:
            backend.disconnect()


@dataclass(frozen=True, slots=True)
class _Opened:
    table: ir.Table | NoTable
    evidence: tuple[str, ...] = ()


def _check(
    name: str, expectation: Expectation, opened: _Opened, reference: _Opened | None, now: dt.datetime
) -> CheckResult:
    needed = [opened, *([reference] if reference and isinstance(expectation, HasNoneOf) else [])]
    result = CheckResult(
        name=f"data.{name}.{expectation.name}",
        verdict="unknown",
        threshold=expectation.threshold,
        evidence=tuple(line for each in needed for line in each.evidence),
    )
    missing = next((each.table.reason for each in needed if isinstance(each.table, NoTable)), None)
    if missing is not None:
        return replace(result, reason=missing)
    other = needed[1].table if needed[1:] else None
    found = interrogate(expectation, Tables(table=opened.table, reference=other, now=now))
    return replace(result, verdict=found.verdict, value=found.value, reason=found.reason)


def _find_reference(
    settings: DataSettings, data: Sequence[Data], around: Around, into: Path
) -> TableFiles | NoTable | None:
    wanted = settings.no_duplicates_with
    if wanted is None:
        return None
    if wanted.table is not None:
        return find_table(wanted.table, folder=around.folder, fetch=around.fetch, into=into)
    referred = next((each for each in data if each.name == wanted.data), None)
    if referred is None:
        there = ", ".join(each.name for each in data) or "none"
        return NoTable(reason=f"the version's record has no data reference {wanted.data} (it has: {there})")
    if not re.search(r"\.(parquet|csv|csv\.gz)\Z", referred.ref):
        return NoTable(reason=f"the data reference {wanted.data} ({referred.ref}) is no .parquet or .csv")
    found = find_table(referred.ref.removeprefix("file://"), folder=around.folder, fetch=around.fetch, into=into)
    digest = _SHA256.fullmatch(referred.digest or "")
    if isinstance(found, TableFiles) and digest and digest[1] != found.sha256:
        return NoTable(reason=f"{referred.ref} is not the data that the version refers to any more: its sha256 differs")
    return found


def _open(backend: Backend, files: TableFiles | NoTable, scratch: Path) -> _Opened:
    import duckdb

    if isinstance(files, NoTable):
        return _Opened(files)
    try:
        return _Opened(open_table(backend, files.paths, scratch=scratch), (files.evidence,))
    except duckdb.Error as error:
        name = files.paths[0].name
        reason = f"{name} can't be read as a table ({type(error).__name__}): write it anew"
        return _Opened(NoTable(reason=reason), (files.evidence,))


def _could_not_run(step: Any) -> bool:  # noqa: ANN401 - pointblank ships no types
    return bool(step.eval_error) or not step.active or step.all_passed is None


def _explain(step: Any) -> str:  # noqa: ANN401
    if step.n == 0:
        return "there are no rows with a value to look at"
    for note in ("column_not_found", "eval_error"):
        if note in (step.notes or {}):
            return str(step.notes[note]["text"]).rstrip(".")
    return f"could not be checked (a step of pointblank, {step.assertion_type}, did not run)"
