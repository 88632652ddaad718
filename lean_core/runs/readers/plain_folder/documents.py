"""JSON, YAML and TOML as people and their tools write them; nothing in them is ever executed."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from lean_core.runs.readers.small_files import read_file
from lean_core.runs.readers.yaml_text import load_yaml

if TYPE_CHECKING:
    import yaml

LARGEST_DOCUMENT = 32 << 20


def read_document(path: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what a .json, .yaml, .yml or .toml file holds.

    JSON may be one document, or one a line, which gives a list; it may spell NaN and Infinity, as Python's does.

    Raises:
        OSError: the file can't be read.
        ValueError: it is not what its name says.
    """
    try:
        text = read_file(path, LARGEST_DOCUMENT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from None
    suffix = path.rpartition(".")[2]
    try:
        if suffix == "json":
            return _parse_json(text)
        return tomllib.loads(text) if suffix == "toml" else parse_yaml(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"not TOML: {error}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None


def parse_yaml(text: str) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Return what a YAML text says, with the scalars of YAML 1.2: ``no`` is a word and ``12:30`` is not 750.

    Raises:
        ValueError: it is not YAML.
    """
    return load_yaml(text, _loader())


def _parse_json(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return _parse_json_lines(text)
        raise ValueError(f"not JSON: {error.msg} in line {error.lineno}") from None


def _parse_json_lines(text: str) -> list[Any]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                found.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise ValueError(f"not JSON: {error.msg} in line {number}") from None
    return found


@cache
def _loader() -> type[yaml.CSafeLoader]:
    """Return a safe loader that takes what is tagged as a Python object for what it is made of."""
    import yaml

    class Loader(yaml.CSafeLoader):
        yaml_implicit_resolvers = {}  # noqa: RUF012 - as PyYAML has it

    for tag, pattern, first in (
        ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
        ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
        ("int", r"[-+]?[0-9]+", list("-+0123456789")),
        ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
        ("float", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", list("-+.")),
    ):
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})\\Z"), first)
    Loader.add_constructor("tag:yaml.org,2002:int", _construct_int)
    Loader.add_multi_constructor("", _construct_plainly)
    return Loader


def _construct_int(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> int:
    return int(str(loader.construct_scalar(node)))  # PyYAML would take 010 for 8


def _construct_plainly(loader: yaml.CSafeLoader, _tag: str, node: yaml.Node) -> Any:  # noqa: ANN401 - as above
    """Take a tagged node (``!!python/object``, ``!Ref``) for the mapping, list or text that it is made of."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None
