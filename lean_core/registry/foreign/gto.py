"""GTO: a model's entry in ``artifacts.yaml``, and its versions and stages as git tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lean_core.git import GitError, read_git
from lean_core.registry.foreign import words
from lean_core.registry.foreign.clues import Clues, Found
from lean_core.registry.foreign.entry import plain_path

ARTIFACTS = "artifacts.yaml"
_VERSION_TAG = re.compile(r"(?P<name>[^@#!]+)@(?P<version>v?\d[\w.+-]*)(?:!(?P<number>\d+))?")
_STAGE_TAG = re.compile(r"(?P<name>[^@#!]+)#(?P<stage>[^#!]+)(?:#\d+)?")
_FORMAT = "%(refname:strip=2)%00%(objectname)%00%(*objectname)"


@dataclass(frozen=True, slots=True, kw_only=True)
class GtoTags:
    """The tags of a repository that GTO made."""

    versions: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """Commit and tag by model and version, the latter without its letter."""
    stages: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """Stage and tag by model and commit."""


def read_tags(repository: Path) -> GtoTags:
    """Return GTO's tags of a repository; none where there is none."""
    versions: dict[tuple[str, str], tuple[str, str]] = {}
    stages: dict[tuple[str, str], tuple[str, str]] = {}
    try:
        told = read_git(repository, "for-each-ref", "--sort=creatordate", f"--format={_FORMAT}", "refs/tags").text
    except GitError:
        return GtoTags()
    for line in told.splitlines():
        tag, own, peeled = line.split("\0")
        commit = peeled or own
        if match := _VERSION_TAG.fullmatch(tag):
            if match["number"] is None:  # with one it takes a version back, or gives it again
                versions[match["name"], words.bare_version(match["version"])] = (commit, tag)
        elif match := _STAGE_TAG.fullmatch(tag):
            stages[match["name"], commit] = (match["stage"], tag)
    return GtoTags(versions=versions, stages=stages)


def read_gto(model: str, version: str, *, tags: GtoTags, artifacts: Any, files: tuple[str, ...]) -> Clues:  # noqa: ANN401
    """Return what GTO knows of a version.

    Args:
        model: its model.
        version: which one.
        tags: of the repository.
        artifacts: what ``artifacts.yaml`` says.
        files: in the version's folder.
    """
    entry = artifacts.get(model) if isinstance(artifacts, Mapping) else None
    path = plain_path(entry["path"]) if isinstance(entry, Mapping) and isinstance(entry.get("path"), str) else ""
    name = path.rsplit("/", 1)[-1]
    commit, tag = tags.versions.get((model, words.bare_version(version)), ("", ""))
    stage, stage_tag = tags.stages.get((model, commit), ("", ""))
    return Clues(
        artifact=Found(name, f"{ARTIFACTS}, {model}") if name in files else None,
        commit=Found(commit, f"git tag {tag}") if commit else None,
        status=Found(stage, f"git tag {stage_tag}") if stage else None,
    )
