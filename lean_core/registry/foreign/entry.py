"""What an object of somebody's own JSON tells of a version, whatever they called its fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lean_core.registry.foreign import words
from lean_core.registry.foreign.clues import Clues, Found
from lean_core.registry.metrics import as_number
from lean_core.registry.metrics_file import flatten
from lean_core.registry.record import Data
from lean_core.settings import redact

_LONGEST = 2_000
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
_PYTHON = re.compile(r"\d+\.\d+(\.\d+)?")
_MOST_PARAMS = 500


def read_entry(entry: Mapping[str, Any], where: str, files: Iterable[str] = ()) -> Clues:
    """Return the clues in an object.

    Args:
        entry: the object.
        where: what to call its place.
        files: in the version's folder, one of which may be the artifact.
    """
    said = {str(key).casefold(): value for key, value in entry.items()}

    def text(keys: Iterable[str], pattern: re.Pattern[str] | None = None) -> Found[str] | None:
        for key in keys:
            value = said.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool):
                value = str(value)
            if not isinstance(value, str) or not value.strip():
                continue
            match = pattern.match(value.strip()) if pattern else None
            if pattern is None or match:
                return Found(redact((match[0] if match else value.strip())[:_LONGEST]), f"{where}, {key}")
        return None

    sha256, commit = text(words.SHA256, _SHA256), text(words.COMMIT, _COMMIT)
    return Clues(
        artifact=_find_artifact(said, where, files),
        sha256=Found(sha256.value.lower(), sha256.where) if sha256 else None,
        commit=Found(commit.value.lower(), commit.where) if commit else None,
        repo=text(words.REPO),
        data=_find_data(said, where),
        metric_values=_find_metrics(said, where),
        params=_find_params(said, where),
        python=text(words.PYTHON, _PYTHON),
        run_id=text(words.RUN),
        owner=text(words.OWNER),
        note=text(words.NOTE),
        made_at=text(words.MADE),
        status=text(words.STATUS) or _find_flag(said, where),
    )


def plain_path(path: str) -> str:
    """Return a path with slashes, whatever system it was written on."""
    return path.strip().replace("\\", "/").removeprefix("./")


def _find_artifact(said: Mapping[str, Any], where: str, files: Iterable[str]) -> Found[str] | None:
    """Return the file or folder in the version's folder that a path ends in: it was written on another machine."""
    there = set(files)
    folders = {file.rsplit("/", depth)[0] for file in there for depth in range(1, file.count("/") + 1)}
    for key in words.PATH:
        value = said.get(key)
        if not isinstance(value, str):
            continue
        parts = [part for part in plain_path(value).split("/") if part not in {"", "."}]
        for start in range(len(parts)):
            ending = "/".join(parts[start:])
            if ending in there or ending in folders:
                return Found(ending, f"{where}, {key}")
    return None


def _find_metrics(said: Mapping[str, Any], where: str) -> Found[Mapping[str, float]] | None:
    for key in words.METRICS:
        if isinstance(said.get(key), Mapping) and (values := _numbers(said[key])):
            return Found(values, f"{where}, {key}")
    split = {key: match[1] for key in said if (match := words.SPLIT_METRICS.fullmatch(key))}
    values = {
        f"{part}.{name}": number
        for key, part in split.items()
        if isinstance(said[key], Mapping)
        for name, number in _numbers(said[key]).items()
    }
    if values:
        return Found(values, f"{where}, {', '.join(split)}")
    flat = {
        key: number
        for key, value in said.items()
        if words.is_metric_name(key) and (number := as_number(value)) is not None
    }
    return Found(flat, where) if flat else None


def _numbers(metrics: Mapping[str, Any]) -> dict[str, float]:
    try:
        return {name: number for name, value in flatten(metrics) if (number := as_number(value)) is not None}
    except ValueError:
        return {}


def _find_params(said: Mapping[str, Any], where: str) -> Found[Mapping[str, Any]] | None:
    for key in words.PARAMS:
        params = said.get(key)
        if isinstance(params, Mapping) and 0 < len(params) <= _MOST_PARAMS:
            plain = {str(name): redact(value) if isinstance(value, str) else value for name, value in params.items()}
            return Found(plain, f"{where}, {key}")
    return None


def _find_data(said: Mapping[str, Any], where: str) -> tuple[Found[Data], ...]:
    digest = None
    for key in words.DATA_DIGEST:
        if isinstance(said.get(key), str) and said[key]:
            digest = f"{key}:{said[key][:_LONGEST]}"
            break
    for key in words.DATA:
        value = said.get(key)
        if isinstance(value, str) and value.strip():
            ref = plain_path(value) if "://" not in value else value.strip()
            return (Found(Data(name="training", ref=redact(ref[:_LONGEST]), digest=digest), f"{where}, {key}"),)
    if digest:
        return (Found(Data(name="training", ref="", digest=digest), f"{where}, {digest.partition(':')[0]}"),)
    return ()


def _find_flag(said: Mapping[str, Any], where: str) -> Found[str] | None:
    for key in words.FLAGS:
        if said.get(key) is True:
            return Found(key.removeprefix("is_"), f"{where}, {key}")
    return None
