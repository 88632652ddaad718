"""Which way a metric is better."""

from __future__ import annotations

import re
from typing import Literal

Direction = Literal["higher", "lower"]

_HIGHER = frozenset({"acc", "accuracy", "auc", "auroc", "auprc", "aucpr", "roc", "f1", "precision", "recall", "r2"})
_LOWER = frozenset({"loss", "logloss", "error", "err", "rmse", "mae", "mse", "mape", "rmsle", "brier", "latency"})
_NEGATED = frozenset({"neg", "negative"})
_WORD = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")


def guess_direction(metric: str) -> Direction | None:
    """Guess from a metric's name which way it is better; None where the name does not say, or says both.

    It is a guess, to be shown as one: what a person said of the metric goes before it.
    """
    words = {word.lower() for word in _WORD.findall(metric)}
    higher, lower = bool(words & _HIGHER), bool(words & _LOWER)
    if higher == lower:
        return None
    if words & _NEGATED:  # scikit-learn's neg_log_loss is better higher; "negative precision" could be anything
        return "higher" if lower else None
    return "higher" if higher else "lower"
