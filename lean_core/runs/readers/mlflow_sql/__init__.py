"""What the readers of all SQL stores share: MLflow's tables, asked for by the columns that are there."""

from lean_core.runs.readers.mlflow_sql.catalog import read_catalog
from lean_core.runs.readers.mlflow_sql.rows import ODD, RowMaker
from lean_core.runs.readers.mlflow_sql.tables import Column, Kind, Query, Schema, check_is_mlflow, run_queries

__all__ = [
    "ODD",
    "Column",
    "Kind",
    "Query",
    "RowMaker",
    "Schema",
    "check_is_mlflow",
    "read_catalog",
    "run_queries",
]
