"""Reading lean.toml: every mistake is one line that names the file, the key, the value and what is allowed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

from lean_core.errors import SettingsError
from lean_core.settings.duration import read_duration
from lean_core.settings.parse_gates import parse_gates
from lean_core.settings.parse_heartbeats import parse_heartbeats
from lean_core.settings.parse_signals import check_business_signals, check_probed_logs, parse_signals, parse_telemetry
from lean_core.settings.shape import (
    NAME_PATTERN,
    CheckpointSettings,
    EnvironmentsSettings,
    ProbeSettings,
    RegistrySettings,
    RunsSettings,
    ServerSettings,
    Settings,
    SourceSettings,
    StoreSettings,
    WorkspaceSettings,
)
from lean_core.settings.uri import SCHEMES, redact, scheme_of
from lean_core.settings.workspace import FILE_NAME

_SHORTEST = dt.timedelta(seconds=1)
_LONGEST_SHOWN = 80
_MODEL = r"(?!trail\Z)[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}"
"""What the registry's convention calls a model."""

_Section = TypeVar("_Section", bound="DataclassInstance")


def load_settings(folder: Path) -> Settings:
    """Read the lean.toml of a workspace.

    Raises:
        SettingsError: it can't be read, is not TOML, or says something that is not allowed.
    """
    path = folder.absolute() / FILE_NAME
    try:
        # Notepad and PowerShell put a byte order mark first, which TOML does not know.
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: byte {error.start + 1} is not UTF-8: save the file as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{path}: can't be read ({error.strerror}): check the path and its permissions") from None
    return parse_settings(text, path=path)


