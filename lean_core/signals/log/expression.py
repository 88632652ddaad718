"""What may be asked of a prediction log."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from lean_core.settings import LogColumns

PREDICTION = "prediction"
"""What the distribution of predictions is called where a feature is named."""
REALISED = ("accuracy", "precision", "recall", "mae", "rmse")
PLAIN = ("rows", "errors", "error_rate", "age", "label_share", *REALISED)
QUANTILES = {"latency.p50": 0.5, "latency.p95": 0.95, "latency.p99": 0.99}
LATENCY = (*QUANTILES, "latency.mean")
DISTRIBUTIONS = ("unseen", "out_of_range", "psi", "js", "wasserstein", "ks", "ks_p")
"""What is held against the reference."""
OF_FEATURE = ("nulls", *DISTRIBUTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A number of a log."""

    measure: str
    """One of `PLAIN`, `LATENCY` or `OF_FEATURE`."""
    feature: str = ""
    """A feature's name, or `PREDICTION`."""


def parse_expression(text: str, columns: LogColumns) -> Expression | str:
    """Return what a text asks for, or a sentence that says why it is not understood."""
    text = text.strip()
    if text in PLAIN or text in LATENCY:
        return Expression(measure=text)
    measure, _, feature = text.partition(".")
    if measure in OF_FEATURE and feature in features_of(columns):
        return Expression(measure=measure, feature=feature)
    if measure in OF_FEATURE:
        return f'"{text}" names no feature of the log. {_nearest(text, columns)}'
    return f'"{text}" is not understood. {_nearest(text, columns)}'


def features_of(columns: LogColumns) -> tuple[str, ...]:
    """Return what has a distribution."""
    return (*([PREDICTION] if columns.prediction else []), *(each for each in columns.features if each != PREDICTION))


def column_of(feature: str, columns: LogColumns) -> str:
    """Return the column in which a feature lies."""
    return columns.prediction if feature == PREDICTION and columns.prediction else feature


def _nearest(text: str, columns: LogColumns) -> str:
    known = known_expressions(columns)
    near = difflib.get_close_matches(text, known, n=1, cutoff=0.5)
    more = "" if columns.features else "; features are named under columns, as features = [...]"
    if near:
        return f'Did you mean "{near[0]}"?'
    return f"Known are {', '.join((*PLAIN, *LATENCY))} and {', '.join(f'{each}.FEATURE' for each in OF_FEATURE)}{more}."


def known_expressions(columns: LogColumns) -> Sequence[str]:
    """Return all that can be asked of a log with these columns."""
    features = features_of(columns)
    return [*PLAIN, *LATENCY, *(f"{measure}.{feature}" for measure in OF_FEATURE for feature in features)]
