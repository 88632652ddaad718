"""Which files of a repository are read: tracked text of a known kind, neither huge nor somebody else's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lean_core.debt.scan.comments import QUICK, knows_comments
from lean_core.git import read_git

LARGEST = 1_000_000
"""Bytes; what people write by hand is smaller."""
LONGEST_LINE = 5_000
"""Characters; a longer one was made by a program."""
_LIST_LIMIT = 100_000_000
_VENDORED = frozenset({"node_modules", "bower_components", "vendor", "vendored", "third_party", "thirdparty",
                       "third-party", "3rdparty", "site-packages", "dist", "venv", ".venv"})  # fmt: skip
_GENERATED = re.compile(r"[.-]min\.|\.bundle\.|\.generated\.|_pb2\.|\.lock$|-lock\.", re.IGNORECASE)
_REASONS = {
    "vendored": "of vendored or built folders",
    "kind": "of kinds whose comments are not known",
    "large": f"larger than {LARGEST // 1_000_000} MB",
    "generated": "minified or generated",
    "binary": "without text",
    "gone": "tracked, but not in the working tree or a link",
}


@dataclass(slots=True, kw_only=True)
class Files:
    """The files of a repository, and how many are passed over, by reason."""

    root: Path
    passed_over: Counter[str] = field(default_factory=Counter)

    def read(self) -> Iterator[tuple[str, str]]:
        """Yield path and text of the files that may have a marker in them.

        Raises:
            GitError: git could not list them.
        """
        listed = read_git(self.root, "ls-files", "-z", "--full-name", limit=_LIST_LIMIT)
        for path in sorted(set(filter(None, listed.text.split("\0")))):
            reason = _judge_name(path)
            content = b"" if reason else self._load(path)
            if isinstance(content, str):
                reason = content
            elif not reason and QUICK.search(content):
                reason = _judge_content(content)
                if not reason:
                    yield path, content.decode("utf-8", errors="replace")
            if reason:
                self.passed_over[reason] += 1

    def tell(self) -> tuple[str, ...]:
        """Return what was passed over, in sentences."""
        said = [f"{count} {_REASONS[reason]}" for reason, count in self.passed_over.most_common()]
        return (f"Files that were not read: {', '.join(said)}.",) if said else ()

    def _load(self, path: str) -> bytes | str:
        """Return a file's content, or why it has none."""
        place = self.root / path
        try:
            # A link may lead out of the repository.
            if place.resolve() != self.root.resolve() / path or not place.is_file():
                return "gone"
            return "large" if place.stat().st_size > LARGEST else place.read_bytes()
        except (OSError, RuntimeError):
            return "gone"


def _judge_name(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not _VENDORED.isdisjoint(part.lower() for part in parts[:-1]):
        return "vendored"
    if _GENERATED.search(parts[-1]):
        return "generated"
    return "" if knows_comments(path) else "kind"


def _judge_content(content: bytes) -> str:
    if b"\0" in content:
        return "binary"
    return "generated" if max(map(len, content.split(b"\n"))) > LONGEST_LINE else ""
