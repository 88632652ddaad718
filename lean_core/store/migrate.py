"""Bring a file's schema up to date: numbered SQL files, each applied with its record in one transaction."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import duckdb

from lean_core import clock
from lean_core.errors import StoreDamaged, StoreNewer, StoreNotDuckDB

_LEDGER = """
create table if not exists schema_migration (
    number integer primary key,
    name varchar not null,
    sha256 varchar not null,
    applied_at timestamp not null
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step of the schema."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The checksum that tells whether this is the text that was applied."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


@functools.cache
def shipped() -> tuple[Migration, ...]:
    """Return this version's migrations, in order."""
    folder = resources.files("lean_core.store") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(
        Migration(number=int(name[:4]), name=name[5:-4], sql=(folder / name).read_text(encoding="utf-8"))
        for name in names
    )


def migrate(cursor: duckdb.DuckDBPyConnection, path: Path, migrations: tuple[Migration, ...]) -> int:
    """Apply what is missing and return the schema's number.

    Raises:
        StoreNewer: the file knows a migration that this version does not.
        StoreDamaged: an applied migration's text was another one.
        StoreNotDuckDB: the file belongs to another program.
    """
    applied = _applied(cursor, path)
    known = {migration.number: migration for migration in migrations}
    for number, (name, sha256) in applied.items():
        if number not in known:
            message = f"{path} was written by a newer version of the workbench (schema {number}, {name}); upgrade it."
            raise StoreNewer(message)
        if known[number].sha256 != sha256:
            message = f"{path}: its schema step {number} ({name}) is not the one of this version; restore a copy."
            raise StoreDamaged(message)
    for migration in migrations:
        if migration.number not in applied:
            _apply(cursor, migration)
    return max(known, default=0)


def _applied(cursor: duckdb.DuckDBPyConnection, path: Path) -> dict[int, tuple[str, str]]:
    try:
        rows = cursor.execute("select number, name, sha256 from schema_migration order by number").fetchall()
    except duckdb.CatalogException:
        if cursor.execute("select 1 from duckdb_tables() limit 1").fetchall():
            message = f"{path} is a DuckDB file of another program; move it away, or use another workspace."
            raise StoreNotDuckDB(message) from None
        return {}
    return {number: (name, sha256) for number, name, sha256 in rows}


def _apply(cursor: duckdb.DuckDBPyConnection, migration: Migration) -> None:
    cursor.begin()
    try:
        cursor.execute(_LEDGER)
        cursor.execute(migration.sql)
        cursor.execute(
            "insert into schema_migration values (?, ?, ?, ?)",
            [migration.number, migration.name, migration.sha256, clock.now()],
        )
    except BaseException:
        cursor.rollback()
        raise
    cursor.commit()
