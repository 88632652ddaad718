"""From the files of an MLflow run to rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lean_core.runs.artifact_location import resolve
from lean_core.runs.reader import Warnings
from lean_core.runs.readers.columns import Columns
from lean_core.runs.readers.mlflow_folder.layout import ExperimentFolder, place, read_meta
from lean_core.runs.readers.mlflow_folder.meta_yaml import Meta, millis_of, parse_meta, text_of
from lean_core.runs.readers.mlflow_folder.run_files import RunFiles
from lean_core.runs.readers.small_files import printable

_STATUSES = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}
"""MLflow writes the number; other writers and very old versions write the word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFolder:
    """A folder that is a run."""

    path: str
    experiment: ExperimentFolder

    @property
    def name(self) -> str:
        """The run's id: MLflow finds a run by the name of its folder."""
        return printable(self.path.rpartition("/")[2])


@dataclass(slots=True, kw_only=True)
class RunRows:
    """Turns the files of runs into rows."""

    root: Path
    warnings: Warnings
    columns: Columns = field(default_factory=Columns)
    _datasets: dict[str, Meta | None] = field(default_factory=dict)

    def add(self, run_key: str, folder: RunFolder, said: RunFiles) -> None:
        """Take a run; one without a meta.yaml that can be read is left out, with a warning."""
        for kind, path, message, skipped in said.problems:
            self._warn(kind, path, message, skipped=skipped)
        meta = self._meta(folder, said)
        if meta is None:
            return
        columns = self.columns
        columns.rows["run"].append((*_run_row(run_key, folder, meta, said), self._artifact_path(folder, meta, said)))
        columns.add_texts("param", run_key, said.param_keys, said.params)
        columns.add_texts("tag", run_key, said.tag_keys, said.tags)
        columns.add_points(run_key, said.metric_keys, said.counts, (said.steps, said.times, said.values))
        for data in said.inputs:
            columns.rows["input"] += self._inputs(run_key, folder, data)

    def _meta(self, folder: RunFolder, said: RunFiles) -> Meta | None:
        if said.meta is None:
            return None
        path = f"{folder.path}/meta.yaml"
        try:
            meta = parse_meta(said.meta)
        except ValueError as error:
            self._warn("broken meta.yaml", path, str(error))
            return None
        run_id, experiment_id = text_of(meta, "run_id", "run_uuid"), text_of(meta, "experiment_id")
        if run_id is None:
            self._warn("broken meta.yaml", path, "no run_id")
            return None
        if run_id != folder.name:
            self._warn("run id differs from its folder", path, f"meta.yaml says {run_id}", skipped=False)
        if experiment_id not in {None, folder.experiment.experiment_id}:
            message = f"meta.yaml says {experiment_id}"
            self._warn("experiment id differs from its folder", path, message, skipped=False)
        for key in ("start_time", "end_time"):
            if text_of(meta, key) and millis_of(meta, key) is None:
                self._warn("time that no calendar has", path, f"{key}: {text_of(meta, key)}", skipped=False)
        return meta

    def _inputs(self, run_key: str, folder: RunFolder, data: bytes) -> Iterator[tuple[Any, ...]]:
        """Yield the dataset that an input names; inputs that are models are none."""
        try:
            entry = parse_meta(data)
        except ValueError as error:
            self._warn("broken meta.yaml", f"{folder.path}/inputs", str(error))
            return
        dataset_id, tags = text_of(entry, "source_id"), entry.get("tags")
        if text_of(entry, "source_type") != "DATASET" or dataset_id is None:
            return
        dataset = self._dataset(f"{folder.experiment.path}/datasets/{dataset_id}/meta.yaml")
        if dataset is not None:
            context = tags.get("mlflow.data.context") if isinstance(tags, dict) else None
            said = [text_of(dataset, key) for key in ("name", "digest", "source_type", "source")]
            yield (run_key, said[0], said[1], context if isinstance(context, str) else None, said[2], said[3])

    def _dataset(self, path: str) -> Meta | None:
        if path not in self._datasets:
            self._datasets[path] = read_meta(path, self.root, self.warnings)
        return self._datasets[path]

    def _artifact_path(self, folder: RunFolder, meta: Meta, said: RunFiles) -> str | None:
        """Return where artifacts are: the run has a folder for them even where its experiment keeps them elsewhere."""
        uri, usual = text_of(meta, "artifact_uri"), f"{folder.experiment.experiment_id}/{folder.name}/artifacts"
        if uri is None or uri.replace("\\", "/").endswith(usual):
            return printable(f"{folder.path}/artifacts") if said.has_artifacts else None
        found = resolve(uri, store_folder=self.root.parent)
        return None if found is None else printable(str(found))

    def _warn(self, kind: str, path: str, message: str = "", *, skipped: bool = True) -> None:
        self.warnings.add(kind, place(path, self.root), message, skipped=skipped)


def _run_row(run_key: str, folder: RunFolder, meta: Meta, said: RunFiles) -> tuple[Any, ...]:
    """Return a row of `rows.RUN` but for its last column."""
    tags = dict(zip(said.tag_keys, said.tags, strict=True))
    deleted = "deleted" in {folder.experiment.lifecycle, text_of(meta, "lifecycle_stage")}
    status = text_of(meta, "status") or ""
    return (
        run_key,
        folder.name,
        folder.experiment.key,
        text_of(meta, "run_name") or tags.get("mlflow.runName") or text_of(meta, "name"),
        _STATUSES.get(status) or (status if status in _STATUSES.values() else None),
        millis_of(meta, "start_time"),
        millis_of(meta, "end_time"),
        text_of(meta, "user_id") or tags.get("mlflow.user") or None,
        "deleted" if deleted else "active",
        text_of(meta, "artifact_uri"),
    )
