"""Requests and drafts that are valid as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lean_core.git import NotHere
from lean_core.registry.gather import gather
from lean_core.registry.request import Draft, Request, RunFacts, Surroundings
from lean_core.registry.step import Tell, tell_nobody


def a_request(artifact: Path, **said: Any) -> Request:
    return Request(**({"model": "churn", "version": "3", "artifact": artifact} | said))


def around(folder: Path, **known: Any) -> Surroundings:
    facts = {"folder": folder, "tree": NotHere(reason="/x is not in a git repository."), "python": "3.11.9"}
    return Surroundings(**(facts | known))


def a_run(**said: Any) -> RunFacts:
    return RunFacts(**({"source": "local", "run_id": "f" * 32, "status": "FINISHED"} | said))


def a_draft(artifact: Path, *, tell: Tell = tell_nobody, **said: Any) -> Draft:
    return gather(a_request(artifact, **said), around(artifact.parent), tell=tell)
