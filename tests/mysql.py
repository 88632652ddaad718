"""A real MariaDB server of its own on this machine, for tests that need MySQL."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
import pytest

PASSWORD = "s3cret/word@"  # with signs that must be escaped in a URI
QUOTED = "s3cret%2Fword%40"
START_SECONDS = 60
_PROGRAMS = ("mariadb-install-db", "mariadbd")
_ACCOUNT = "mysql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mysql:
    """A server that answers."""

    port: int

    def uri(self, database: str, *, scheme: str = "mysql") -> str:
        """Return the address of a database, as a person writes it."""
        return f"{scheme}://owner:{QUOTED}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements, each for itself, and return the rows of the last."""
        rows: list[tuple[Any, ...]] = []
        with closing(_connect(self.port, password=PASSWORD)) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                rows = list(cursor.fetchall())
        return rows


def missing_programs() -> list[str]:
    """Return what must be installed first."""
    return [name for name in _PROGRAMS if _find(name) is None]


@pytest.fixture(scope="session")
def mysql_server() -> Iterator[Mysql]:
    """Start one server for all tests that ask for one."""
    missing = missing_programs()
    if missing:
        pytest.skip(f"MariaDB is not installed: there is no {', '.join(missing)}")
    with _cluster() as running:
        yield running


@contextmanager
def _cluster() -> Iterator[Mysql]:
    """Make a server in a folder of its own, with the account ``owner``, and remove it in the end."""
    # Not pytest's folder: the server's account may not look in there.
    with tempfile.TemporaryDirectory(prefix="lean-mysql-") as name:
        folder, port = Path(name), _free_port()
        account = _ACCOUNT if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            owner = pwd.getpwnam(_ACCOUNT)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        first = folder / "first.sql"
        first.write_text(
            f"create user owner@'127.0.0.1' identified by '{PASSWORD}';\ngrant all on *.* to owner@'127.0.0.1';\n",
            encoding="utf-8",
        )
        common = ["--no-defaults", f"--datadir={folder / 'data'}", f"--user={account}"]
        done = subprocess.run(
            [str(_find("mariadb-install-db")), *common, "--skip-test-db"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        options = [
            *(f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder / 'socket'}"),
            *(f"--pid-file={folder / 'pid'}", f"--init-file={first}", "--skip-name-resolve"),
            # As MySQL 8 is by default: all of Unicode, and a space at the end of a key counts.
            *("--character-set-server=utf8mb4", "--collation-server=utf8mb4_nopad_bin"),
            *("--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M"),
        ]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen([str(_find("mariadbd")), *common, *options], stdout=log, stderr=log)
        try:
            _await_answer(port, server, folder / "log")
            yield Mysql(port=port)
        finally:
            server.terminate()
            server.wait(timeout=START_SECONDS)


def _await_answer(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            _connect(port, password=PASSWORD).close()
        except pymysql.err.OperationalError:
            said = log.read_text(encoding="utf-8", errors="replace")
            assert server.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.05)
        else:
            return


def _connect(port: int, *, password: str) -> pymysql.Connection[Any]:
    return pymysql.connect(
        host="127.0.0.1", port=port, user="owner", password=password, connect_timeout=5, autocommit=True
    )


def _find(program: str) -> str | None:
    """Return where a program is; servers lie where a person's PATH may not lead."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/libexec")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
