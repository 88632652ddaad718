"""What the readers of SQL stores ask of MLflow's tables: only for the columns that are there.

MLflow's schema grew for years, and a database may have died half way through a migration. So a column that came later
is replaced by what it would say of an older run, and only what was always there is insisted on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lean_core.errors import SchemaUnknown, SourceUnreadable

Kind = Literal["text", "integer", "number", "flag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of an answer."""

    name: str
    kind: Kind
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """How the rows of one table are asked for."""

    table: str
    """A key of `rows.OF_RUNS` or `rows.OF_SOURCE`."""
    columns: tuple[Column, ...]
    source: str
    """What follows ``from``; its first table has the alias ``a``."""
    where: str = "true"
    key: str = "a.run_uuid"
    """The run that a row belongs to."""
    identity: tuple[str, ...] = ()
    """What tells one row from all others, for tables whose rows are only ever added (until a run is purged)."""

    @property
    def base(self) -> str:
        """The table of MLflow's whose rows these are."""
        return self.source.split(maxsplit=1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The tables and columns that a database has."""

    place: str
    """Where the database is, as a message may say it."""
    version: str
    """MLflow's own name of the schema, or a sentence that there is none."""
    columns: Mapping[str, frozenset[str]]
    """The names of each table's columns."""

    def has(self, table: str, *columns: str) -> bool:
        """Say whether a table is there with all of these columns."""
        return table in self.columns and self.columns[table].issuperset(columns)

    def need(self, table: str, *columns: str) -> None:
        """Insist on a table with these columns.

        Raises:
            SchemaUnknown: something is not there.
        """
        if table not in self.columns:
            raise SchemaUnknown(f"{self.place}: there is no table {table} (schema version {self.version}); {_ADVICE}")
        missing = sorted(set(columns) - self.columns[table])
        if missing:
            raise SchemaUnknown(
                f"{self.place}: MLflow's table {table} has no column {missing[0]} (schema version {self.version}); "
                f"{_ADVICE}"
            )

    def either(self, table: str, column: str, *, otherwise: str = "null") -> str:
        """Return a column of the first table of a query, or what stands for it."""
        return f"a.{column}" if self.has(table, column) else otherwise


_ADVICE = "update the workbench, or start `mlflow server` on a copy of this store and use its address as the source"


def check_is_mlflow(schema: Schema) -> None:
    """Refuse a database that holds something else.

    Raises:
        SourceUnreadable: it does.
    """
    if not schema.has("runs") and not schema.has("experiments"):
        names = sorted(schema.columns)
        held = f"only {', '.join(names[:3])}{' and others' if names[3:] else ''}" if names else "no tables at all"
        raise SourceUnreadable(
            f"{schema.place} is not an MLflow store: it has neither runs nor experiments, {held}; "
            "correct the source's uri in lean.toml."
        )


def run_queries(schema: Schema) -> tuple[Query, ...]:
    """Return what to ask for the tables of `rows.OF_RUNS`, in the order in which they are loaded.

    Raises:
        SchemaUnknown: MLflow's tables lack something without which there is nothing to read.
    """
    return (
        _runs(schema),
        _pairs(schema, "tag", "tags"),
        _pairs(schema, "param", "params"),
        *_inputs(schema),
        _points(schema),
    )


def _runs(schema: Schema) -> Query:
    schema.need("runs", "run_uuid")
    lifecycle = f"coalesce({schema.either('runs', 'lifecycle_stage')}, 'active')"
    if schema.has("experiments", "experiment_id", "lifecycle_stage") and schema.has("runs", "experiment_id"):
        deleted = "select experiment_id from experiments where lifecycle_stage = 'deleted'"
        lifecycle = f"case when a.experiment_id in ({deleted}) then 'deleted' else {lifecycle} end"
    return Query(
        table="run",
        source="runs a",
        columns=(
            Column(name="run_key", kind="text", sql="a.run_uuid"),
            Column(name="experiment_key", kind="text", sql=as_text(schema.either("runs", "experiment_id"))),
            Column(name="name", kind="text", sql=non_empty(schema.either("runs", "name"))),
            Column(name="status", kind="text", sql=schema.either("runs", "status")),
            Column(name="start_time", kind="integer", sql=schema.either("runs", "start_time")),
            Column(name="end_time", kind="integer", sql=schema.either("runs", "end_time")),
            Column(name="user", kind="text", sql=non_empty(schema.either("runs", "user_id"))),
            Column(name="lifecycle", kind="text", sql=lifecycle),
            Column(name="artifact_uri", kind="text", sql=non_empty(schema.either("runs", "artifact_uri"))),
        ),
    )


def _pairs(schema: Schema, table: str, base: str) -> Query:
    schema.need(base, "run_uuid", "key", "value")
    return Query(
        table=table,
        source=f"{base} a",
        identity=("a.run_uuid", "a.key") if table == "param" else (),
        columns=(
            Column(name="run_key", kind="text", sql="a.run_uuid"),
            Column(name="key", kind="text", sql="a.key"),
            Column(name="value", kind="text", sql="a.value"),
        ),
    )


def _points(schema: Schema) -> Query:
    schema.need("metrics", "run_uuid", "key", "value")
    step, time = schema.either("metrics", "step", otherwise="0"), schema.either("metrics", "timestamp")
    return Query(
        table="point",
        source="metrics a",
        identity=("a.run_uuid", "a.key", step, time, "a.value"),
        columns=(
            Column(name="run_key", kind="text", sql="a.run_uuid"),
            Column(name="key", kind="text", sql="a.key"),
            Column(name="step", kind="integer", sql=step),
            Column(name="time", kind="integer", sql=time),
            Column(name="value", kind="number", sql="a.value"),
            Column(name="is_nan", kind="flag", sql=schema.either("metrics", "is_nan")),
        ),
    )


def _inputs(schema: Schema) -> tuple[Query, ...]:
    needed = schema.has("inputs", "source_type", "source_id", "destination_type", "destination_id")
    if not needed or not schema.has("datasets", "dataset_uuid", "name", "digest"):
        return ()
    source, context = "inputs a join datasets d on d.dataset_uuid = a.source_id", "null"
    if schema.has("input_tags", "input_uuid", "name", "value") and schema.has("inputs", "input_uuid"):
        source += " left join input_tags c on c.input_uuid = a.input_uuid and c.name = 'mlflow.data.context'"
        context = "c.value"
    told = schema.columns["datasets"]
    return (
        Query(
            table="input",
            source=source,
            # MLflow leaves the inputs of purged runs behind.
            where="a.source_type = 'DATASET' and a.destination_type = 'RUN'"
            " and a.destination_id in (select run_uuid from runs)",
            key="a.destination_id",
            identity=("a.source_id", "a.destination_id"),
            columns=(
                Column(name="run_key", kind="text", sql="a.destination_id"),
                Column(name="name", kind="text", sql="d.name"),
                Column(name="digest", kind="text", sql="d.digest"),
                Column(name="context", kind="text", sql=context),
                Column(name="source_type", kind="text", sql=_known("d", "dataset_source_type", told)),
                Column(name="source", kind="text", sql=_known("d", "dataset_source", told)),
            ),
        ),
    )


def _known(alias: str, column: str, columns: frozenset[str]) -> str:
    return f"{alias}.{column}" if column in columns else "null"


def as_text(sql: str) -> str:
    """Make text of a number."""
    return f"cast({sql} as varchar)"


def non_empty(sql: str) -> str:
    """Make null of an empty text, which says no more."""
    return f"nullif({sql}, '')"
