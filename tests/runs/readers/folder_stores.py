"""MLflow folder stores and plain run folders made by hand, each valid until a test makes it odd."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

START = 1_730_000_000_000


def run_id(number: int) -> str:
    return f"{number:032x}"


def write_experiment(root: Path, name: str = "1", **meta: object) -> Path:
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    said = {"artifact_location": f"file:///gone/{name}", "experiment_id": f"'{name}'", "lifecycle_stage": "active"}
    _write_meta(folder, said | {"name": f"experiment-{name}"} | meta)
    return folder


def write_run(
    experiment: Path,
    number: int = 1,
    *,
    params: Mapping[str, str] | None = None,
    metrics: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
    **meta: object,
) -> Path:
    """Write a finished run; metrics are the text of their files."""
    folder = experiment / run_id(number)
    for part, texts in (("params", params), ("metrics", metrics), ("tags", tags)):
        (folder / part).mkdir(parents=True)
        for key, text in (texts or {}).items():
            write_text(folder / part / key, text)
    (folder / "artifacts").mkdir()
    said = {
        "artifact_uri": f"file:///gone/{experiment.name}/{folder.name}/artifacts",
        "end_time": START + 1,
        "experiment_id": f"'{experiment.name}'",
        "lifecycle_stage": "active",
        "run_id": f"'{folder.name}'",
        "run_name": f"run-{number}",
        "start_time": START,
        "status": 3,
        "user_id": "ana",
    }
    _write_meta(folder, said | meta)
    return folder


def write_text(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def write_tree(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        write_text(root / name, text)
    return root


def see(folder: Path) -> dict[str, tuple[object, ...]]:
    """Return what can be seen of every file and folder: its kind, time, mode, size and bytes."""
    found: dict[str, tuple[object, ...]] = {}
    for path, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            one = Path(path, name)
            seen = one.lstat()
            content = one.read_bytes() if one.is_file() and not one.is_symlink() else b""
            found[str(one)] = (seen.st_mode, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino, content)
    return found


def _write_meta(folder: Path, meta: Mapping[str, object]) -> None:
    lines = [f"{key}: {'null' if value is None else value}\n" for key, value in sorted(meta.items()) if value != "-"]
    (folder / "meta.yaml").write_text("".join(lines), encoding="utf-8")
