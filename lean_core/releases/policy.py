"""Which policy applies to a version, and the digest by which a later reader tells whether it changed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass

from lean_core.registry.hashing import hash_bytes
from lean_core.releases.checks import approvals
from lean_core.releases.checks.checklist import name_item
from lean_core.releases.checks.data import name_expectations
from lean_core.settings import ANY_MODEL, LIVE, BusinessSettings, GateSettings

_EVIDENCE = frozenset({"value", "as_of"})
"""Of a business signal: they stand in lean.toml, and are what is judged, not what it is judged by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a version of a model must pass before an environment."""

    place: str
    """Where in lean.toml it stands."""
    settings: GateSettings

    @property
    def sha256(self) -> str:
        """The digest of the rules; of how they are written and of comments it does not depend."""
        return hash_bytes(canonical(self.settings))

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that it asks for: those with a threshold first, then those that are held against a baseline."""
        return tuple(dict.fromkeys([*self.settings.metrics, *self.settings.baseline]))

    def baselines(self, live: str | None) -> tuple[str, ...]:
        """Return the versions that others are compared with."""
        named = (each.against for each in self.settings.baseline.values() if isinstance(each.against, str))
        versions = (live if name == LIVE else name for name in named)
        return tuple(dict.fromkeys(version for version in versions if version is not None))


NO_POLICY = hash_bytes(b"null")
"""The digest where there is no policy."""


def choose_policy(gates: Mapping[str, Mapping[str, GateSettings]], model: str, environment: str) -> Policy | None:
    """Return the policy of a model's own section, else that of ``*``; the two are not mixed."""
    for name in (model, ANY_MODEL):
        settings = gates.get(name, {}).get(environment)
        if settings is not None:
            shown = f'"{name}"' if name == ANY_MODEL or "." in name else name
            return Policy(place=f"[gates.{shown}.{environment}]", settings=settings)
    return None


def explain_no_policy(model: str, environment: str) -> str:
    """Say that there is none, and how to add one."""
    shown = f'"{model}"' if "." in model else model
    return (
        f"lean.toml has no gate for {model} in {environment}: add [gates.{shown}.{environment}] with at least one"
        f' check, such as metrics.auc = {{ min = 0.8 }}, or [gates."*".{environment}] for every model'
    )


def canonical(settings: GateSettings) -> bytes:
    """Return the rules as JSON with sorted keys and without spaces; what is not said is left out, defaults stand."""
    return json.dumps(_plain(settings), sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def name_checks(settings: GateSettings) -> tuple[str, ...]:
    """Return what the checks of a policy are called, in the order in which they are made."""
    names = [f"metrics.{metric}" for metric in settings.metrics]
    names += [f"baseline.{metric}" for metric in settings.baseline]
    for table, data in settings.data.items():
        names += [f"data.{table}.{each}" for each in name_expectations(data)]
    names += [f"transformation.{name}" for name in settings.transformation]
    names += [f"business.{name}" for name in settings.business]
    names += [name_item(item) for item in settings.checklist]
    return (*names, *([approvals.NAME] if settings.approvals else []))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        hidden = _EVIDENCE if isinstance(value, BusinessSettings) else frozenset()
        value = {field.name: getattr(value, field.name) for field in fields(value) if field.name not in hidden}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items() if each is not None}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dt.timedelta):
        value = value.total_seconds()
    return value.isoformat() if isinstance(value, dt.date) else value
