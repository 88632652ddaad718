"""Python and packages of a run, from the files that MLflow and people leave among its artifacts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from lean_core.runs.artifacts import ArtifactLocation, Unreachable, list_artifacts, read_head
from lean_core.runs.compare import Row, compare_values
from lean_core.runs.tracking import Limits
from lean_core.settings import redact

FILES = ("python_env.yaml", "requirements.txt", "conda.yaml")
"""In the order in which they are believed: MLflow writes the first two from what was installed."""
DEPTH = 2
"""A model folder lies at most so deep."""
FOLDERS = 30
"""So many are looked into at most: each is a request where a server keeps them."""
FILE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What a run, or its model, was written to need."""

    python: str | None
    packages: dict[str, str] = field(default_factory=dict)
    """Version by name: ``1.4.2`` where it is exact, else as it is written (``>=1.4,<2``), empty where none is."""
    evidence: tuple[str, ...] = ()
    """The files it was read from."""

    def values(self) -> dict[str, str]:
        """Return it as plain values, Python among them, to be compared."""
        return ({} if self.python is None else {"python": self.python}) | self.packages


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Why nothing is known of an environment: a sentence for a person."""

    reason: str


def compare_environments(environments: Sequence[Environment | Missing]) -> tuple[Row[str], ...]:
    """Put environments side by side; one that is missing has no values, and differs from nothing."""
    known = [one.values() if isinstance(one, Environment) else None for one in environments]
    return compare_values(known)


def read_environment(locations: Sequence[ArtifactLocation], *, limits: Limits | None = None) -> Environment | Missing:
    """Look through a run's artifacts, then through its logged models', for the first folder that tells."""
    limits = limits or Limits()
    unreachable = ""
    for location in locations:
        found = _find(location, limits)
        if isinstance(found, Unreachable):
            unreachable = unreachable or found.reason
        elif found:
            return _read(location, found, limits)
    if unreachable:
        return Missing(reason=f"Its environment can't be seen from here: {unreachable}")
    return Missing(reason=f"There is no {', '.join(FILES[:-1])} or {FILES[-1]} among its artifacts.")


def _find(location: ArtifactLocation, limits: Limits) -> list[str] | Unreachable:
    """Return the paths of the known files in the first folder that has any, nearest to the root first."""
    waiting = [("", 0)]
    for _ in range(FOLDERS):
        if not waiting:
            break
        folder, depth = waiting.pop(0)
        listed = list_artifacts(location, folder, limits=limits)
        if isinstance(listed, Unreachable):
            if not folder:
                return listed
            continue
        found = [one.path for name in FILES for one in listed if one.name == name and not one.is_folder]
        if found:
            return found
        if depth < DEPTH:
            waiting += [(one.path, depth + 1) for one in listed if one.is_folder]
    return []


def _read(location: ArtifactLocation, paths: Iterable[str], limits: Limits) -> Environment | Missing:
    parsed: list[tuple[str, Environment]] = []
    for path in paths:
        head = read_head(location, path, FILE_BYTES, limits=limits)
        if not isinstance(head, Unreachable):
            parsed.append((path, parse_environment(path, head[0].decode("utf-8", errors="replace"))))
    told = [(path, one) for path, one in parsed if one.python or one.packages]
    if not told:
        return Missing(reason=f"{', '.join(paths)} could not be read as an environment.")
    return Environment(
        python=next((one.python for _, one in told if one.python), None),
        packages=next((one.packages for _, one in told if one.packages), {}),
        evidence=tuple(path for path, _ in told),
    )


def parse_environment(path: str, text: str) -> Environment:
    """Read one file by its name; what is not understood in it is passed over."""
    if path.endswith("requirements.txt"):
        return Environment(python=None, packages=parse_requirements(text.splitlines()))
    import yaml

    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError):
        content = None
    if not isinstance(content, dict):
        return Environment(python=None)
    return _parse_conda(content) if path.endswith("conda.yaml") else _parse_python_env(content)


def _parse_python_env(content: dict[object, object]) -> Environment:
    python = content.get("python")
    # "-r requirements.txt" is what MLflow writes here: the packages then come from that file.
    packages = parse_requirements(_strings(content.get("dependencies")))
    return Environment(python=None if python is None else str(python), packages=packages)


def _parse_conda(content: dict[object, object]) -> Environment:
    dependencies = content.get("dependencies")
    packages = dict(_from_conda(_strings(dependencies)))
    python = packages.pop("python", None)
    if isinstance(dependencies, list):
        for below in dependencies:
            if isinstance(below, dict):
                packages |= parse_requirements(_strings(below.get("pip")))
    return Environment(python=python, packages=packages)


def _strings(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


_CONDA = re.compile(r"^(?:[^\s:]+::)?([A-Za-z0-9_.-]+)\s*(.*)$")


def _from_conda(specs: Iterable[str]) -> Iterator[tuple[str, str]]:
    for spec in specs:
        match = _CONDA.match(spec.strip())
        if match:
            # name=version=build; one = and a blank mean the same, and so does ==.
            version = re.sub(r"^=+", "", match[2].strip())
            yield _normalise(match[1]), version.partition("=")[0] if version[:1].isdigit() else version


_REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^]]*\])?\s*(.*)$")

_AFTER_NAME = ("", "<", ">", "=", "!", "~", "@", ";", "(", "-")
"""What may follow a name; anything else is an address or a path without one."""


def parse_requirements(lines: Iterable[str]) -> dict[str, str]:
    """Return the versions in lines of a requirements file by the normalised names of packages.

    Options are passed over, since some of them (``--index-url``) hold passwords.
    """
    packages = {}
    for line in _join_continued(lines):
        text = re.sub(r"(^|\s)#.*$", "", line).strip()
        match = None if text.startswith("-") else _REQUIREMENT.match(text)
        if match and match[2][:1] in _AFTER_NAME:
            spec = re.split(r"\s--|\s*;", match[2], maxsplit=1)[0].strip().strip("()")
            exact = re.fullmatch(r"={2,3}\s*([^\s,*]+)", spec)
            packages[_normalise(match[1])] = exact[1] if exact else redact(re.sub(r"\s+", "", spec))
    return dict(sorted(packages.items()))


def _join_continued(lines: Iterable[str]) -> Iterator[str]:
    begun = ""
    for line in chain(lines, [""]):
        if line.endswith("\\"):
            begun += line[:-1] + " "
        else:
            yield begun + line
            begun = ""


def _normalise(name: str) -> str:
    """Return the name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
