"""The lock file: which packages, exactly, another person needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

LOCK_FILES = (
    "uv.lock", "poetry.lock", "pdm.lock", "pixi.lock", "Pipfile.lock", "pylock.toml", "conda-lock.yml",
    "conda-lock.yaml", "renv.lock", "requirements.lock",
)  # fmt: skip
"""Exact by their nature; the first that is there is believed."""

_REQUIREMENTS = re.compile(r"requirements[\w.-]*\.txt")
_LARGEST = 8_000_000
_PINNED = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^]]*\])?\s*(?:={2,3}\s*[^\s*,;]+\s*(?:;.*|--hash.*)?$|@\s*\S)"
)


def find_lock_files(folder: Path, root: Path) -> tuple[Path, ...]:
    """Return the lock files of the nearest folder that has one, the surest first.

    Args:
        folder: where to begin to look.
        root: where to end: the repository's, or ``folder`` itself outside of one.
    """
    start, top = folder.resolve(), root.resolve()
    upwards = [start, *start.parents]
    within = upwards[: upwards.index(top) + 1] if top in upwards else [start]
    return next((found for each in within if (found := tuple(_locks_in(each)))), ())


def _locks_in(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in LOCK_FILES if (folder / name).is_file())
    try:
        named = sorted(path for path in folder.iterdir() if _REQUIREMENTS.fullmatch(path.name))
    except OSError:
        return
    named.sort(key=lambda path: path.name != "requirements.txt")
    yield from (path for path in named if path.is_file() and is_pinned(_read(path)))


def is_pinned(requirements: str) -> bool:
    """Whether a requirements file names one exact version, or one address, of all that it asks for."""
    joined = re.sub(r"\\\n", " ", requirements.replace("\r\n", "\n"))
    lines = [re.sub(r"(^|\s)#.*$", "", line).strip() for line in joined.split("\n")]
    asked = [line for line in lines if line and not line.startswith(("--", "-i ", "-f "))]
    return bool(asked) and all(_PINNED.match(line) for line in asked)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError:
        return ""
    return "" if len(content) > _LARGEST else content.decode("utf-8", errors="replace")
