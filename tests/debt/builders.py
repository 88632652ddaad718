"""Items of the debt log that are valid by default, and a log to put them in."""

from __future__ import annotations

import contextlib
import datetime as dt

import duckdb

from lean_core.debt import Item
from lean_core.workbench.debt import DebtBench

NOW = dt.datetime(2026, 11, 23, 12, 0, 0)


def an_item(**fields):
    """An item that lacks nothing and breaks no rule."""
    return Item(
        **{
            "id": "D-1",
            "title": "The API has no TLS",
            "instead": "Plain HTTP behind the office network",
            "area": "serving",
            "owner": "ana",
            "risk": "correctness",
            "severity": "medium",
            "consequence": "Somebody on the network reads what customers send",
            "trigger": "live_models >= 2",
            "location": "src/serve.py:12",
            "effort_days": 2.0,
            "created": dt.date(2026, 11, 1),
            "updated_at": NOW,
            "updated_by": "ana",
            **fields,
        }
    )


def some_fields(**fields):
    """What a person types into the form; valid."""
    return {"title": "The API has no TLS", "severity": "medium", "owner": "ana", **fields}


def a_log(folder):
    """A workspace's debt log, empty."""
    folder.mkdir(exist_ok=True)
    (folder / "lean.toml").touch()
    return DebtBench.open(folder)


@contextlib.contextmanager
def a_cursor():
    """A cursor on an empty log in memory."""
    from pathlib import Path

    from lean_core.store.migrate import migrate, shipped

    with duckdb.connect() as connection:
        migrate(connection, Path(":memory:"), shipped())
        yield connection
