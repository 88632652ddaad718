"""What an MLflow folder store holds besides runs: experiments, registered models and logged models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lean_core.runs import rows
from lean_core.runs.reader import Warnings
from lean_core.runs.readers.columns import to_table
from lean_core.runs.readers.mlflow_folder.layout import ExperimentFolder, list_folders, place, read_meta
from lean_core.runs.readers.mlflow_folder.meta_yaml import Meta, millis_of, text_of
from lean_core.runs.readers.small_files import printable, read_file

if TYPE_CHECKING:
    import pyarrow as pa

_VERSION = "version-"
_PROMPT_TAG = "mlflow.prompt.is_prompt"
"""MLflow keeps prompts among the registered models, and hides those that have this tag."""
_VERSION_STATUSES = {"1": "PENDING_REGISTRATION", "2": "FAILED_REGISTRATION", "3": "READY"}
_MODEL_STATUSES = {"1": "PENDING", "2": "READY", "3": "FAILED"}


@dataclass(slots=True, kw_only=True)
class FolderCatalog:
    """The catalog of one store."""

    root: Path
    experiments: Sequence[ExperimentFolder]
    warnings: Warnings

    def signature(self) -> bytes:
        """Return bytes that change when one of the catalog's files does."""
        return repr([(path, *_stamp(path)) for path in sorted(self._files())]).encode("utf-8", "backslashreplace")

    def read(self) -> dict[str, pa.Table]:
        """Return the tables of `rows.OF_SOURCE`."""
        found: dict[str, list[Sequence[Any]]] = {
            "experiment": [self._experiment(experiment) for experiment in self.experiments],
            "registered_model": [],
            "model_version": [],
            "logged_model": [row for experiment in self.experiments for row in self._logged_models(experiment)],
        }
        for path in self._registered():
            self._add_registered(path, found)
        return {name: to_table(schema, found[name]) for name, schema in rows.OF_SOURCE.items()}

    def _files(self) -> Iterator[str]:
        for experiment in self.experiments:
            yield f"{experiment.path}/meta.yaml"
            for path in self._folders(f"{experiment.path}/models"):
                yield f"{path}/meta.yaml"
        for path in self._registered():
            yield f"{path}/meta.yaml"
            yield f"{path}/tags/{_PROMPT_TAG}"
            yield from _paths_in(f"{path}/aliases")
            for version in self._folders(path):
                yield f"{version}/meta.yaml"

    def _experiment(self, experiment: ExperimentFolder) -> tuple[Any, ...]:
        meta = self._meta(experiment.path) or {} if experiment.has_meta else {}
        said = text_of(meta, "experiment_id")
        if said not in {None, experiment.experiment_id}:
            message = f"meta.yaml says {said}"
            self.warnings.add(
                "experiment id differs from its folder", place(experiment.path, self.root), message, skipped=False
            )
        return (
            experiment.key,
            experiment.experiment_id,
            text_of(meta, "name"),
            experiment.lifecycle,
            text_of(meta, "artifact_location"),
        )

    def _registered(self) -> Iterator[str]:
        """Yield the folders of registered models; in a database's artifact folder ``models`` is something else."""
        for path in self._folders(f"{self.root}/models"):
            if Path(path, "meta.yaml").is_file():
                yield path

    def _add_registered(self, path: str, found: dict[str, list[Sequence[Any]]]) -> None:
        meta = self._meta(path)
        if meta is None or _is_prompt(path):
            return
        model = text_of(meta, "name") or printable(path.rpartition("/")[2])
        times = (millis_of(meta, "creation_timestamp"), millis_of(meta, "last_updated_timestamp"))
        found["registered_model"].append((model, text_of(meta, "description"), *times))
        aliases = self._aliases(path)
        for version_path in self._folders(path):
            if version_path.rpartition("/")[2].startswith(_VERSION):
                version = self._meta(version_path)
                if version is not None and text_of(version, "current_stage") != "Deleted_Internal":
                    found["model_version"].append(_version_row(model, version_path, version, aliases))

    def _aliases(self, path: str) -> dict[str, str]:
        """Return which version each alias names."""
        found = {}
        for alias in _paths_in(f"{path}/aliases"):
            try:
                text = read_file(alias).decode("utf-8", "backslashreplace")
            except OSError as error:
                self.warnings.add("file that can't be read", place(alias, self.root), error.strerror or "")
                continue
            found[printable(alias.rpartition("/")[2])] = text.strip()
        return found

    def _logged_models(self, experiment: ExperimentFolder) -> Iterator[tuple[Any, ...]]:
        for path in self._folders(f"{experiment.path}/models"):
            if not Path(path, "meta.yaml").is_file():
                continue
            meta = self._meta(path)
            if meta is None or text_of(meta, "lifecycle_stage") == "deleted":
                continue
            status = text_of(meta, "status")
            artifacts = Path(path, "artifacts")
            yield (
                text_of(meta, "model_id") or printable(path.rpartition("/")[2]),
                text_of(meta, "name"),
                text_of(meta, "source_run_id"),
                text_of(meta, "model_type"),
                _MODEL_STATUSES.get(status or "", status),
                text_of(meta, "artifact_location"),
                printable(str(artifacts)) if artifacts.is_dir() else None,
                millis_of(meta, "creation_timestamp"),
            )

    def _folders(self, path: str) -> list[str]:
        return [f"{path}/{name}" for name in list_folders(path, self.root, self.warnings)]

    def _meta(self, folder: str) -> Meta | None:
        return read_meta(f"{folder}/meta.yaml", self.root, self.warnings)


def _version_row(model: str, path: str, meta: Meta, aliases: dict[str, str]) -> tuple[Any, ...]:
    version = text_of(meta, "version") or printable(path.rpartition("/")[2].removeprefix(_VERSION))
    status = text_of(meta, "status")
    return (
        model,
        version,
        text_of(meta, "current_stage"),
        sorted(alias for alias, named in aliases.items() if named == version),
        text_of(meta, "run_id"),
        text_of(meta, "source"),
        _VERSION_STATUSES.get(status or "", status),
        text_of(meta, "description"),
        millis_of(meta, "creation_timestamp"),
    )


def _is_prompt(path: str) -> bool:
    try:
        return read_file(f"{path}/tags/{_PROMPT_TAG}").strip().lower() == b"true"
    except OSError:
        return False


def _paths_in(folder: str) -> list[str]:
    try:
        return sorted(str(path) for path in Path(folder).iterdir())
    except OSError:
        return []


def _stamp(path: str) -> tuple[int, int]:
    try:
        seen = Path(path).stat()
    except OSError:
        return 0, 0
    return seen.st_mtime_ns, seen.st_size
