"""Bring the objects of a table here."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from lean_core.objects import Objects


def fetch_table(open_at: Callable[[str], Objects], address: str, into: Path) -> list[Path]:
    """Copy the objects that an address means into a folder.

    Args:
        open_at: opens the objects at ``s3://bucket/prefix``.
        address: ``s3://bucket/key``; * stands for anything but a slash, ** for anything.
        into: a folder, made where there is none.

    Raises:
        ObjectsError, NameRefused: they can't be had.
    """
    root = address.partition("*")[0].rpartition("/")[0]
    objects, wanted = open_at(root), address.removeprefix(f"{root}/")
    if "*" in wanted:
        pattern = re.compile(_pattern(wanted), re.DOTALL)
        keys = sorted(info.key for info in objects.walk() if pattern.fullmatch(info.key))
    else:
        keys = [wanted] if objects.stat(wanted) else []
    paths = []
    for key in keys:
        path = into / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with objects.open(key) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        paths.append(path)
    return paths


def _pattern(wanted: str) -> str:
    parts = re.split(r"(\*\*|\*)", wanted)
    return "".join({"**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts)
