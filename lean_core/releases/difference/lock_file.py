"""The packages that a lock file names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lean_core.errors import ObjectsError
from lean_core.objects import Objects
from lean_core.registry import Version, files_at
from lean_core.releases.difference.side import Packages

LARGEST = 8_000_000
"""Bytes; the lock files of large projects have 1 to 3 MB."""

_Pairs = Iterable[tuple[str, str]]


def read_packages(objects: Objects, version: Version) -> Packages:
    """Return what a version's lock file names, or why that is not known."""
    environment = version.record.environment if version.record else None
    if environment is None or environment.lockfile is None:
        return Packages(problem="its record names no lock file")
    files = files_at(version, environment.lockfile)
    if len(files) != 1:
        return Packages(problem=f"its lock file {environment.lockfile} is not there")
    if files[0].bytes > LARGEST:
        return Packages(problem=f"its lock file {environment.lockfile} is larger than {LARGEST // 1_000_000} MB")
    try:
        content = objects.read(files[0].key, limit=LARGEST)
    except ObjectsError as error:
        return Packages(problem=f"its lock file can't be read: {error}")
    return parse_lock_file(environment.lockfile, content)


def parse_lock_file(path: str, content: bytes) -> Packages:
    """Read a lock file by its name; several versions of one package (for other platforms) are all named."""
    name = path.rpartition("/")[2]
    parse = next((parse for pattern, parse in _FORMATS if re.fullmatch(pattern, name)), None)
    if parse is None:
        return Packages(problem=f"its lock file {name} is of a format that is not read")
    try:
        found: dict[str, set[str]] = {}
        for package, version in parse(content.decode("utf-8-sig")):
            found.setdefault(_normalise(package), set()).add(version)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Packages(problem=f"its lock file {name} is damaged")
    if not found:
        return Packages(problem=f"its lock file {name} names no package")
    return Packages(versions={package: ", ".join(sorted(found[package])) for package in sorted(found)})


def _parse_requirements(text: str) -> _Pairs:
    from lean_core.runs import parse_requirements  # late: it brings pyarrow and duckdb along

    return parse_requirements(text.splitlines()).items()


def _parse_toml(text: str) -> Iterator[tuple[str, str]]:
    """Read uv.lock, poetry.lock, pdm.lock (``[[package]]``) and pylock.toml (``[[packages]]``)."""
    import tomllib

    document = tomllib.loads(text)
    for package in [*document.get("package", ()), *document.get("packages", ())]:
        yield package["name"], str(package.get("version", "without a version"))


def _parse_pipfile(text: str) -> Iterator[tuple[str, str]]:
    document = json.loads(text)
    for section in ("default", "develop"):
        for name, package in document.get(section, {}).items():
            yield name, str(package.get("version") or package.get("ref") or "without a version").removeprefix("==")


def _parse_renv(text: str) -> Iterator[tuple[str, str]]:
    for name, package in json.loads(text)["Packages"].items():
        yield name, str(package["Version"])


def _parse_conda_lock(text: str) -> Iterator[tuple[str, str]]:
    for package in _load_yaml(text)["package"]:
        yield package["name"], str(package["version"])


def _parse_pixi(text: str) -> Iterator[tuple[str, str]]:
    for package in _load_yaml(text)["packages"]:
        if "name" in package and "version" in package:
            yield package["name"], str(package["version"])
        elif match := re.search(r"/([^/]+)-([^/-]+)-[^/-]+\.(?:conda|tar\.bz2)$", str(package.get("conda", ""))):
            yield match[1], match[2]


def _load_yaml(text: str) -> Mapping[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it was built
    try:
        document: Mapping[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader either way
    except yaml.YAMLError as error:
        raise ValueError from error
    return document


def _normalise(name: str) -> str:
    """Return a package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


_FORMATS: tuple[tuple[str, Callable[[str], _Pairs]], ...] = (
    (r".*requirements.*\.(txt|lock)|.*freeze.*\.txt", _parse_requirements),
    (r"uv\.lock|poetry\.lock|pdm\.lock|pylock(\.[^.]+)?\.toml", _parse_toml),
    (r"Pipfile\.lock", _parse_pipfile),
    (r"renv\.lock", _parse_renv),
    (r"(.*\.)?conda-lock\.ya?ml", _parse_conda_lock),
    (r"pixi\.lock", _parse_pixi),
)
