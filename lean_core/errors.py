"""Every error that a person may see.

LeanError
├── UsageError                  the command, an expression or the settings are wrong: exit code 2
│   ├── NoWorkspace             there is no lean.toml where one was looked for
│   ├── SettingsError           lean.toml
│   ├── ExpressionError         what somebody typed in a language of ours; knows where in the text it went wrong
│   │   ├── FilterError         a filter of runs
│   │   └── TriggerError        a repayment trigger
│   ├── DebtRefused             an item of the debt log that can't be so; its text names the field
│   ├── NameRefused             a name or a path that the registry's convention does not allow
│   ├── AlreadyThere            what is created once is there already; nothing was changed
│   └── NotInRegistry           the registry can be read, and has no model or version of that name
└── UnavailableError            it could not be done now: exit code 3
    ├── StoreError              lean.duckdb
    │   ├── StoreBusy
    │   ├── StoreNewer
    │   ├── StoreNotDuckDB
    │   ├── StoreDamaged
    │   ├── DiskFull
    │   └── StoreReadOnly
    ├── SyncBusy                somebody else is importing the same source
    ├── ObjectsError            the folder or bucket of the registry
    │   ├── ObjectsMissing      there is no such folder, bucket or object
    │   │   └── RootMissing     the registry's own folder or bucket
    │   ├── NotAFolder          a file is where a folder must be
    │   ├── ObjectsForbidden    we may not
    │   │   ├── CredentialsMissing
    │   │   └── CredentialsRefused
    │   ├── ObjectsUnreachable  the endpoint does not answer in time
    │   │   └── CertificateRefused
    │   └── CreateUnsafe        the server can't promise that of two writers only one wins
    └── SourceError             where runs come from
        ├── SourceMissing
        ├── SourceUnreachable
        ├── SourceForbidden
        └── SourceUnreadable
            └── SchemaUnknown   a database of MLflow's whose tables we don't know

A message says what happened, where, and what to do next, in one line and without a secret.
"""

from __future__ import annotations

from typing import ClassVar


class LeanError(Exception):
    """The root: its text is shown to a person as it is."""


class UsageError(LeanError):
    """What was asked for is not possible as it was asked."""


class NoWorkspace(UsageError):
    """There is no lean.toml where one was looked for."""


class SettingsError(UsageError):
    """A mistake in lean.toml, named by its key, its value and what is allowed."""


class ExpressionError(UsageError):
    """A mistake in an expression."""

    language: ClassVar[str] = "expression"

    def __init__(self, problem: str, *, text: str, start: int, end: int, expected: str = "") -> None:
        """Say what is wrong between ``start`` and ``end`` (character offsets into ``text``, end exclusive)."""
        self.problem = problem
        self.text = text
        self.start = start
        self.end = end
        self.expected = expected
        hint = f"; expected {expected}" if expected else ""
        super().__init__(f"{self.language}, column {start + 1}: {problem}{hint}")

    def marked(self) -> str:
        """Return the expression with carets under the place, for a terminal or a code block."""
        line = self.text.replace("\n", " ")
        return f"{line}\n{' ' * self.start}{'^' * max(1, self.end - self.start)}"


class FilterError(ExpressionError):
    """A mistake in a filter of runs."""

    language = "filter"


class TriggerError(ExpressionError):
    """A mistake in a repayment trigger."""

    language = "trigger"


class DebtRefused(UsageError):
    """An item of the debt log, or what was to become one, can't be so; the text names the field."""


class NameRefused(UsageError):
    """A name or a path that the registry's convention does not allow."""


class AlreadyThere(UsageError):
    """What is created once is there already, and was not changed."""


class NotInRegistry(UsageError):
    """The registry can be read, and has no model or version of that name."""


class UnavailableError(LeanError):
    """Something that is needed can't be had right now."""


class StoreError(UnavailableError):
    """The workspace's DuckDB file can't be used."""


class StoreBusy(StoreError):
    """Another process holds the file."""


class StoreNewer(StoreError):
    """The file was written by a newer version of the workbench."""


class StoreNotDuckDB(StoreError):
    """The file is something else."""


class StoreDamaged(StoreError):
    """The file is a DuckDB file that can't be read whole."""


class DiskFull(StoreError):
    """There is no room for the write; nothing of it was kept."""


class StoreReadOnly(StoreError):
    """The file or its folder can't be written to."""


class SyncBusy(UnavailableError):
    """Another process is importing the same source."""


class ObjectsError(UnavailableError):
    """The folder or bucket of the registry can't be used."""


class ObjectsMissing(ObjectsError):
    """There is no such folder, bucket or object."""


class RootMissing(ObjectsMissing):
    """There is no such folder or bucket: nothing can be said of what lies in it."""


class NotAFolder(ObjectsError):
    """A file is where a folder must be."""


class ObjectsForbidden(ObjectsError):
    """We may not."""


class CredentialsMissing(ObjectsForbidden):
    """No credentials were found, or they can't be read."""


class CredentialsRefused(ObjectsForbidden):
    """The server does not know the credentials, or they have expired."""


class ObjectsUnreachable(ObjectsError):
    """The endpoint does not answer in time."""


class CertificateRefused(ObjectsUnreachable):
    """The endpoint's TLS certificate can't be trusted."""


class CreateUnsafe(ObjectsError):
    """The server can't promise that of two writers only one wins."""


class SourceError(UnavailableError):
    """A source can't be imported; its last import stays."""


class SourceMissing(SourceError):
    """There is nothing at the source's place."""


class SourceUnreachable(SourceError):
    """The source's server does not answer in time."""


class SourceForbidden(SourceError):
    """The source refuses us: no permission, or wrong credentials."""


class SourceUnreadable(SourceError):
    """Something is there, but it is not what the source is said to be."""


class SchemaUnknown(SourceUnreadable):
    """MLflow's tables lack something without which runs can't be read: another version of MLflow may read them."""
