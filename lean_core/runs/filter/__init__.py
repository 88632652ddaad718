"""The filter language of runs: MLflow's, and more. docs/filter.md is its reference.

`parse` reads an expression, `compile_condition` makes a WHERE expression of it, `complete` offers what may come next.
"""

from lean_core.runs.filter.completion import Completion, complete
from lean_core.runs.filter.keys import parse_key
from lean_core.runs.filter.nodes import (
    And,
    Between,
    Compare,
    Condition,
    In,
    IsNaN,
    IsNull,
    Key,
    Kind,
    Like,
    Matches,
    Not,
    Or,
    keys,
    quote_key,
)
from lean_core.runs.filter.parsing import parse
from lean_core.runs.filter.vocabulary import ATTRIBUTES, CHOICES, DATASET_KEYS
from lean_core.runs.filter.where import Where, compile_condition

__all__ = [
    "ATTRIBUTES",
    "CHOICES",
    "DATASET_KEYS",
    "And",
    "Between",
    "Compare",
    "Completion",
    "Condition",
    "In",
    "IsNaN",
    "IsNull",
    "Key",
    "Kind",
    "Like",
    "Matches",
    "Not",
    "Or",
    "Where",
    "compile_condition",
    "complete",
    "keys",
    "parse",
    "parse_key",
    "quote_key",
]
