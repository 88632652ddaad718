"""A real PostgreSQL server of its own on this machine, for tests that need one."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

PASSWORD = "s3cret/word@"  # with signs that must be escaped in a URI
QUOTED = "s3cret%2Fword%40"


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A server that answers."""

    port: int

    def uri(self, database: str, *, user: str = "owner", scheme: str = "postgresql") -> str:
        """Return the address of a database, as a person writes it."""
        return f"{scheme}://{user}:{QUOTED}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str, database: str = "postgres", user: str = "owner") -> list[tuple[object, ...]]:
        """Run statements, each for itself, and return the rows of the last."""
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.port,
            dbname=database,
            user=user,
            password=PASSWORD,
            connect_timeout=5,
            options="-c lock_timeout=10000 -c statement_timeout=60000",
        )
        connection.autocommit = True
        rows: list[tuple[object, ...]] = []
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                    rows = cursor.fetchall() if cursor.description else []
        finally:
            connection.close()
        return rows


def binaries() -> Path | None:
    """Return the folder with PostgreSQL's programs, the newest if there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """Start one server for all tests that ask for one."""
    if binaries() is None:
        pytest.skip("PostgreSQL is not installed")
    with _cluster() as running:
        yield running


@contextmanager
def _cluster() -> Iterator[Postgres]:
    """Make a cluster in a folder of its own, with the superuser ``owner``, and remove it in the end."""
    programs = binaries()
    assert programs is not None
    # Not pytest's folder: PostgreSQL refuses to run as root, and nobody else may look in there.
    with tempfile.TemporaryDirectory(prefix="lean-postgres-") as name:
        folder, port = Path(name), _free_port()
        secret = folder / "secret"
        secret.write_text(PASSWORD, encoding="utf-8")
        _hand_over(folder)
        data, log = folder / "data", folder / "log"
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c max_connections=30"
        settings += " -c autovacuum=off"  # it takes a number for a transaction whenever it likes
        _run(
            programs / "initdb",
            "-D",
            data,
            "-U",
            "owner",
            "-A",
            "scram-sha-256",
            "--pwfile",
            secret,
            "-E",
            "UTF8",
            "-N",
        )
        _run(programs / "pg_ctl", "-D", data, "-l", log, "-o", settings, "-w", "start")
        try:
            yield Postgres(port=port)
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _run(program: Path, *arguments: object) -> None:
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_postgres, str(program), *map(str, arguments)], cwd="/", stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode(errors="replace")


def _hand_over(folder: Path) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
