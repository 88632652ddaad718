"""Scan a repository for comments that admit a shortcut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

from lean_core.debt.scan.blame import Blame, blame_lines
from lean_core.debt.scan.comments import Comment, read_comments
from lean_core.debt.scan.files import Files
from lean_core.debt.scan.marker import Marker, Scan, fingerprint_of
from lean_core.git import GitError, read_git

MOST = 2_000
"""Markers at a time: nobody decides on more in one go, and the rest is offered when these are."""


def scan(repository: Path, *, decided: AbstractSet[str], now: dt.datetime, tell: Callable[[str], None]) -> Scan:
    """Find the markers in the tracked files of a repository that nobody has decided on.

    Args:
        repository: a folder in it.
        decided: fingerprints of markers that are items already, or were dismissed.
        now: naive UTC, against which ages are counted.
        tell: is told how far it is, in sentences.
    """
    try:
        root = Path(read_git(repository, "rev-parse", "--show-toplevel").text.removesuffix("\n"))
        is_shallow = read_git(root, "rev-parse", "--is-shallow-repository").text.strip() == "true"
        files = Files(root=root)
        found = _find(files)
    except GitError as error:
        return Scan(markers=(), notes=(f"Nothing was scanned: {error}",))
    left = [marker for marker in found if marker.fingerprint not in decided]
    tell(f"markers found: {len(found)}; decided on before: {len(found) - len(left)}")
    markers = left[:MOST]
    lines: dict[str, list[int]] = {}
    for marker in markers:
        lines.setdefault(marker.path, []).append(marker.line)
    blamed = blame_lines(root, lines, tell)
    aged = [_age(marker, blamed, now, is_shallow=is_shallow) for marker in markers]
    return Scan(markers=tuple(aged), notes=(*files.tell(), *_tell(aged, left=len(left), is_shallow=is_shallow)))


def _find(files: Files) -> list[Marker]:
    found: dict[str, Marker] = {}
    for path, text in files.read():
        for marker in _make_markers(path, read_comments(path, text)):
            found.setdefault(marker.fingerprint, marker)
    return list(found.values())


def _make_markers(path: str, comments: Iterable[Comment]) -> Iterable[Marker]:
    from lean_core.debt.secrets import find_secrets

    hidden = 0
    for comment in comments:
        secrets = find_secrets(f"{comment.owner} {comment.text}")
        text, owner, said = comment.text, comment.owner, comment.text
        kind = ", ".join(sorted({secret.kind for secret in secrets}))
        if secrets:
            hidden += 1
            # Not even a hash of a credential is kept: by its number in the file instead.
            text, owner, said = "", "", f"{kind} {hidden}"
        fingerprint = fingerprint_of(path, comment.word, said)
        yield Marker(path=path, line=comment.line, word=comment.word, owner=owner, until=comment.until, text=text,
                     secret=kind, fingerprint=fingerprint)  # fmt: skip


def _age(marker: Marker, blamed: Mapping[tuple[str, int], Blame], now: dt.datetime, *, is_shallow: bool) -> Marker:
    blame = blamed.get((marker.path, marker.line))
    if blame is None:
        return marker
    return replace(
        marker,
        author=blame.author,
        written=blame.written.date(),
        age_days=max(0, (now - blame.written).days),
        at_least=is_shallow and blame.is_boundary,
    )


def _tell(markers: Sequence[Marker], *, left: int, is_shallow: bool) -> Iterable[str]:
    ageless = sum(marker.age_days is None for marker in markers)
    hidden = sum(bool(marker.secret) for marker in markers)
    if left > len(markers):
        yield f"Markers that are offered once these are decided on: {left - len(markers)}."
    if ageless:
        yield f"Markers without an age, since they are in no commit yet or git did not answer in time: {ageless}."
    if is_shallow:
        yield "The clone is shallow, so a marker may be older than it says: git fetch --unshallow brings the history."
    if hidden:
        yield f"Markers with what looks like a credential, to be taken out and replaced where it is used: {hidden}."
