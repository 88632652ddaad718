"""The names that people give to the same thing in files of their own."""

from __future__ import annotations

import re

VERSION = ("version", "model_version", "version_id", "model_id", "id", "tag", "slug")
MODEL = ("model_name", "model", "name", "registered_model", "nombre")
PATH = (
    "model_path", "artifact_path", "artifact_uri", "path", "model_file", "artifact", "file", "filename", "file_path",
    "model_uri", "uri", "location", "archivo",
)  # fmt: skip
COMMIT = ("commit", "git_commit", "git_sha", "commit_hash", "git_hash", "code_commit", "commit_sha", "git_revision")
REPO = ("repo", "repository", "git_repo", "repo_url", "git_url", "git_remote")
OWNER = ("owner", "owned_by", "maintainer", "team", "dueño")
NOTE = ("deployment_note", "deployment_notes", "note", "notes", "deployment")
RUN = ("run_id", "mlflow_run_id")
PYTHON = ("python_version", "python")
MADE = ("created_at", "trained_at", "registered_at", "created", "timestamp", "date", "registrado_el")
STATUS = ("status", "stage", "state", "estado")
PARAMS = ("params", "hyperparameters", "hyperparams", "parameters", "best_params", "model_params")
SHA256 = ("sha256", "model_sha256", "artifact_sha256", "checksum_sha256")
METRICS = ("metrics", "evaluation_metrics", "evaluation", "performance", "scores", "metricas")
SPLIT_METRICS = re.compile(r"(train|training|val|valid|validation|test|eval|holdout)_metrics")
"""Metrics of one part of the data: their names get the part's name before them."""

DATA = (
    "training_data", "train_data", "dataset", "data", "data_path", "dataset_path", "train_path", "data_version",
    "dataset_version", "dataset_name", "dataset_uri", "data_uri",
)  # fmt: skip
DATA_DIGEST = ("dataset_hash", "data_hash", "data_sha256", "dataset_sha256", "dataset_digest", "data_digest")

FLAGS = ("is_production", "is_active", "is_champion", "production", "active", "deployed")
"""Say of one version that it is in use."""
POINTERS = (
    "active_version", "production_version", "current_version", "champion_version", "active_model", "production",
    "production_model", "current", "champion", "active", "latest", "latest_version",
)  # fmt: skip
"""Beside the versions: name the one that is in use."""

_METRIC_WORDS = frozenset(
    {
        *("accuracy", "acc", "auc", "auroc", "auprc", "roc", "pr", "f1", "f2", "precision", "recall", "specificity"),
        *("sensitivity", "rmse", "mae", "mse", "mape", "smape", "rmsle", "r2", "loss", "logloss", "brier", "kappa"),
        *("mcc", "ndcg", "map", "mrr", "bleu", "rouge", "perplexity", "wer", "cer", "iou", "dice", "ks", "gini", "ap"),
    }
)
_WORD = re.compile(r"[a-z]+\d*")


def is_metric_name(key: str) -> bool:
    """Whether a number of this name is a metric wherever it stands."""
    return any(word in _METRIC_WORDS for word in _WORD.findall(key.lower()))


def same_name(one: object, other: str) -> bool:
    """Whether two names mean the same model."""
    return isinstance(one, str) and _bare(one) == _bare(other)


def same_version(one: object, other: str) -> bool:
    """Whether two versions are the same: ``v1``, ``1`` and the number 1 are."""
    if isinstance(one, bool) or not isinstance(one, str | int | float):
        return False
    return bare_version(str(one)) == bare_version(other)


def _bare(name: str) -> str:
    return re.sub(r"[-_. ]+", "", name).casefold()


def bare_version(version: str) -> str:
    """Return a version without the letter before its number, to be compared."""
    text = version.strip().casefold()
    return text[1:] if re.match(r"v\d", text) else text
