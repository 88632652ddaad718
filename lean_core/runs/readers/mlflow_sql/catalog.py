"""Experiments, registered models and logged models of a SQL store."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from lean_core.runs import rows
from lean_core.runs.readers.mlflow_sql.rows import RowMaker
from lean_core.runs.readers.mlflow_sql.tables import Column, Query, Schema, as_text, non_empty


def read_catalog(
    schema: Schema, fetch: Callable[[Query], list[pa.RecordBatch]], maker: RowMaker
) -> dict[str, pa.Table]:
    """Return the tables of `rows.OF_SOURCE` that the store has.

    Raises:
        SourceError: it can't be read.
    """
    found = {}
    for query in _queries(schema):
        batches = fetch(query)
        if query.table == "model_version":
            aliases = _read_aliases(schema, fetch)
            batches = [_add_aliases(batch, aliases) for batch in batches]
        made = [maker.make(query.table, batch) for batch in batches]
        found[query.table] = pa.Table.from_batches(made, rows.OF_SOURCE[query.table])
    return found


def _queries(schema: Schema) -> list[Query]:
    """Return what to ask for; a table that the store has not, or not with what names its rows, is left out."""
    asked = [
        ("experiment", "experiments", ("experiment_id",), _experiment(schema), "true"),
        ("registered_model", "registered_models", ("name",), _registered_model(schema), _no_prompt(schema)),
        ("model_version", "model_versions", ("name", "version"), _model_version(schema), _is_version(schema)),
        ("logged_model", "logged_models", ("model_id",), _logged_model(schema), _is_model(schema)),
    ]
    return [
        Query(table=table, source=f"{base} a", columns=columns, where=where)
        for table, base, needed, columns, where in asked
        if schema.has(base, *needed)
    ]


def _experiment(schema: Schema) -> tuple[Column, ...]:
    table = "experiments"
    return (
        Column(name="experiment_key", kind="text", sql=as_text("a.experiment_id")),
        Column(name="experiment_id", kind="text", sql=as_text("a.experiment_id")),
        Column(name="name", kind="text", sql=schema.either(table, "name")),
        Column(name="lifecycle", kind="text", sql=f"coalesce({schema.either(table, 'lifecycle_stage')}, 'active')"),
        Column(name="artifact_uri", kind="text", sql=non_empty(schema.either(table, "artifact_location"))),
    )


def _registered_model(schema: Schema) -> tuple[Column, ...]:
    table = "registered_models"
    return (
        Column(name="name", kind="text", sql="a.name"),
        Column(name="description", kind="text", sql=non_empty(schema.either(table, "description"))),
        Column(name="created_at", kind="integer", sql=schema.either(table, "creation_time")),
        Column(name="updated_at", kind="integer", sql=schema.either(table, "last_updated_time")),
    )


def _model_version(schema: Schema) -> tuple[Column, ...]:
    table = "model_versions"
    return (
        Column(name="model", kind="text", sql="a.name"),
        Column(name="version", kind="text", sql=as_text("a.version")),
        Column(name="stage", kind="text", sql=f"nullif({schema.either(table, 'current_stage')}, 'None')"),
        Column(name="run_id", kind="text", sql=non_empty(schema.either(table, "run_id"))),
        Column(name="source_uri", kind="text", sql=non_empty(schema.either(table, "source"))),
        Column(name="status", kind="text", sql=schema.either(table, "status")),
        Column(name="description", kind="text", sql=non_empty(schema.either(table, "description"))),
        Column(name="created_at", kind="integer", sql=schema.either(table, "creation_time")),
    )


def _logged_model(schema: Schema) -> tuple[Column, ...]:
    table = "logged_models"
    status = schema.either(table, "status")
    return (
        Column(name="model_id", kind="text", sql="a.model_id"),
        Column(name="name", kind="text", sql=schema.either(table, "name")),
        Column(name="run_id", kind="text", sql=non_empty(schema.either(table, "source_run_id"))),
        Column(name="model_type", kind="text", sql=non_empty(schema.either(table, "model_type"))),
        Column(
            name="status",
            kind="text",
            sql=f"case {status} when 1 then 'PENDING' when 2 then 'READY' when 3 then 'FAILED' end",
        ),
        Column(name="artifact_uri", kind="text", sql=non_empty(schema.either(table, "artifact_location"))),
        Column(name="created_at", kind="integer", sql=schema.either(table, "creation_timestamp_ms")),
    )


def _no_prompt(schema: Schema) -> str:
    """Leave out prompts, which MLflow keeps among the registered models."""
    if not schema.has("registered_model_tags", "name", "key", "value"):
        return "true"
    prompts = "select name from registered_model_tags where key = 'mlflow.prompt.is_prompt' and lower(value) = 'true'"
    return f"a.name not in ({prompts})"


def _is_version(schema: Schema) -> str:
    """Leave out deleted versions, whose rows stay."""
    stage = schema.either("model_versions", "current_stage")
    return f"{_no_prompt(schema)} and coalesce({stage}, '') <> 'Deleted_Internal'"


def _is_model(schema: Schema) -> str:
    return f"coalesce({schema.either('logged_models', 'lifecycle_stage')}, 'active') <> 'deleted'"


Aliases = dict[tuple[str, str], list[str]]


def _read_aliases(schema: Schema, fetch: Callable[[Query], list[pa.RecordBatch]]) -> Aliases:
    """Return the aliases of each model and version."""
    aliases: Aliases = {}
    if schema.has("registered_model_aliases", "name", "version", "alias"):
        query = Query(
            table="model_version",
            source="registered_model_aliases a",
            columns=(
                Column(name="model", kind="text", sql="a.name"),
                Column(name="version", kind="text", sql=as_text("a.version")),
                Column(name="alias", kind="text", sql="a.alias"),
            ),
        )
        for batch in fetch(query):
            for row in batch.to_pylist():
                aliases.setdefault((row["model"], row["version"]), []).append(row["alias"])
    return aliases


def _add_aliases(batch: pa.RecordBatch, aliases: Aliases) -> pa.RecordBatch:
    versions = zip(batch["model"].to_pylist(), batch["version"].to_pylist(), strict=True)
    column = pa.array([sorted(aliases.get(version, [])) for version in versions], pa.list_(pa.string()))
    return batch.append_column("aliases", column)
