"""Let MLflow's client open a database without changing it: it migrates what is older than itself, unasked."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from lean_core.errors import SourceUnreachable, SourceUnreadable
from lean_core.runs.tracking import Failure, Limits, Trouble, explain
from lean_core.settings import redact


def protect(uri: str, limits: Limits, leaving: ExitStack) -> str:
    """Return an address of the same store through which nothing can be written; ``leaving`` cleans up at the end.

    A sqlite file is copied; PostgreSQL and MySQL are asked for a read-only session.

    Raises:
        SourceError: the database is missing, unreachable, or of a kind that can't be protected.
    """
    scheme = urlsplit(uri).scheme.lower()
    engine = scheme.partition("+")[0]
    if engine == "sqlite":
        return _copy_sqlite(uri, leaving)
    if engine in {"postgresql", "postgres", "mysql"}:
        return _as_read_only_session(uri, limits)
    if engine in {"", "file", "mssql"}:
        raise SourceUnreadable(
            f"{redact(uri)} can't be opened by MLflow's client without the risk of changing it; "
            "start `mlflow server` on it and name the server's address as the source."
        )
    return uri


def _copy_sqlite(uri: str, leaving: ExitStack) -> str:
    from lean_core.runs.readers.sqlite.file import copy_anyway

    original = Path(uri.partition("://")[2].removeprefix("/").partition("?")[0])
    folder = Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="lean-mlops-")))
    return f"sqlite:///{copy_anyway(original, folder)}"


def _as_read_only_session(uri: str, limits: Limits) -> str:
    parts = urlsplit(uri)
    engine, _, driver = parts.scheme.partition("+")
    query = {"connect_timeout": str(limits.timeout)} | dict(parse_qsl(parts.query))
    if engine == "mysql":
        query["init_command"] = "SET SESSION TRANSACTION READ ONLY"
        scheme = f"mysql+{driver or 'pymysql'}"
    else:
        query["options"] = f"{query.get('options', '')} -c default_transaction_read_only=on".strip()
        # SQLAlchemy 2.1 takes the plain scheme for psycopg 3, which is not what MLflow's users have installed.
        scheme = f"postgresql+{driver or 'psycopg2'}"
    protected = urlunsplit(parts._replace(scheme=scheme, query=urlencode(query, quote_via=quote)))
    _knock(protected, uri)
    return protected


def _knock(protected: str, uri: str) -> None:
    """Connect once: MLflow itself would try ten times, for minutes."""
    import sqlalchemy
    from sqlalchemy.exc import SQLAlchemyError

    try:
        engine = sqlalchemy.create_engine(protected, poolclass=sqlalchemy.NullPool)
        with engine.connect():
            pass
    except ImportError as error:
        missing = Failure(trouble=Trouble.DRIVER, detail=str(error.name))
        raise explain(missing, uri, Limits()) from None
    except SQLAlchemyError:
        raise SourceUnreachable(
            f"{redact(uri)} did not let MLflow's client in; check that the database runs, its name and the credentials."
        ) from None
