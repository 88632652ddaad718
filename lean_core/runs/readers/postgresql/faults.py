"""Tell a person what an error of PostgreSQL, or on the way to it, means for their source."""

from __future__ import annotations

import re

from lean_core.errors import SourceError, SourceForbidden, SourceMissing, SourceUnreachable, SourceUnreadable

_BY_WORDS: tuple[tuple[str, type[SourceError], str], ...] = (
    (
        r"authentication failed|no password supplied",
        SourceForbidden,
        "the user or the password is wrong; correct the source's uri",
    ),
    (
        r"no pg_hba\.conf entry|not permitted to log in",
        SourceForbidden,
        "it does not let this user in from here; ask who runs it",
    ),
    (r'role ".*" does not exist', SourceForbidden, "there is no such user; correct the source's uri"),
    (r'database ".*" does not exist', SourceMissing, "there is no such database; correct the source's uri"),
    (r"permission denied", SourceForbidden, "this user may not read MLflow's tables; grant it select on them"),
    (r"could not translate host name", SourceUnreachable, "its host has no address; check the name and the network"),
    (r"timeout expired|timed out", SourceUnreachable, "it does not answer; check that it runs, and the network"),
    (
        r"Connection refused|No such file|No route|unreachable",
        SourceUnreachable,
        "nothing answers there; check that it runs, and the host and port",
    ),
    (r"lock timeout", SourceUnreachable, "its tables are locked, perhaps by a migration; sync again when it is done"),
    (r"statement timeout", SourceUnreachable, "it took too long to answer; sync again when it is less busy"),
    (
        r"connection info string|invalid URI|URI query parameter|connection option|invalid port|invalid integer",
        SourceUnreadable,
        "its address is not understood; write postgresql://user:password@host:port/database",
    ),
    (
        r"server closed the connection|connection to (the )?server( was lost)?$|terminating connection|was lost",
        SourceUnreachable,
        "it broke the connection off; sync again",
    ),
)


def explain(error: Exception, place: str) -> SourceError:
    """Return our error for PostgreSQL's, without its words: they may repeat the address with the password."""
    text = str(error)
    for words, kind, sentence in _BY_WORDS:
        if re.search(words, text):
            return kind(f"{place}: {sentence}.")
    state = getattr(error, "sqlstate", None)
    said = f"SQLSTATE {state}" if state else "without saying why"
    return SourceUnreadable(f"{place}: PostgreSQL refused ({said}); look into its log, then sync again.")
