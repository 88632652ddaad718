"""Experiments, registered models and logged models, as MLflow's client lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from lean_core.runs import rows
from lean_core.runs.reader import Warnings
from lean_core.runs.readers.client_rows import Rows, local_folder, to_batch
from lean_core.runs.tracking import Trouble, client_errors, diagnose

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Experiment

EXPERIMENTS_AT_ONCE = 200
"""In one question; a database behind the server takes a limited number of values."""
PAGE = 1000
"""The most that every server gives at once."""

T = TypeVar("T")


def every(search: Callable[..., Any], **question: object) -> Iterator[Any]:
    """Yield everything that a search of MLflow's client finds, page by page."""
    token: str | None = None
    while True:
        page = search(**question, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def in_parts(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Cut a sequence into parts of at most ``size``."""
    return (whole[start : start + size] for start in range(0, len(whole), size))


def list_experiments(client: MlflowClient) -> list[Experiment]:
    """Return all experiments, deleted ones included."""
    from mlflow.entities import ViewType

    return list(every(client.search_experiments, view_type=ViewType.ALL, max_results=PAGE))


def read_catalog(client: MlflowClient, experiments: Sequence[Experiment], warnings: Warnings) -> dict[str, pa.Table]:
    """Return the tables of `rows.OF_SOURCE`; what the server does not have is left out."""
    found: Rows = {
        "experiment": [
            (one.experiment_id, one.experiment_id, one.name, one.lifecycle_stage, one.artifact_location or None)
            for one in experiments
        ]
    }
    for read in (lambda: _registry(client), lambda: _logged_models(client, experiments)):
        found |= _unless_refused(read, warnings)
    # Sorted, so that the same content gives the same bookmark.
    return {
        name: pa.Table.from_batches([to_batch(rows.OF_SOURCE[name], sorted(listed, key=repr))])
        for name, listed in found.items()
    }


def _unless_refused(read: Callable[[], Rows], warnings: Warnings) -> Rows:
    """Do without what an older server has not (404, 501), or does not show us; only the latter is worth a warning."""
    try:
        return read()
    except client_errors() as error:
        failure = diagnose(error)
        if failure.trouble is not Trouble.STATUS or failure.status not in {400, 403, 404, 405, 501}:
            raise
        if failure.status not in {404, 501}:
            warnings.add("models not readable", "the server", f"it answered {failure.status} when asked for its models")
        return {}


def _registry(client: MlflowClient) -> Rows:
    models = {model.name: model for model in every(client.search_registered_models, max_results=PAGE)}
    versions = list(every(client.search_model_versions, max_results=PAGE))
    # The client asks for models that are not prompts in a way that servers before 2.21 take for "has such a tag".
    for name in {version.name for version in versions} - set(models):
        models[name] = client.get_registered_model(name)
    return {
        "registered_model": [
            (name, model.description or None, model.creation_timestamp or None, model.last_updated_timestamp or None)
            for name, model in models.items()
        ],
        "model_version": [
            (
                *(one.name, str(one.version), one.current_stage if one.current_stage != "None" else None),
                sorted(alias for alias, number in models[one.name].aliases.items() if str(number) == str(one.version)),
                *(one.run_id or None, one.source or None, one.status or None, one.description or None),
                one.creation_timestamp or None,
            )
            for one in versions
        ],
    }


def _logged_models(client: MlflowClient, experiments: Sequence[Experiment]) -> Rows:
    ids = [experiment.experiment_id for experiment in experiments]
    return {
        "logged_model": [
            (
                *(model.model_id, model.name or None, model.source_run_id or None, model.model_type or None),
                *(model.status.value, model.artifact_location or None, local_folder(model.artifact_location)),
                model.creation_timestamp or None,
            )
            for part in in_parts(ids, EXPERIMENTS_AT_ONCE)
            for model in every(client.search_logged_models, experiment_ids=list(part), max_results=PAGE)
        ]
    }
