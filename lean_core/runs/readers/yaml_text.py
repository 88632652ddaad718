"""YAML from files that anybody may have written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

_DEEPEST = 200
_BRACKET = re.compile(r"[\[{\]}]")
_NESTED_BY_INDENT = re.compile(r"^[ \t?:-]{500}", re.MULTILINE)
"""A level takes at least half a character: mappings in sequences in mappings."""


def load_yaml(text: str, loader: type[yaml.CSafeLoader]) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Return what a YAML text says.

    PyYAML's C part calls itself for each level and overruns the stack, which ends the whole process: at 2,000 levels
    in a thread with 512 kB. So what is nested that deeply is refused before.

    Raises:
        ValueError: it is not YAML, or nested too deeply.
    """
    import yaml

    if _depth(text) > _DEEPEST or _NESTED_BY_INDENT.search(text):
        raise ValueError("nested too deeply")
    try:
        return yaml.load(text, loader)  # noqa: S506 - callers hand in safe loaders
    except (yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"not YAML: {getattr(error, 'problem', None) or type(error).__name__}") from None


def _depth(text: str) -> int:
    """Return how deeply brackets are nested; those in quotes count too, which does no harm: they mostly match."""
    if text.count("[") + text.count("{") <= _DEEPEST:
        return 0
    depth = deepest = 0
    for found in _BRACKET.finditer(text):
        depth += 1 if found[0] in "[{" else -1
        deepest = max(deepest, depth)
    return deepest
