from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_core.runs.direction import guess_direction


@pytest.mark.parametrize(
    "metric",
    [
        "auc",
        "val_auc",
        "roc_auc_score",
        "test/accuracy",
        "Accuracy",
        "valAUC",
        "acc",
        "f1",
        "f1_macro",
        "F1Score",
        "precision at 10",
        "eval.recall",
        "R2",
        "r2_score",
        "neg_log_loss",
        "neg_root_mean_squared_error",
    ],
)
def test_a_metric_of_quality_is_better_higher(metric: str) -> None:
    assert guess_direction(metric) == "higher"


@pytest.mark.parametrize(
    "metric",
    [
        "loss",
        "train_loss",
        "valLoss",
        "log_loss",
        "logloss",
        "rmse",
        "test RMSE",
        "mae",
        "mse_1",
        "mean_squared_error",
        "error",
        "latency",
        "p95_latency_ms",
        "LatencyP95",
    ],
)
def test_a_metric_of_error_or_time_is_better_lower(metric: str) -> None:
    assert guess_direction(metric) == "lower"


@pytest.mark.parametrize(
    "metric",
    ["", "epoch", "lr", "n_rows", "score", "balance", "account", "glossary", "terror", "macc", "recall_loss", "neg_f1"],
)
def test_a_name_that_does_not_say_gives_no_guess(metric: str) -> None:
    assert guess_direction(metric) is None


@given(st.text())
def test_any_name_is_taken(metric: str) -> None:
    assert guess_direction(metric) in {"higher", "lower", None}
