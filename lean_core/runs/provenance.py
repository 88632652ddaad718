"""Where a run says that its data and its code came from."""

from __future__ import annotations

import json

from lean_core.runs.run import Input, Run
from lean_core.settings import redact

_REPOSITORY_TAG = "mlflow.source.git.repoURL"
_PLACES = ("uri", "url", "path", "delta_table_name", "table_name")
"""Where the kinds of sources that MLflow knows keep their place, the exact ones first."""


def reference_of(dataset: Input) -> str | None:
    """Return where a dataset was read from, without secrets; None where the run does not say."""
    if dataset.source is None or dataset.source_type == "code":  # a frame that was made in memory
        return None
    try:
        said = json.loads(dataset.source)
    except ValueError:
        return redact(dataset.source)
    if not isinstance(said, dict):
        return redact(said) if isinstance(said, str) else None
    place = next((said[key] for key in _PLACES if isinstance(said.get(key), str) and said[key]), None)
    if place is None:
        return None
    revision = said.get("revision")
    kind = "hf://datasets/" if dataset.source_type == "hugging_face" and "://" not in place else ""
    return redact(f"{kind}{place}" + (f"@{revision}" if kind and isinstance(revision, str) else ""))


def repository_of(run: Run) -> str | None:
    """Return the address of the repository that a run was started from, without secrets."""
    address = run.tags.get(_REPOSITORY_TAG)
    return redact(address) if address else None
