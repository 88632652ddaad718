"""Runs of an MLflow store in a PostgreSQL database."""

from lean_core.runs.readers.postgresql.reader import PostgresReader

__all__ = ["PostgresReader"]
