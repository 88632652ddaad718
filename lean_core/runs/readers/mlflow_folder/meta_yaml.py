"""The meta.yaml files of MLflow's folder stores: flat ``key: value`` lines, nearly always."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from lean_core.runs.readers.times import as_millis
from lean_core.runs.readers.yaml_text import load_yaml

if TYPE_CHECKING:
    import yaml

Meta = dict[str, Any]
"""Scalars are strings as they were written, or None; so a run named ``1e5`` or ``yes`` keeps its name."""

_LINE = re.compile(
    r"([A-Za-z_]\w*):(?: (?:"
    r"'([^'\\\n]*)'"  # quoted, without a quote inside
    r"|([^\s\[\]{}'\"&*!|>%@`#,?:-](?:[^\n\t:#]|:(?=\S))*)"  # plain: nothing that YAML could read as more than a scalar
    r"|(\[\]|\{\})"
    r"))?(?:\n|\Z)"
)
_NULLS = {"", "~", "null", "Null", "NULL"}


def parse_meta(data: bytes) -> Meta:
    """Return what a meta.yaml says.

    PyYAML takes 0.4 ms for a run's fourteen lines, which for thousands of runs is most of an import; so plain lines
    are read here, and PyYAML is asked about a file that has anything else.

    Raises:
        ValueError: it is not YAML, or not a mapping.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from None
    return _parse_plain(text) or _parse_any(text)


def text_of(meta: Meta, *keys: str) -> str | None:
    """Return the first of these entries that says something."""
    for key in keys:
        value = meta.get(key)
        if isinstance(value, str) and value:
            return value
    return None


def millis_of(meta: Meta, key: str) -> int | None:
    """Return a time in milliseconds since 1970, or None where there is none or it can't be one."""
    try:
        return as_millis(float(text_of(meta, key) or ""))
    except ValueError:
        return None


def _parse_plain(text: str) -> Meta | None:
    """Return what the file says if every line of it is plain, else None."""
    meta: Meta = {}
    end = 0
    for found in _LINE.finditer(text):
        if found.start() != end:
            return None
        end = found.end()
        key, quoted, plain, _ = found.groups()
        if quoted is not None:
            meta[key] = quoted
        elif plain is None or plain in _NULLS:
            meta[key] = None
        else:
            meta[key] = plain.rstrip()
    return meta if end == len(text) else None


def _parse_any(text: str) -> Meta:
    meta = load_yaml(text, _loader())
    if not isinstance(meta, dict):
        raise ValueError("not a mapping" if text.strip() else "empty")  # noqa: TRY004 - of the file, not of an argument
    return {str(key): value for key, value in meta.items()}


@cache
def _loader() -> type[yaml.CSafeLoader]:
    """Return a safe loader that leaves every scalar a string, but null."""
    import yaml

    class Loader(yaml.CSafeLoader):
        yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML has it
            first: [(tag, pattern) for tag, pattern in found if tag == "tag:yaml.org,2002:null"]
            for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
        }

    return Loader
