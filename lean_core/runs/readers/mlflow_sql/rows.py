"""Turn what a SQL store answers into the columns of `rows`, a batch at a time and never a row at a time."""

from __future__ import annotations

from sys import float_info

import pyarrow as pa
import pyarrow.compute as pc

from lean_core.runs import rows
from lean_core.runs.artifact_location import ArtifactFolders
from lean_core.runs.reader import Warnings

EARLIEST_MS = -62_135_596_800_000
LATEST_MS = 253_402_300_799_999
"""The years 1 to 9999: what Python and DuckDB can both show."""
ODD = "odd"
"""A column that some answers have: not null where a value had a type that its column should not hold."""


class RowMaker:
    """Makes rows of one source; what it must leave out or doubt becomes a warning."""

    def __init__(self, warnings: Warnings, folders: ArtifactFolders) -> None:
        """Begin; ``folders`` finds the artifacts of runs and logged models."""
        self._warnings = warnings
        self._folders = folders

    def make(self, table: str, raw: pa.RecordBatch) -> pa.RecordBatch:
        """Return the rows of one table of `rows.OF_RUNS` or `rows.OF_SOURCE`.

        ``raw`` has the columns of the table's query, times as integers (milliseconds).
        """
        schema = rows.OF_RUNS.get(table) or rows.OF_SOURCE[table]
        owner = raw.schema.names[0]
        columns = {name: self._as_text(raw[name], raw[owner]) for name in raw.schema.names if name != ODD}
        for field in schema:
            if field.type == rows.MILLISECONDS:
                columns[field.name] = self._as_time(columns[field.name], columns[owner])
        if table == "run":
            columns["run_id"] = columns["run_key"]
        if table == "point":
            columns["value"] = _restore_specials(columns["value"], columns.pop("is_nan"))
        if "artifact_path" in schema.names:
            columns["artifact_path"] = self._folders.resolve(columns["artifact_uri"], columns[owner])
        made = pa.RecordBatch.from_arrays([columns[field.name].cast(field.type) for field in schema], schema=schema)
        if ODD in raw.schema.names:
            self._warn("value of an unexpected type", raw[owner], raw[ODD].is_valid(), skipped=table == "point")
        return self._only_whole(table, made)

    def _as_text(self, column: pa.Array, owner: pa.Array) -> pa.Array:
        """Make sure that text is UTF-8: a database may hold any bytes, and DuckDB takes no others."""
        if not (pa.types.is_string(column.type) or pa.types.is_binary(column.type)):
            return column
        try:
            if pa.types.is_string(column.type):
                column.validate(full=True)
                return column
            return column.cast(pa.string())
        except pa.ArrowInvalid:
            pass
        found = [(value, _decode(value)) for value in column.cast(pa.binary()).to_pylist()]
        broken = pa.array([value is not None and text.encode() != value for value, text in found])
        self._warn("text that is not UTF-8", owner, broken, skipped=False)
        return pa.array([None if value is None else text for value, text in found], pa.string())

    def _as_time(self, column: pa.Array, owner: pa.Array) -> pa.Array:
        bounds = pc.min_max(column)
        least, greatest = bounds["min"].as_py(), bounds["max"].as_py()
        if least is not None and not EARLIEST_MS <= least <= greatest <= LATEST_MS:
            wrong = pc.or_(pc.less(column, EARLIEST_MS), pc.greater(column, LATEST_MS))
            self._warn("time out of range", owner, wrong, skipped=False)
            column = pc.if_else(wrong, None, column)
        return column.cast(pa.int64()).cast(rows.MILLISECONDS)

    def _only_whole(self, table: str, made: pa.RecordBatch) -> pa.RecordBatch:
        """Leave out rows without what makes them one: a run's key, a param's name, a metric's value."""
        needed = {"point": ("run_key", "key", "value"), "param": ("run_key", "key"), "tag": ("run_key", "key")}
        for name in needed.get(table, made.schema.names[:1]):
            if made[name].null_count:
                lacking = made[name].is_null()
                self._warn(f"{table} without {name.removeprefix('run_')}", made[0], lacking, skipped=True)
                made = made.filter(pc.invert(lacking))
        return made

    def _warn(self, kind: str, owner: pa.Array, which: pa.Array, *, skipped: bool) -> None:
        """Note one warning for each run (or model) concerned."""
        concerned = pc.value_counts(owner.filter(which)).to_pylist()
        for found in concerned:
            place = found["values"] if found["values"] is not None else "a row of no run"
            self._warnings.add(kind, str(place), f"{found['counts']} values", skipped=skipped)


def _restore_specials(value: pa.Array, is_nan: pa.Array) -> pa.Array:
    """Give NaN and infinity back: MLflow keeps the one as a flag, the other as the greatest number there is."""
    greatest = pc.max(pc.abs(value)).as_py()
    if greatest is not None and greatest >= float_info.max:
        infinite = pc.multiply(value, 2.0)
        value = pc.if_else(pc.greater_equal(pc.abs(value), float_info.max), infinite, value)
    flagged = is_nan.cast(pa.bool_())
    return pc.if_else(pc.fill_null(flagged, fill_value=False), float("nan"), value) if flagged.true_count else value


def _decode(value: bytes | None) -> str:
    return "" if value is None else value.decode("utf-8", "replace")
