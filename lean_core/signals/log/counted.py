"""Numbers that are counted or averaged: rows, errors, latency, nulls, and what predictions turned out to be."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from lean_core.settings import LogColumns
from lean_core.signals.answer import Answer, Measured, Unread
from lean_core.signals.log.columns import OUTCOMES
from lean_core.signals.log.count import null_name
from lean_core.signals.log.expression import QUANTILES, REALISED, Expression, column_of
from lean_core.signals.log.histogram import ERROR, quantile
from lean_core.signals.log.window import Histogram, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number, before it is told where it comes from."""

    value: float
    n: int
    unit: str = ""
    note: str = ""


def needed_columns(expression: Expression, columns: LogColumns) -> list[tuple[str, str]]:
    """Return what a number is made of: keys under ``columns``, and the columns that they name."""
    measure = expression.measure
    if expression.feature:
        return [("features", column_of(expression.feature, columns))]
    if measure.startswith("latency."):
        return [("latency", columns.latency)]
    if measure in {"errors", "error_rate"}:
        return [("status", columns.status)]
    if measure == "label_share":
        return [("label", columns.label)]
    if measure in REALISED:
        return [("label", columns.label), ("prediction", columns.prediction)]
    return []


def count_rows(window: Window) -> Answer:
    """Return how many rows there are; none is a number only where every file was read."""
    if window.rows == 0 and window.log.unread:
        return window.fail(
            "malformed", f"No row from {window.since:%Y-%m-%d %H:%M} on, but not all of the log was read."
        )
    return measured(window, Number(value=window.rows, n=window.rows, unit="rows"))


def count_errors(window: Window, expression: Expression) -> Answer:
    """Return the number or share of errors among the rows that have a status."""
    statuses, errors = window.count("statuses"), window.count("errors")
    if not statuses:
        return window.fail("empty", "No row in the window has a status.", n=0)
    without = window.rows - statuses
    note = f"{without:,} rows have no status and are left out." if without else ""
    if expression.measure == "errors":
        return measured(window, Number(value=errors, n=statuses, note=note))
    return measured(window, Number(value=errors / statuses, n=statuses, unit="ratio", note=note))


def time_answers(window: Window, expression: Expression, histogram: Histogram) -> Answer:
    """Return a quantile of the latency, or its mean."""
    n = window.count("latencies")
    if not n:
        return window.fail("empty", "No row in the window has a latency.", n=0)
    if expression.measure not in QUANTILES:
        return measured(window, Number(value=window.sums.get("latency_sum", 0.0) / n, n=n, unit="ms"))
    value = quantile({bucket: rows for bucket, (rows, _) in histogram.items()}, QUANTILES[expression.measure])
    note = f"To within {ERROR:.0%}, from buckets that grow by 2 %."
    return measured(window, Number(value=value, n=n, unit="ms", note=note))


def count_nulls(window: Window, expression: Expression) -> Answer:
    """Return the share of rows in which a feature is null or NaN."""
    nulls = window.count(null_name(expression.feature))
    return measured(window, Number(value=nulls / window.rows, n=window.rows, unit="ratio", note="NaN counts as null."))


def share_labels(window: Window, _: Expression) -> Answer:
    """Return for how many rows it is known what turned out to be true."""
    unlabelled = window.count("unlabelled")
    return measured(window, Number(value=1 - unlabelled / window.rows, n=window.rows, unit="ratio"))


def judge_predictions(window: Window, expression: Expression) -> Answer:
    """Return a metric of the predictions whose label is known."""
    judged = _count_judged(window)
    if not judged:
        return window.fail(
            "empty", f"None of the {window.rows:,} rows in the window has a label and a prediction.", n=0
        )
    number = _METRICS[expression.measure](window)
    if isinstance(number, Unread):
        return number
    note = f"Over {judged:,} of {window.rows:,} rows, whose label is known. {number.note}".strip()
    return measured(window, replace(number, note=note))


def _accuracy(window: Window) -> Number:
    judged = _count_judged(window)
    if _are_binary(window):
        right = _count(window, "equal_ones", "true_positives", "equal_zeros", "true_negatives")
        return Number(value=right / judged, n=judged, unit="ratio", note="A prediction from 0.5 on counts as 1.")
    return Number(value=_count(window, *_EQUAL) / judged, n=judged, unit="ratio")


def _precision(window: Window) -> Number | Unread:
    return _share_of_positives(window, "false_positives", "No row with a label was predicted to be 1.")


def _recall(window: Window) -> Number | Unread:
    return _share_of_positives(window, "false_negatives", "No row with a label has the label 1.")


def _share_of_positives(window: Window, missed: str, nothing: str) -> Number | Unread:
    if not _are_binary(window):
        return window.fail("refused", "It is defined for labels that are 0 or 1, and predictions that are numbers.")
    right = _count(window, "equal_ones", "true_positives")
    of = right + window.count(missed)
    if not of:
        return window.fail("empty", nothing, n=0)
    return Number(value=right / of, n=of, unit="ratio", note="A prediction from 0.5 on counts as 1.")


def _absolute_error(window: Window) -> Number | Unread:
    return _mean_error(window, "absolute_error")


def _squared_error(window: Window) -> Number | Unread:
    found = _mean_error(window, "squared_error")
    return found if isinstance(found, Unread) else Number(value=math.sqrt(found.value), n=found.n)


def _mean_error(window: Window, measure: str) -> Number | Unread:
    n = window.count("differences")
    if not n:
        return window.fail("refused", "It is defined for labels and predictions that are numbers.")
    return Number(value=window.sums.get(measure, 0.0) / n, n=n)


def _are_binary(window: Window) -> bool:
    return _count(window, "equal_others", "unequal_others") == 0


def _count_judged(window: Window) -> int:
    return _count(window, *(each for each in OUTCOMES if each not in {"unlabelled", "unpredicted"}))


def _count(window: Window, *outcomes: str) -> int:
    return sum(map(window.count, outcomes))


_EQUAL = ("equal_ones", "equal_zeros", "equal_others")
_METRICS: dict[str, Callable[[Window], Number | Unread]] = {
    "accuracy": _accuracy,
    "precision": _precision,
    "recall": _recall,
    "mae": _absolute_error,
    "rmse": _squared_error,
}


def measured(window: Window, number: Number, *, more: tuple[str, ...] = ()) -> Answer:
    """Return a number as an answer."""
    if not math.isfinite(number.value):
        return window.fail("malformed", "It has no finite value: a column has infinite values.", n=number.n)
    notes = [number.note] if number.note else []
    return Measured(
        value=float(number.value),
        observed_at=window.question.at,
        source=window.source(),
        unit=number.unit,
        n=number.n,
        since=window.since,
        note=" ".join((*notes, *more, *window.doubts())),
    )
