"""Files that are what their names say: the artifact, metrics, a lock file, a description of the model."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

from lean_core.registry.artifact_format import is_model_name
from lean_core.registry.foreign.clues import Clues, Found, merge
from lean_core.registry.foreign.entry import read_entry
from lean_core.registry.foreign.look import Look
from lean_core.registry.lock_file import LOCK_FILES, is_pinned
from lean_core.registry.metrics import as_number

_METRICS = re.compile(
    r"(metrics?|eval(uation)?|scores?|results?|performance)([-_.][\w-]+)?\.json|[\w-]+[-_.]metrics\.json"
)
_DESCRIPTIONS = re.compile(r"(model[-_]?)?(metadata|meta|info|card)\.json|(metadata|model_info)[-_.][\w-]+\.json")
_PYTHON = re.compile(r"^python:\s*['\"]?([0-9][0-9.]*)", re.MULTILINE)


def read_files(look: Look) -> Clues:
    """Return what the names of files tell, and what stands in the small ones."""
    top = [path for path in look.files if "/" not in path]
    models = model_files(look.files)
    clues = Clues(
        artifact=Found(models[0], "the file's name") if len(models) == 1 else None,
        lock_file=_find_lock(look, top),
        python=_find_python(look),
    )
    return merge(clues, *(_read_json(look, path) for path in sorted(top) if path.endswith(".json")))


def model_files(files: Iterable[str]) -> tuple[str, ...]:
    """Return the files right in the folder that are called as models are."""
    return tuple(sorted(path for path in files if "/" not in path and is_model_name(path)))


def _read_json(look: Look, path: str) -> Clues:
    if _METRICS.fullmatch(path):
        said = look.json(path)
        if not isinstance(said, Mapping) or not said:
            return Clues()
        if any(as_number(value) is not None for value in said.values()):
            return Clues(metrics=Found(path, path))
        nested = read_entry({"metrics": said}, path).metric_values
        return Clues(metric_values=Found(nested.value, path) if nested else None)
    if _DESCRIPTIONS.fullmatch(path):
        said = look.json(path)
        return read_entry(said, path, look.files) if isinstance(said, Mapping) else Clues()
    return Clues()


def _find_lock(look: Look, top: list[str]) -> Found[str] | None:
    for path in LOCK_FILES:
        if path in top:
            return Found(path, path)
    for path in sorted(path for path in look.files if posixpath.basename(path) == "requirements.txt"):
        if is_pinned(look.text(path) or ""):
            return Found(path, path)
    return None


def _find_python(look: Look) -> Found[str] | None:
    for path in sorted(path for path in look.files if posixpath.basename(path) == "python_env.yaml"):
        match = _PYTHON.search(look.text(path) or "")
        if match:
            return Found(match[1], path)
    return None
