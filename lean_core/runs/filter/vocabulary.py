"""The words that the language knows: kinds of keys, attributes, and the values of those that have few."""

from __future__ import annotations

from typing import Literal

from lean_core.runs.filter.nodes import Key, Kind

ValueType = Literal["text", "number", "time", "seconds", "any"]
"""What a key compares with; ``any``: text, or a number where the text is one."""

KINDS: dict[str, Kind] = {
    "metric": "metric",
    "metrics": "metric",
    "param": "param",
    "params": "param",
    "parameter": "param",
    "parameters": "param",
    "tag": "tag",
    "tags": "tag",
    "local": "local",
    "local_tag": "local",
    "local_tags": "local",
    "dataset": "dataset",
    "datasets": "dataset",
    "attribute": "attribute",
    "attributes": "attribute",
    "attr": "attribute",
    "run": "attribute",
}
"""MLflow's prefixes, and ours for local tags."""

ATTRIBUTES: dict[str, ValueType] = {
    "run_id": "text",
    "name": "text",
    "status": "text",
    "start_time": "time",
    "end_time": "time",
    "duration": "seconds",
    "user": "text",
    "experiment": "text",
    "experiment_id": "text",
    "source": "text",
    "commit": "text",
    "parent": "text",
    "lifecycle": "text",
    "artifact_uri": "text",
}

ALIASES = {
    "run_name": "name",
    "run name": "name",
    "user_id": "user",
    "created": "start_time",
    "parent_run_id": "parent",
    "lifecycle_stage": "lifecycle",
}
"""Other names of attributes, most of them MLflow's."""

DATASET_KEYS = ("name", "digest", "context")

CHOICES: dict[str, tuple[str, ...]] = {
    "status": ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED", "ABANDONED"),
    "lifecycle": ("active", "deleted"),
}
"""The values of attributes that can have no others."""

KEYWORDS = {
    "and": "and",
    "or": "or",
    "not": "not",
    "in": "in",
    "between": "between",
    "is": "is",
    "null": "null",
    "like": "like",
    "ilike": "ilike",
    "rlike": "~",
    "regexp": "~",
}
FUNCTIONS = ("isnan", "now", "today", "yesterday")

_OF_KIND: dict[Kind, ValueType] = {"metric": "number", "param": "any", "tag": "any", "local": "any", "dataset": "text"}


def value_type(key: Key) -> ValueType:
    """Say what a key compares with."""
    return ATTRIBUTES[key.name] if key.kind == "attribute" else _OF_KIND[key.kind]
