r"""The shape of lean.toml: a section is a class, a key is a field.

The description in a field's type says what is allowed there; `parse` checks by it and words its errors with it.
Patterns end in ``\Z``, because ``$`` lets a line break through.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

if TYPE_CHECKING:
    from lean_core.settings.gates import GateSettings
    from lean_core.settings.heartbeats import HeartbeatSettings
    from lean_core.settings.signals import SignalSettings, TelemetrySettings

NAME_PATTERN = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,100}\Z"
LINE_PATTERN = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+\Z"
_WEEKS = Meta(description='a duration from "1s" to "520w" (units s m h d w)', extra={"most": dt.timedelta(weeks=520)})
# Sockets overflow on waits of weeks, and nobody waits an hour for an answer.
_AN_HOUR = Meta(description='a duration from "1s" to "1h" (units s m h)', extra={"most": dt.timedelta(hours=1)})

Name = Annotated[str, Meta(pattern=NAME_PATTERN, description="a name of 1 to 100 characters, in one line")]
Folder = Annotated[str, Meta(pattern=LINE_PATTERN, description="the path of a folder, from where lean.toml lies")]
Uri = Annotated[
    str,
    Meta(
        pattern=LINE_PATTERN,
        description="a path, or a URI that begins with sqlite:///, postgresql://, mysql://, http:// or https://",
    ),
]
Kind = Annotated[
    Literal["auto", "mlflow", "folder"],
    Meta(description='"auto", "mlflow" (an MLflow store or server) or "folder" (one folder a run)'),
]
RegistryUri = Annotated[
    str,
    Meta(pattern=r"^(?!s3://$)[^\x00-\x1f\x7f-\x9f\u2028\u2029]+\Z", description="a folder, or s3://bucket/prefix"),
]
Endpoint = Annotated[
    str, Meta(pattern=r"^https?://[^\s@]+\Z", description="an http:// or https:// address without a user")
]
Person = Annotated[str, Meta(pattern=NAME_PATTERN, description="a person's name, in one line")]
EnvironmentNames = Annotated[
    tuple[Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}\Z")], ...],
    Meta(min_length=1, description='a list of names in promotion order, such as ["dev", "test", "prod"]'),
]
OptionalEnvironment = Annotated[
    str, Meta(pattern=r"^[a-z0-9_-]{0,40}\Z", description="the name of an environment, or nothing for the last one")
]
YesOrNo = Annotated[bool, Meta(description="true or false")]
Days = Annotated[dt.timedelta, _WEEKS]
Wait = Annotated[dt.timedelta, _AN_HOUR]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSettings:
    """``[workspace]``."""

    name: Name
    repository: Folder = "."
    """The git repository in which the commits of the runs are looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """``[sources.NAME]``: where runs come from."""

    uri: Uri
    """As it is written: a path counts from where lean.toml lies. It may hold a password: show `redact(uri)`."""
    kind: Kind = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsSettings:
    """``[runs]``."""

    abandoned_after: Days = dt.timedelta(days=1)
    """A run that is RUNNING without a sign of life for so long is shown as ABANDONED."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """``[server]``: tracking servers and databases."""

    timeout: Wait = dt.timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """``[store]``: lean.duckdb."""

    busy_timeout: Wait = dt.timedelta(seconds=8)
    """How long to wait for another process that has the file open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrySettings:
    """``[registry]``: where model versions lie. Credentials come from the usual AWS chain, never from here."""

    uri: RegistryUri
    """As it is written: a path counts from where lean.toml lies."""
    endpoint: Endpoint = ""
    """Of an S3 server that is not Amazon's."""
    region: Name = ""
    single_writer: YesOrNo = False
    """Promises that nobody else writes, for a server that can't create an object only where there is none."""
    owner: Person = ""
    """Of versions that name none when they are registered; else git's user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentsSettings:
    """``[environments]``."""

    order: EnvironmentNames = ("dev", "test", "prod")
    """In promotion order; the last one is where customers are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointSettings:
    """``[checkpoint]``: how long the answers to the five checks stay fresh."""

    environment: OptionalEnvironment = ""
    """Whose answers they are; empty: the last one of the promotion order."""
    live: Days = dt.timedelta(days=1)
    """Since the running system said what it runs."""
    declared: Days = dt.timedelta(days=30)
    """Since a deployment that nothing but its own record speaks for."""
    provenance: Days = dt.timedelta(days=7)
    """Since code, data and metrics were held against the record."""
    deployment: Days = dt.timedelta(days=180)
    """Since the last deployment, rollback or drill."""
    signal: Days = dt.timedelta(days=1)
    """Since the last reading of a signal that names no limit of its own."""
    debt: Days = dt.timedelta(days=30)
    """Since somebody reviewed the debt log."""
    claims: Days = dt.timedelta(days=90)
    """How long a claim is good for, unless it says so itself."""
    ml_test_score: YesOrNo = False
    """Whether the ML Test Score is asked for as well."""


