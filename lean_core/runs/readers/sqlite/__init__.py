"""Runs of an MLflow store in an SQLite file."""

from lean_core.runs.readers.sqlite.reader import SqliteReader

__all__ = ["SqliteReader"]
