"""The columns of a log as plain values, whatever types the file has them in: an expression for any engine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from lean_core.settings import LogColumns
from lean_core.signals.log.expression import column_of, features_of
from lean_core.signals.log.rounding import round_down
from lean_core.signals.log.slot import SLOT

if TYPE_CHECKING:
    import ibis.expr.types as ir

ERROR_STATUS = 500
FINE = "ok"
"""The one text of a status that is no error."""
FILE = "file"
"""The number of the file that a row is in."""
RAW_FILE = "lean.file"
"""What that column is called before the others are made what they should be: no log has it."""
Kind = Literal["number", "text"]
"""As what a feature is binned."""
POSITIVE = 0.5
"""From here on a prediction counts as 1 where labels are 0 and 1."""
OUTCOMES = (
    "unlabelled",
    "unpredicted",
    "equal_ones",
    "true_positives",
    "false_negatives",
    "equal_zeros",
    "false_positives",
    "true_negatives",
    "equal_others",
    "unequal_others",
)
"""What a row may be. One of these for each row takes half the time of a sum for each of what is made of them."""
# A number of seconds, milli-, micro- or nanoseconds since 1970, told apart by its size: from 1973 to 5138.
_UNITS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (float("inf"), 1e9))


def standardise(
    table: ir.Table,
    columns: LogColumns,
    partitions: Mapping[str, str | None],
    kinds: Mapping[str, Kind] | None = None,
) -> ir.Table:
    """Return a table with the columns of `standard_types`; what is missing is null."""
    import ibis

    def find(name: str) -> ir.Column:
        return table[name] if name in table.columns else ibis.literal(partitions.get(name), "string")

    at = as_time(find(columns.time))
    prediction, label = find(columns.prediction), find(columns.label)
    features = [find(column_of(feature, columns)) for feature in features_of(columns)]
    found = {
        FILE: table[RAW_FILE] if RAW_FILE in table.columns else ibis.literal(0),
        "slot": round_down(at.epoch_seconds() / int(SLOT.total_seconds())),
        "at": at,
        "version": find(columns.version),
        "error": as_error(find(columns.status)),
        "latency": as_number(find(columns.latency)),
        "difference": as_number(prediction) - as_number(label),
        "outcome": find_outcome(prediction, label),
        **{null_column(number): without_nan(feature).isnull() for number, feature in enumerate(features)},
        **{number_column(number): as_floating(feature) for number, feature in enumerate(features)},
        **{text_column(number): as_text(feature) for number, feature in enumerate(features)},
    }
    return table.select(**{name: found[name].cast(kind) for name, kind in standard_types(columns, kinds).items()})


def standard_types(columns: LogColumns, kinds: Mapping[str, Kind] | None = None) -> dict[str, str]:
    """Return the columns that are counted, and their types: what is counted needs not know how a file has them.

    Args:
        columns: of the log.
        kinds: as what a feature is binned; one that is not among them is only looked at for nulls. None: as both.
    """
    features = list(enumerate(features_of(columns)))
    wanted = {feature: {"number", "text"} if kinds is None else {kinds.get(feature)} for _, feature in features}
    return {
        FILE: "int32",
        "slot": "float64",
        "at": "timestamp",
        "version": "string",
        "outcome": "int32",
        "error": "boolean",
        **dict.fromkeys(("latency", "difference"), "float64"),
        **{null_column(number): "boolean" for number, _ in features},
        **{number_column(number): "float64" for number, feature in features if "number" in wanted[feature]},
        **{text_column(number): "string" for number, feature in features if "text" in wanted[feature]},
    }


def find_outcome(prediction: ir.Column, label: ir.Column) -> ir.Column:
    """Return what a prediction turned out to be: the place among `OUTCOMES`."""
    import ibis

    numbers, positive = (as_number(prediction), as_number(label)), as_number(prediction) >= POSITIVE
    one, other = numbers if _are_numbers(prediction, label) else (as_text(prediction), as_text(label))
    equal = numbers[0] == numbers[1]
    return ibis.cases(
        (other.isnull(), _at("unlabelled")),
        (one.isnull(), _at("unpredicted")),
        ((numbers[1] == 1) & equal, _at("equal_ones")),
        ((numbers[1] == 1) & positive, _at("true_positives")),
        ((numbers[1] == 1) & ~positive, _at("false_negatives")),
        ((numbers[1] == 0) & equal, _at("equal_zeros")),
        ((numbers[1] == 0) & positive, _at("false_positives")),
        ((numbers[1] == 0) & ~positive, _at("true_negatives")),
        (one == other, _at("equal_others")),
        else_=_at("unequal_others"),
    )


def _nothing(kind: str) -> ir.Value:
    """Return null of a type: Ibis 12 can't compare its own null with a number."""
    import ibis

    return ibis.literal(None, "string").cast(kind)


def _at(outcome: str) -> ir.Scalar:
    import ibis

    return ibis.literal(OUTCOMES.index(outcome), "int32")


def null_column(number: int) -> str:
    """Return what the column that says whether a feature is null is called."""
    return f"null_{number}"


def number_column(number: int) -> str:
    """Return what the column of a feature's numbers is called; NaN is left in it, which no bin takes."""
    return f"number_{number}"


def text_column(number: int) -> str:
    """Return what the column of a feature's texts is called."""
    return f"text_{number}"


def _are_numbers(*columns: ir.Column) -> bool:
    return all(column.type().is_numeric() or column.type().is_boolean() for column in columns)


def without_nan(column: ir.Column) -> ir.Column:
    """Return a column in which NaN is null: neither is a value."""
    return column.nullif(math.nan) if column.type().is_floating() else column


def as_floating(column: ir.Column) -> ir.Column:
    """Return a column as floating numbers, NaN among them; what is none is null."""
    kind = column.type()
    if kind.is_boolean():
        return column.cast("int32").cast("float64")
    if kind.is_numeric():
        return column.cast("float64")
    if kind.is_string():
        return column.try_cast("float64")
    return _nothing("float64")


def as_number(column: ir.Column) -> ir.Column:
    """Return a column as floating numbers; what is none, and NaN, is null."""
    may_have_nan = column.type().is_floating() or column.type().is_string()
    return without_nan(as_floating(column)) if may_have_nan else as_floating(column)


def as_text(column: ir.Column) -> ir.Column:
    """Return a column as text."""
    return without_nan(column).cast("string")


def as_time(column: ir.Column) -> ir.Column:
    """Return a column as naive UTC; what is no time is null."""
    import ibis

    kind = column.type()
    if kind.is_timestamp() or kind.is_date():
        return column.cast("timestamp")
    if kind.is_string():
        return column.try_cast("timestamp('UTC')").cast("timestamp")
    if kind.is_numeric():
        number = as_number(column)
        seconds = ibis.cases(*((number.abs() < limit, number / unit) for limit, unit in _UNITS))
        return ibis.timestamp("1970-01-01 00:00:00") + (seconds * 1e6).cast("int64").as_interval("us")
    return _nothing("timestamp")


def as_error(column: ir.Column) -> ir.Column:
    """Return whether a status is an error; null where there is none."""
    import ibis

    kind = column.type()
    if kind.is_boolean():
        return column
    if kind.is_numeric():
        return as_number(column) >= ERROR_STATUS
    if kind.is_string():
        code = column.try_cast("float64")
        return ibis.ifelse(code.isnull(), column.strip().lower() != FINE, code >= ERROR_STATUS)
    return _nothing("boolean")