# Probes

ProbeUrl = Annotated[
    str, Meta(pattern=r"^https?://[^\s@]+\Z", description="an http:// or https:// address without a user")
]
JsonPath = Annotated[
    str,
    Meta(
        pattern=r"^(\$\.)?([^\s.\[\]$]+|\[[0-9]{1,6}\])(\.[^\s.\[\]]+|\[[0-9]{1,6}\])*\Z",
        description='names of keys and numbers of elements, such as "model.version" or "models[0].version"',
    ),
]
VariableName = Annotated[
    str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}\Z", description="the name of an environment variable")
]
FilePath = Annotated[str, Meta(pattern=LINE_PATTERN, description="the path of a file, from where lean.toml lies")]
ObjectUri = Annotated[
    str, Meta(pattern=r"^s3://[^\s/]+/[^\x00-\x1f\x7f]*[^/\x00-\x1f\x7f]\Z", description="s3://bucket/key")
]
CommandWords = Annotated[
    tuple[Annotated[str, Meta(pattern=r"^[^\x00]*\Z")], ...],
    Meta(min_length=1, description='a list of a program and its arguments, such as ["ssh", "web1", "cat", "VERSION"]'),
]
OptionalName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{0,64}\Z", description="the name of telemetry of kind log")]
Compared = Annotated[
    Literal["version", "digest"],
    Meta(description='"version" (the answer is the name of a version) or "digest" (the SHA-256 of its artifact)'),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSettings:
    """``[probes.MODEL.ENVIRONMENT]``: how to ask the running system what it runs; one of five ways."""

    url: ProbeUrl = ""
    file: FilePath = ""
    object: ObjectUri = ""
    log: OptionalName = ""
    """The telemetry, of kind ``log``, whose newest row names the version."""
    command: CommandWords = ()
    """Run without a shell, in the workspace's folder."""
    json_path: JsonPath = ""
    """Where in a JSON answer it is; without one the whole answer is meant."""
    token_env: VariableName = ""
    """Which environment variable holds the token that ``url`` wants."""
    compare: Compared = "version"
    timeout: Wait = dt.timedelta(seconds=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole of lean.toml."""

    workspace: WorkspaceSettings
    sources: Mapping[str, SourceSettings]
    """By name, in the order of the file."""
    registry: RegistrySettings | None
    environments: EnvironmentsSettings
    runs: RunsSettings
    server: ServerSettings
    store: StoreSettings
    checkpoint: CheckpointSettings = field(default_factory=CheckpointSettings)
    probes: Mapping[str, Mapping[str, ProbeSettings]] = field(default_factory=dict)
    """By model and environment."""
    gates: Mapping[str, Mapping[str, GateSettings]] = field(default_factory=dict)
    """By model (or "*") and environment."""
    heartbeats: Mapping[str, HeartbeatSettings] = field(default_factory=dict)
    """By job."""
    telemetry: Mapping[str, TelemetrySettings] = field(default_factory=dict)
    """By name."""
    signals: Mapping[str, SignalSettings] = field(default_factory=dict)
    """By name, in the order of the file."""