def parse_settings(text: str, *, path: Path) -> Settings:
    """Return what the text of the lean.toml at ``path`` says.

    Raises:
        SettingsError: it is not TOML, or says something that is not allowed.
    """
    import tomllib

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML: {_one_line(str(error))}") from None
    except (ValueError, RecursionError):  # what tomllib lets out for 4,301 digits and for 1,000 brackets
        raise SettingsError(f"{path}: not valid TOML: a number is too long, or values are nested too deep") from None
    file = SettingsFile(path)
    file.refuse_unknown(document, known=[field.name for field in dataclasses.fields(Settings)], within="")
    environments = file.environments(document)
    own_name = path.parent.name
    telemetry = parse_telemetry(file, file.table(document, "telemetry"))
    probes = file.probes(document)
    check_probed_logs(file, probes, telemetry)
    signals = parse_signals(file, file.table(document, "signals"), telemetry=telemetry, environments=environments.order)
    gates = parse_gates(file, file.table(document, "gates"), environments=environments.order)
    check_business_signals(file, gates, signals)
    name = own_name if re.search(NAME_PATTERN, own_name) and own_name.isprintable() else "workspace"
    return Settings(
        workspace=file.section(WorkspaceSettings, {"name": name} | file.table(document, "workspace"), "workspace"),
        sources=MappingProxyType(file.sources(document)),
        registry=file.registry(document),
        environments=environments,
        gates=MappingProxyType(gates),
        runs=file.section(RunsSettings, file.table(document, "runs"), "runs"),
        server=file.section(ServerSettings, file.table(document, "server"), "server"),
        store=file.section(StoreSettings, file.table(document, "store"), "store"),
        checkpoint=file.checkpoint(document, environments.order),
        probes=MappingProxyType(probes),
        heartbeats=MappingProxyType(
            parse_heartbeats(file, file.table(document, "heartbeats"), environments=environments.order)
        ),
        telemetry=MappingProxyType(telemetry),
        signals=MappingProxyType(signals),
    )


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """Reads the parts of one lean.toml, and words what is wrong with them."""

    path: Path

    def table(self, parent: Mapping[str, Any], key: str, within: str = "") -> dict[str, Any]:
        """Return the table under a key, empty where there is none."""
        value = parent.get(key, {})
        if isinstance(value, dict):
            return value
        expected = f"a table, under a line [{within}{_plain(key)}]"
        if within == "sources." or key == "sources":
            expected = "a table for each source, under a line such as [sources.local]"
        raise self.mistake(f"{within}{_plain(key)}", value, expected)

    def sources(self, document: Mapping[str, Any]) -> dict[str, SourceSettings]:
        """Read every ``[sources.NAME]``."""
        tables, sources = self.table(document, "sources"), {}
        for name in tables:
            place = f"sources.{_plain(name)}"
            table = self.table(tables, name, "sources.")
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
                raise SettingsError(f"{self.path}: {place}: expected a source name of 1 to 64 of A-Z a-z 0-9 _ -")
            source = self.section(SourceSettings, table, place)
            scheme = scheme_of(source.uri)
            if scheme is not None and scheme not in SCHEMES:
                raise self.mistake(f"{place}.uri", source.uri, _allowed(SourceSettings, "uri"))
            if source.kind == "folder" and scheme not in {None, "file"}:
                raise self.mistake(f"{place}.kind", source.kind, f'"auto" or "mlflow" with a uri of {scheme}:')
            sources[name] = source
        return sources

    def registry(self, document: Mapping[str, Any]) -> RegistrySettings | None:
        """Read ``[registry]``."""
        if "registry" not in document:
            return None
        registry = self.section(RegistrySettings, self.table(document, "registry"), "registry")
        if scheme_of(registry.uri) not in {None, "s3"}:
            raise self.mistake("registry.uri", registry.uri, _allowed(RegistrySettings, "uri"))
        return registry

    def environments(self, document: Mapping[str, Any]) -> EnvironmentsSettings:
        """Read ``[environments]``."""
        table = self.table(document, "environments")
        environments = self.section(EnvironmentsSettings, table, "environments")
        if len(set(environments.order)) < len(environments.order):
            raise self.mistake("environments.order", table["order"], "each environment once")
        return environments

    def checkpoint(self, document: Mapping[str, Any], order: tuple[str, ...]) -> CheckpointSettings:
        """Read ``[checkpoint]``."""
        found = self.section(CheckpointSettings, self.table(document, "checkpoint"), "checkpoint")
        if found.environment not in {"", *order}:
            raise self.mistake("checkpoint.environment", found.environment, f"one of {', '.join(order)}")
        return found

    # Probes

    def probes(self, document: Mapping[str, Any]) -> dict[str, Mapping[str, ProbeSettings]]:
        """Read every ``[probes.MODEL.ENVIRONMENT]``."""
        models, order = self.table(document, "probes"), self.environments(document).order
        probes: dict[str, Mapping[str, ProbeSettings]] = {}
        for model in models:
            if not re.fullmatch(_MODEL, model):
                raise SettingsError(
                    f"{self.path}: probes.{_plain(model)}: expected the name of a model, 1 to 100 of A-Z a-z 0-9 . _ -"
                )
            environments = self.table(models, model, "probes.")
            self.refuse_unknown(environments, known=list(order), within=f"probes.{_plain(model)}.")
            probes[model] = MappingProxyType({name: self.probe(environments, model, name) for name in environments})
        return probes

    def probe(self, environments: Mapping[str, Any], model: str, name: str) -> ProbeSettings:
        """Read a probe."""
        within = f"probes.{_plain(model)}."
        place = f"{within}{_plain(name)}"
        probe = self.section(ProbeSettings, self.table(environments, name, within), place)
        ways = [way for way in ("url", "file", "object", "log", "command") if getattr(probe, way)]
        if len(ways) != 1:
            raise SettingsError(
                f"{self.path}: {place} has {' and '.join(ways) or 'no way to ask'}:"
                " expected exactly one of url, file, object, log, command"
            )
        if probe.token_env and not probe.url:
            raise SettingsError(f"{self.path}: {place}.token_env goes with url only: take it out")
        return probe

    def section(
        self,
        shape: type[_Section],
        table: Mapping[str, Any],
        place: str,
        nested: Mapping[str, Callable[[Any, str], object]] = MappingProxyType({}),
    ) -> _Section:
        """Read a table; ``nested`` are the keys that hold tables of their own, each with what reads it."""
        fields = {_key(field.name): field for field in dataclasses.fields(shape)}
        self.refuse_unknown(table, known=list(fields), within=f"{place}.")
        for key, field in fields.items():
            required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            if required and key not in table:
                raise SettingsError(f"{self.path}: {place}.{key} is missing: expected {_allowed(shape, field.name)}")
        values: dict[str, Any] = {
            fields[key].name: nested[key](value, f"{place}.{key}")
            if key in nested
            else self.value(shape, fields[key].name, value, place)
            for key, value in table.items()
        }
        return shape(**values)

    def value(self, shape: type[_Section], name: str, value: object, place: str) -> object:
        """Return a value as the type of the field of that name has it."""
        hint = _hint(shape, name)
        kind, *_, meta = get_args(hint)
        if kind is dt.timedelta:
            duration = read_duration(value)
            if duration is not None and _SHORTEST <= duration <= meta.extra["most"]:
                return duration
            raise self.mistake(f"{place}.{_key(name)}", value, meta.description)
        try:
            return msgspec.convert(value, hint)
        except msgspec.ValidationError:
            raise self.mistake(f"{place}.{_key(name)}", value, meta.description) from None

    def place(self, within: str, key: str) -> str:
        """Return how a key is named in a message."""
        return f"{within}.{_plain(key)}"

    def refuse_unknown(self, table: Iterable[str], *, known: list[str], within: str) -> None:
        """Name the nearest known key of one that nobody knows."""
        for key in table:
            if key not in known:
                nearest = difflib.get_close_matches(key[:_LONGEST_SHOWN], known, n=1, cutoff=0)[0]
                raise SettingsError(
                    f"{self.path}: unknown key {within}{_plain(key)}: did you mean {within}{nearest}?"
                    f" (known here: {', '.join(known)})"
                )

    def mistake(self, key: str, value: object, allowed: str) -> SettingsError:
        """Return the error that names a key, its value and what is allowed."""
        return SettingsError(f"{self.path}: {key} = {_shown(value)}: expected {allowed}")


def _allowed(shape: type[_Section], name: str) -> str:
    description: str = get_args(_hint(shape, name))[-1].description
    return description


def _key(name: str) -> str:
    """Return the key of a field: an underscore at its end keeps it apart from a word that Python reserves."""
    return name.removesuffix("_")


def _hint(shape: type[_Section], name: str) -> Any:  # noqa: ANN401 - a type
    """Return the type of a field with its description, of an optional one without the None that lean.toml can't say."""
    hint = get_type_hints(shape, include_extras=True)[name]
    return next((each for each in get_args(hint) if get_origin(each) is Annotated), hint)


def _plain(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", key) else _shown(key)


def _shown(value: object) -> str:
    """Return a value in one short line, without the secrets in it."""
    match value:
        case dict():
            return "(a table)"
        case list():
            return "(an array)"
        case bool():
            return str(value).lower()
        case int() if abs(value) >= 10**_LONGEST_SHOWN:  # str() itself refuses 4,301 digits
            return "(a very long number)"
        case str():
            text = _one_line(json.dumps(redact(value), ensure_ascii=False))
            return text if len(text) <= _LONGEST_SHOWN else f'{text[:_LONGEST_SHOWN]}…"'
        case _:
            return str(value)


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
