"""Tell why PostgreSQL gave no number: in our words on the way to it, in its own where it refused a statement."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lean_core.settings import redact

if TYPE_CHECKING:
    from lean_core.signals.answer import Trouble
    from lean_core.signals.sources.sql_address import Address

LONGEST = 300
"""Characters of the database's message that are shown."""

_ON_THE_WAY: tuple[tuple[str, Trouble, str], ...] = (
    (
        r"authentication failed|no password supplied|role .* does not exist|not permitted to log in",
        "unauthorised",
        "the user or the password is wrong; correct {written}",
    ),
    (r"pg_hba\.conf", "unauthorised", "it does not let this user in from here; ask who runs it"),
    (r"database .* does not exist", "missing", "there is no such database; correct {written}"),
    (r"could not translate host name", "unreachable", "its host has no address; check the name and the network"),
    (r"timeout expired|timed out", "timed out", "no answer within the timeout; check that it runs, and the network"),
    (
        r"Connection refused|No such file|No route|unreachable",
        "unreachable",
        "nothing answers there; check that it runs, and the host and port",
    ),
    (r"too many|remaining connection slots", "unreachable", "it has no connection left; ask who runs it"),
    (r"SSL|certificate", "unreachable", "the encrypted connection failed; check its certificate and sslmode"),
    (
        r"connection info string|URI|connection option|invalid port|invalid integer|percent-encoded|invalid value",
        "malformed",
        "its address is not understood; write postgresql://user:password@host:port/database",
    ),
)
"""By words of libpq and of the server, which may not be shown: some repeat the address with its password."""
_BY_STATE: tuple[tuple[str, Trouble, str], ...] = (
    ("57014", "timed out", "the query took longer than the timeout; make it cheaper, or raise the timeout"),
    ("42501", "unauthorised", "{message}; grant this user what the query needs"),
    ("42601", "refused", "PostgreSQL refused the query: {message} (an expression is one SELECT)"),
    ("57", "unreachable", "it broke the connection off; check that it runs"),
    ("08006", "unreachable", "it broke the connection off; check that it runs"),
    ("53300", "unreachable", "it has no connection left; ask who runs it"),
    ("", "refused", "PostgreSQL refused the query: {message}"),
)
"""By what a SQLSTATE begins with; the first that fits."""


class NoConnection(Exception):
    """The database can't be asked anything."""

    def __init__(self, trouble: Trouble, sentence: str) -> None:
        """Say why."""
        super().__init__(sentence)
        self.trouble: Trouble = trouble
        self.sentence = sentence


def explain_connection(error: Exception, address: Address) -> NoConnection:
    """Return why there is no connection, without a word of the error: it may repeat the address."""
    for words, trouble, sentence in _ON_THE_WAY:
        if re.search(words, str(error)):
            return NoConnection(trouble, f"{address.place}: {sentence.format(written=address.written)}.")
    return NoConnection("unreachable", f"{address.place}: PostgreSQL let nobody in; look into its log.")


def explain_statement(error: Exception, address: Address) -> tuple[Trouble, str]:
    """Return why a statement gave nothing, with the database's own message in one line."""
    state = getattr(error, "sqlstate", None)
    if not state:
        return "unreachable", f"{address.place}: it broke the connection off; check that it runs."
    trouble, sentence = next((trouble, said) for begin, trouble, said in _BY_STATE if state.startswith(begin))
    message = _find_message(str(error)) or f"SQLSTATE {state}"
    return trouble, f"{address.place}: {sentence.format(message=message)}."


def _find_message(text: str) -> str:
    """Return the first line of what the server said: the driver puts the statement before it, its place behind."""
    said = re.search(r".*': [A-Z]+:  (?P<message>[^\n]*)", text, re.DOTALL)
    if said is None:
        return ""
    message = re.sub(r"[^\x20-\x7e\xa0-\U0010ffff]+", " ", said["message"]).strip().rstrip(".")
    message = re.sub(r"\. SQLSTATE: \w+$", "", message)
    return redact(message if len(message) <= LONGEST else f"{message[:LONGEST]} …")
