"""What a running system says that it runs, held against what the trail declares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["agree", "disagree", "undeclared", "unobservable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A system's answer."""

    text: str
    kind: Literal["version", "digest"]
    """Whether it names a version, or the SHA-256 of a version's artifact."""
    at: dt.datetime | None = None
    """When it was so, naive UTC; None: now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Why there is no answer that can be used: the rest of a sentence that names where it was asked."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was seen, and how it stands to what is declared."""

    model: str
    environment: str
    state: State
    declared: str | None
    """The version that the trail names."""
    observed: str | None
    """The version that runs; None where that can't be told."""
    sentence: str
    observed_at: dt.datetime
    """Naive UTC."""
    asked: str | None
    """Where, without secrets; None where no probe is set."""


def judge(
    reading: Said | Silent | None,
    *,
    about: tuple[str, str],
    declared: str | None,
    artifacts: Mapping[str, str | None],
    asked: tuple[str | None, dt.datetime],
) -> Observation:
    """Hold an answer against what is declared.

    Args:
        reading: the answer; None where no probe is set.
        about: the model and the environment.
        declared: the version that the trail names as live.
        artifacts: the SHA-256 of each version's artifact, as its record says.
        asked: where, without secrets, and when.
    """
    state, observed, sentence = _compare(reading, about, declared, artifacts)
    return Observation(
        model=about[0],
        environment=about[1],
        state=state,
        declared=declared,
        observed=observed,
        sentence=sentence,
        observed_at=asked[1],
        asked=asked[0],
    )


def _compare(
    reading: Said | Silent | None, about: tuple[str, str], declared: str | None, artifacts: Mapping[str, str | None]
) -> tuple[State, str | None, str]:
    model, environment = about
    where = f"{model} in {environment}"
    if reading is None:
        missing = f"no probe is set; add [probes.{_toml_key(model)}.{environment}] to lean.toml"
        return "unobservable", None, f"What {where} runs is not observed: {missing}."
    if isinstance(reading, Silent):
        return "unobservable", None, f"What {where} runs can't be seen: {reading.reason}."
    observed, runs = _identify(reading, declared, artifacts)
    if declared is None:
        return "undeclared", observed, f"{where} runs {runs}, and no deployment there is recorded."
    if observed is None and artifacts.get(declared) is None:
        unknown = f"it runs {runs}, and the record of {declared} has no sha256"
        return "unobservable", None, f"Whether {where} runs {declared} can't be told: {unknown}."
    if observed == declared:
        return "agree", observed, f"{where} runs {observed}, as declared."
    return "disagree", observed, f"{where} runs {runs}, but {declared} is declared live."


def _identify(said: Said, declared: str | None, artifacts: Mapping[str, str | None]) -> tuple[str | None, str]:
    """Return which version an answer means, and the words for it."""
    if said.kind == "version":
        known = said.text in artifacts
        return said.text, said.text if known else f"{said.text}, which is no version in the registry"
    found = sorted(version for version, sha256 in artifacts.items() if sha256 == said.text)
    if found:
        version = declared if declared in found else found[-1]
        return version, str(version)
    return None, f"an artifact that no version in the registry has ({said.text[:12]}…)"


def _toml_key(name: str) -> str:
    return f'"{name}"' if "." in name else name
