"""JSON and YAML that anybody may have written: bounded, and never more than data."""

from __future__ import annotations

import json
from typing import Any

LARGEST_JSON = 4_000_000
LARGEST_YAML = 64_000
"""The parser written in Python takes a second for so much; it is taken because the one in C, which is faster, calls
itself for each level and overruns the stack, which ends the whole process."""


def parse_json(content: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what a JSON text says; NaN and Infinity as Python's own writer leaves them.

    Raises:
        ValueError: it is not JSON; the text says why, as the end of a sentence.
    """
    try:
        return json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON (line {error.lineno})") from None
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None


def parse_yaml(text: str) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Return what a YAML text says; tags that would make Python objects are refused.

    Raises:
        ValueError: it is not YAML; the text says why, as the end of a sentence.
    """
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        raise ValueError("is not YAML" if line is None else f"is not YAML (line {line + 1})") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except (ValueError, OverflowError, TypeError):  # a date such as 2022-13-45, a list as a key
        raise ValueError("has a value that YAML can't mean") from None
