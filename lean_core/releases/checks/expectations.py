"""The expectations that a policy has of a table."""

from __future__ import annotations

from collections.abc import Iterator

from lean_core.releases.checks.column_expectations import HasFewNulls, IsAmong, IsOfType, IsUnique, LiesBetween
from lean_core.releases.checks.expectation import Expectation
from lean_core.releases.checks.table_expectations import HasColumns, HasNoneOf, HasRows, IsFresh
from lean_core.settings import ColumnSettings, DataSettings


def expectations_of(data: DataSettings) -> tuple[Expectation, ...]:
    """Return what the settings expect of a table."""
    return tuple(_expectations(data))


def _expectations(data: DataSettings) -> Iterator[Expectation]:
    named = [*data.columns, *([data.freshness.column] if data.freshness else [])]
    named += data.no_duplicates_with.keys if data.no_duplicates_with else ()
    if named:
        yield HasColumns(columns=tuple(dict.fromkeys(named)))
    if data.rows:
        yield HasRows(least=data.rows.min, most=data.rows.max)
    for column, settings in data.columns.items():
        yield from _expectations_of_column(column, settings)
    if data.freshness:
        yield IsFresh(column=data.freshness.column, max_age=data.freshness.max_age)
    if data.no_duplicates_with:
        yield HasNoneOf(keys=data.no_duplicates_with.keys)


def _expectations_of_column(column: str, settings: ColumnSettings) -> Iterator[Expectation]:
    if settings.type is not None:
        yield IsOfType(column=column, type=settings.type)
    if settings.nulls is not None:
        yield HasFewNulls(column=column, most=settings.nulls)
    if settings.min is not None or settings.max is not None:
        yield LiesBetween(column=column, least=settings.min, most=settings.max)
    if settings.allowed is not None:
        yield IsAmong(column=column, allowed=settings.allowed)
    if settings.unique:
        yield IsUnique(column=column)
