"""The experiments and models of a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lean_core.runs import rows

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def replace_catalog(cursor: duckdb.DuckDBPyConnection, source: str, catalog: dict[str, pa.Table]) -> None:
    """Replace the source's experiments and models; an experiment that is gone stays while runs point to it."""
    questions = (
        f"(select '{name}' from {name} where source = $source limit 1)"  # noqa: S608 - a name from OF_SOURCE
        for name in rows.OF_SOURCE
    )
    held = {name for (name,) in cursor.execute(" union all ".join(questions), {"source": source}).fetchall()}
    for name, schema in rows.OF_SOURCE.items():
        if name not in held and (name not in catalog or not catalog[name].num_rows):
            continue
        incoming = catalog.get(name, schema.empty_table())
        cursor.register("incoming", incoming)
        if name == "experiment":
            cursor.execute(
                "delete from experiment where source = ? and experiment_key in (select experiment_key from incoming)",
                [source],
            )
        else:
            cursor.execute(f"delete from {name} where source = ?", [source])  # noqa: S608 - a name from OF_SOURCE
        cursor.execute(f"insert into {name} by name select ? as source, * from incoming", [source])  # noqa: S608
        cursor.unregister("incoming")
