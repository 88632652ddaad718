"""The reference: what distributions are held against, be it a table or the past of the log itself."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from lean_core.settings import LogColumns
from lean_core.settings.duration import read_duration
from lean_core.signals.files import DataFile
from lean_core.signals.log.bins import MOST_CATEGORIES, MOST_KNOWN, Bins, edges_from
from lean_core.signals.log.columns import number_column, standardise, text_column, without_nan
from lean_core.signals.log.count import bin_name, count_bins, log_table
from lean_core.signals.log.engine import Engine, FileDamagedError
from lean_core.signals.log.expression import column_of, features_of
from lean_core.signals.log.slot import Slots

if TYPE_CHECKING:
    import ibis.expr.types as ir

_DECILES = [number / 10 for number in range(11)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """How features are binned, and what the reference has in the bins."""

    bins: Mapping[str, Bins]
    """By feature."""
    counts: Mapping[str, Mapping[int, tuple[int, float]]] = field(default_factory=dict)
    """Rows and sum of values of each bin, by feature; of a past window, these are in the log's own counts."""


def past_window(reference: str) -> dt.timedelta | None:
    """Return how long the past window is that a setting means, None where it means a table."""
    return read_duration(reference)


def week_of(at: dt.datetime) -> str:
    """Return the week for which the bins of a past window stay as they are."""
    year, week, _ = at.isocalendar()
    return f"week {year}-{week:02}"


def tag_of(files: Sequence[DataFile]) -> str:
    """Return what changes with the files of a reference."""
    return hashlib.sha256(repr([(file.name, file.tag) for file in files]).encode()).hexdigest()


def encode(reference: Reference) -> str:
    """Return a reference as JSON."""
    return msgspec.json.encode(reference).decode()


def decode(text: str) -> Reference:
    """Return a reference from JSON."""
    return msgspec.json.decode(text, type=Reference)


def bin_reference(
    engine: Engine, columns: LogColumns, files: Sequence[tuple[DataFile, Path]], *, slots: Slots | None = None
) -> Reference:
    """Bin a reference.

    Args:
        engine: computes.
        columns: of the log.
        files: all of one format.
        slots: of which rows count; None: all, and their counts are returned too.

    Raises:
        FileDamagedError: the files can't be read, or are of several formats.
        EngineFailedError: the engine can't do it.
    """
    if len({file.format for file, _ in files}) != 1:
        raise FileDamagedError("the files of the reference are of several formats: name one")
    kinds: dict[str, str] = {}
    partitions = files[0][0].partitions if len(files) == 1 else {}

    def view(table: ir.Table) -> ir.Table:
        import ibis

        for feature in features_of(columns):
            name = column_of(feature, columns)
            kinds[feature] = _kind_of(table[name]) if name in table.columns else "text" if name in partitions else ""
        log = standardise(table, columns, partitions)
        return log if slots else log.mutate(slot=ibis.literal(0.0))

    opened = engine.open([path for _, path in files], files[0][0].format, view)
    bins = {
        feature: found or Bins(trouble=_explain(feature, columns, kinds[feature], opened.columns))
        for feature, found in _find_bins(engine, columns, kinds, slots).items()
    }
    return Reference(bins=bins, counts={} if slots else _count(engine, columns, bins))


def _kind_of(column: ir.Column) -> str:
    kind = column.type()
    if kind.is_numeric() and not kind.is_boolean():
        return "number"
    return "text" if kind.is_string() or kind.is_boolean() else f"a {kind}"


def _find_bins(
    engine: Engine, columns: LogColumns, kinds: Mapping[str, str], slots: Slots | None
) -> dict[str, Bins | None]:
    log = log_table(columns)
    if slots:
        log = log.filter(log.slot.between(slots.first, slots.last))
    found: dict[str, Bins | None] = dict.fromkeys(kinds)
    names = features_of(columns)
    numbers = [number for number, feature in enumerate(names) if kinds[feature] == "number"]
    if numbers:
        quantiles = {f"q_{number}": without_nan(log[number_column(number)]).quantile(_DECILES) for number in numbers}
        (row,) = engine.run(log.agg(**quantiles)).to_pylist()
        for number in numbers:
            values = row[f"q_{number}"]
            if values and values[0] is not None:
                found[names[number]] = Bins(edges=edges_from(values))
    for number, feature in enumerate(names):
        if kinds[feature] == "text":
            found[feature] = _find_categories(engine, log, number)
    return found


def _find_categories(engine: Engine, log: ir.Table, number: int) -> Bins | None:
    import ibis

    log = log.filter(log[text_column(number)].notnull())
    counts = log.group_by(value=log[text_column(number)]).agg(n=log.count())
    counts = counts.order_by(ibis.desc("n"), "value").limit(MOST_KNOWN + 1)
    values = engine.run(counts).column("value").to_pylist()
    if len(values) > MOST_KNOWN:
        return Bins(trouble=f"has more than {MOST_KNOWN:,} values in the reference: these are names, not categories")
    if not values:
        return None
    return Bins(categories=tuple(values[:MOST_CATEGORIES]), rest=tuple(values[MOST_CATEGORIES:]))


def _explain(feature: str, columns: LogColumns, kind: str, present: Sequence[str]) -> str:
    name = column_of(feature, columns)
    if not kind:
        return f'is not among the columns of the reference ("{name}"): it has {name_some(present)}'
    if kind in {"number", "text"}:
        return "has no values in the reference"
    return f"is {kind} in the reference: expected numbers or text"


def name_some(names: Sequence[str], *, most: int = 12) -> str:
    """Return some names, and that there are more."""
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def _count(engine: Engine, columns: LogColumns, bins: Mapping[str, Bins]) -> dict[str, dict[int, tuple[int, float]]]:
    expression = count_bins(columns, bins)
    counts: dict[str, dict[int, tuple[int, float]]] = {feature: {} for feature in bins}
    names = {bin_name(feature): feature for feature in bins}
    for row in engine.run(expression).to_pylist() if expression is not None else ():
        if row["measure"] in names:
            counts[names[row["measure"]]][row["bucket"]] = (int(row["rows"]), row["total"] or 0.0)
    return counts
