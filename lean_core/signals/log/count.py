"""What is counted of a log, written once for every engine: only sums that merge by addition leave it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from lean_core.settings import LogColumns
from lean_core.signals.log.bins import Binning, Bins, number_bucket, text_bucket
from lean_core.signals.log.columns import FILE, null_column, number_column, standard_types, text_column
from lean_core.signals.log.expression import features_of
from lean_core.signals.log.histogram import latency_bucket
from lean_core.signals.log.rounding import round_down
from lean_core.signals.log.slot import LONG

if TYPE_CHECKING:
    import ibis.expr.types as ir

LOG = "lean_log"
"""The table that is counted."""
LATENCY = "latency"
"""The histogram of latency among those of features, which `bin_name` names."""


def bin_name(feature: str) -> str:
    """Return what the histogram of a feature is called."""
    return f"feature.{feature}"


def null_name(feature: str) -> str:
    """Return what the number of nulls of a feature is called."""
    return f"nulls.{feature}"


def log_table(columns: LogColumns) -> ir.Table:
    """Return the table that is counted: what `standardise` makes of files."""
    import ibis

    return ibis.table(standard_types(columns), name=LOG)


@functools.lru_cache(maxsize=4)
def sum_slots(columns: LogColumns) -> ir.Table:
    """Return rows, newest time and all sums of each file, slot, version and outcome (a place among `OUTCOMES`)."""
    log = log_table(columns)
    sums = {f"m_{number}": value for number, value in enumerate(_sums(log, columns).values())}
    counts = log.group_by(FILE, "slot", "version", "outcome").agg(rows=log.count(), newest=log["at"].max(), **sums)
    return counts.mutate(slot=counts.slot.cast("int32"))


def sum_names(columns: LogColumns) -> list[str]:
    """Return what the sums of `sum_slots` are called, in order."""
    return list(_sums(log_table(columns), columns))


def _sums(log: ir.Table, columns: LogColumns) -> dict[str, ir.Scalar]:
    sums: dict[str, ir.Scalar] = {}
    if columns.status:
        sums |= {"statuses": log.error.count(), "errors": _count_true(log.error)}
    if columns.latency:
        sums |= {"latencies": log.latency.count(), "latency_sum": log.latency.sum()}
    for number, feature in enumerate(features_of(columns)):
        sums[null_name(feature)] = _count_true(log[null_column(number)])
    if columns.label and columns.prediction:
        difference = log["difference"]
        sums |= {
            "differences": difference.count(),
            "absolute_error": difference.abs().sum(),
            "squared_error": (difference * difference).sum(),
        }
    return sums


def _count_true(column: ir.Column) -> ir.Scalar:
    # To count under a condition takes half as long again, for it leaves rows out.
    return column.cast("float64").sum()


def count_bins(columns: LogColumns, binning: Binning) -> ir.Table | None:
    """Return how many rows of each file lie in each bin, and their sum; None where nothing is binned.

    Latency is counted for each slot, features for each hour.
    """
    return _count_bins(columns, tuple(binning.items()))


@functools.lru_cache(maxsize=4)
def _count_bins(columns: LogColumns, binned: tuple[tuple[str, Bins], ...]) -> ir.Table | None:
    import ibis

    log, binning = log_table(columns), dict(binned)
    features = [
        (number, bin_name(feature), binning[feature])
        for number, feature in enumerate(features_of(columns))
        if feature in binning and not binning[feature].trouble
    ]
    numbers = [each for each in features if each[2].is_number]
    hour = round_down(log.slot / LONG) * LONG
    # All rows are placed once, by one scan; then each histogram is a count of places.
    placed = log.select(
        FILE,
        "slot",
        hour=hour,
        **({LATENCY: latency_bucket(log[LATENCY])} if columns.latency else {}),
        **{f"bucket_{number}": number_bucket(log[number_column(number)], bins) for number, _, bins in numbers},
        **{number_column(number): log[number_column(number)] for number, _, _ in numbers},
    )
    parts = [_count_placed(placed, LATENCY, placed.slot, placed[LATENCY])] if columns.latency else []
    parts += [
        _count_placed(placed, name, placed.hour, placed[f"bucket_{number}"], placed[number_column(number)])
        for number, name, _ in numbers
    ]
    parts += [
        _count_texts(log, name, hour, log[text_column(number)], bins)
        for number, name, bins in features
        if not bins.is_number
    ]
    return ibis.union(*parts, distinct=False) if len(parts) > 1 else (parts[0] if parts else None)


def _count_placed(
    placed: ir.Table, name: str, slot: ir.Column, bucket: ir.Column, value: ir.Column | None = None
) -> ir.Table:
    import ibis

    # No filter before a sum anywhere: for DuckDB to leave rows out takes longer than to count them under null.
    total = ibis.null("float64") if value is None else value.sum()
    return _named(placed.group_by(FILE, slot=slot, bucket=bucket).agg(rows=placed.count(), total=total), name)


def _count_texts(log: ir.Table, name: str, slot: ir.Column, text: ir.Column, bins: Bins) -> ir.Table:
    import ibis

    # Values first, bins of values then: a hundred comparisons for each value, not for each row.
    values = log.group_by(FILE, slot=slot, value=text).agg(n=log.count())
    values = values.filter(values.value.notnull())
    counts = values.group_by(FILE, "slot", bucket=text_bucket(values.value, bins))
    return _named(counts.agg(rows=values.n.sum(), total=ibis.null("float64")), name)


def _named(counts: ir.Table, measure: str) -> ir.Table:
    import ibis

    counts = counts.filter(counts.slot.notnull() & counts.bucket.notnull())
    return counts.select(
        FILE,
        slot=counts.slot.cast("int32"),
        measure=ibis.literal(measure),
        bucket=counts.bucket.cast("int32"),
        rows=counts.rows.cast("int64"),
        total=counts.total.cast("float64"),
    )
