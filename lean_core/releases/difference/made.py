"""What two versions were made of: data, params, metrics, packages, artifact."""

from __future__ import annotations

import json
import re

from lean_core.registry import Data
from lean_core.releases.difference.item import (
    ChangedValue,
    Item,
    Status,
    changed_first,
    compare_maps,
    compare_value,
    show,
    summarise,
    unknown,
)
from lean_core.releases.difference.side import Records

_EXACT = 2**53
"""Up to here, every whole number is a float too."""


def compare_data(records: Records) -> Item:
    """Hold the references to training data against each other, and their digests."""
    before, after = ({each.name: each for each in record.data} for record in (records.before, records.after))
    if not before or not after:
        return unknown("data", _silent(records, "training data", bool(before), bool(after)))
    names = dict.fromkeys([*before, *after])
    values = [_compare_reference(name, before.get(name), after.get(name)) for name in names]
    return summarise("data", values, noun="data reference")


def compare_params(records: Records) -> Item:
    """Hold the params against each other."""
    before, after = (
        {key: _plain(value) for key, value in record.params.items()} for record in (records.before, records.after)
    )
    if not before or not after:
        return unknown("params", _silent(records, "params", bool(before), bool(after)))
    return summarise("params", compare_maps(before, after), noun="param")


def compare_metrics(records: Records) -> Item:
    """Hold the metrics against each other."""
    for side in (records.one, records.other):
        if not side.version.metrics:
            reason = side.version.metrics_problem or "its record names no metrics file with numbers in it"
            return unknown("metrics", f"The metrics of {side.name} are not known: {reason}.")
    values = compare_maps(records.one.version.metrics, records.other.version.metrics)
    return summarise("metrics", values, noun="metric")


def compare_packages(records: Records) -> Item:
    """Hold Python and the packages of the lock files against each other."""
    before, after = records.before.environment, records.after.environment
    pythons = [each.python if each else None for each in (before, after)]
    python = _compare_known("python", *pythons, missing="not recorded")
    if before and after and before.sha256 and before.sha256 == after.sha256:
        lock = ChangedValue(key="lock file", status="same", before=before.lockfile, after=after.lockfile)
        sentence = "The lock file is the same."
        if python.status != "same":
            sentence = f"The lock file is the same, and {show(python)}."
        return Item(name="packages", status=python.status, sentence=sentence, values=changed_first([python, lock]))
    problems = [
        f"{side.name}: {side.packages.problem}" for side in (records.one, records.other) if side.packages.problem
    ]
    if not problems:
        values = [python, *compare_maps(records.one.packages.versions, records.other.packages.versions)]
        return summarise("packages", values, noun="package")
    sentence = f"The packages can't be compared ({'; '.join(problems)})."
    if python.status == "changed":
        sentence = f"{show(python)}; what else changed is not known ({'; '.join(problems)})."
    status: Status = "changed" if python.status == "changed" else "unknown"
    return Item(name="packages", status=status, sentence=sentence, values=(python,))


def compare_artifact(records: Records) -> Item:
    """Hold the artifacts against each other, by their hashes."""
    before, after = records.before.artifact, records.after.artifact
    if before is None or after is None:
        return unknown("artifact", _silent(records, "artifact", before is not None, after is not None))
    content = _compare_known("sha256", before.sha256, after.sha256, missing="no hash recorded")
    rest = [
        compare_value("path", before.path, after.path),
        _compare_known("bytes", _number(before.bytes), _number(after.bytes), missing="not recorded"),
        _compare_known("format", before.format, after.format, missing="not recorded"),
    ]
    # The content decides: a file of another name may hold the same model, and a size says too little.
    sentence = {
        "same": "The artifact is the same, byte for byte.",
        "changed": "The artifact is another one.",
        "unknown": "Whether the artifact is the same is not known: a record has no hash of it.",
    }[content.status]
    return Item(name="artifact", status=content.status, sentence=sentence, values=(content, *rest))


def _compare_reference(name: str, before: Data | None, after: Data | None) -> ChangedValue:
    if before is None or after is None:
        return compare_value(name, _reference(before), _reference(after))
    shown = (_reference(before), _reference(after))
    comparable = before.digest and after.digest and _kind(before.digest) == _kind(after.digest)
    status: Status
    remark = ""
    if comparable and before.digest == after.digest:
        status, remark = "same", "" if before.ref == after.ref else "the same content at another place"
    elif comparable or before.ref != after.ref:
        status = "changed"
    else:
        status = "unknown"
        remark = "the same place, and no two digests of one kind that would show whether its content is the same"
    return ChangedValue(key=name, status=status, before=shown[0], after=shown[1], remark=remark)


def _kind(digest: str) -> tuple[str, int]:
    """Tell digests apart that can't be compared: MLflow's short ones, MD5, SHA-256."""
    algorithm, _, rest = digest.rpartition(":")
    return algorithm.lower() or ("hex" if re.fullmatch(r"[0-9a-fA-F]+", rest) else "text"), len(rest)


def _reference(data: Data | None) -> str | None:
    if data is None:
        return None
    return " ".join(part for part in (data.ref, data.digest and f"[{data.digest[:20]}]", data.as_of) if part)


def _compare_known(key: str, before: str | float | None, after: str | float | None, *, missing: str) -> ChangedValue:
    """Hold two values against each other, each of which may not be known."""
    if before is None or after is None:
        return ChangedValue(key=key, status="unknown", before=before, after=after, remark=missing)
    return compare_value(key, before, after)


def _silent(records: Records, noun: str, *has: bool) -> str:
    names = [side.name for side, there in zip((records.one, records.other), has, strict=True) if not there]
    return f"Nothing can be said: {' and '.join(names)} {'name' if len(names) > 1 else 'names'} no {noun}."


def _plain(value: object) -> str | float:
    """Return a param as it is compared: 6 and 6.0 are one number, and what is no number is its JSON."""
    if isinstance(value, str | float):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _EXACT:
        return float(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _number(value: int | None) -> float | None:
    return None if value is None else float(value)
