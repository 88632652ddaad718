"""References to data, as a person writes them: ``NAME=REF``, or ``NAME=REF@sha256:…``."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from lean_core.errors import UsageError
from lean_core.objects import Progress
from lean_core.registry.hashing import hash_file, hash_folder, ignore_progress
from lean_core.registry.record import Data
from lean_core.settings import redact, scheme_of

_DIGEST = re.compile(r"(.+)@((sha256|sha512|sha1|md5|crc32c|etag):[^\s@]+)", re.DOTALL)
_SHA256 = re.compile(r"sha256:[0-9a-f]{64}")


def parse_data_reference(text: str) -> Data:
    """Return what ``NAME=REF`` says.

    Raises:
        UsageError: it is not of that form.
    """
    name, separator, ref = (part.strip() for part in text.partition("="))
    if not (separator and name and ref) or not text.isprintable():
        shown = redact(text)[:120]
        raise UsageError(f"{shown!r} is no reference to data: write NAME=REF, such as train=s3://bucket/train.parquet")
    match = _DIGEST.fullmatch(ref)
    if match is None:
        return Data(name=name, ref=ref)
    digest = match[2].lower() if match[3] == "sha256" else match[2]
    if match[3] == "sha256" and not _SHA256.fullmatch(digest):
        raise UsageError(f"the digest of data {name!r} is not 64 hex digits: write NAME=REF@sha256:… with all of them")
    return Data(name=name, ref=match[1], digest=digest)


def find_local(data: Data, folder: Path) -> Path | None:
    """Return the file or folder of this machine that a reference means, or None where it means none.

    Args:
        data: the reference.
        folder: where relative paths count from.
    """
    if not data.ref or scheme_of(data.ref) not in {None, "file"} or "://" in data.ref.removeprefix("file://"):
        return None
    path = folder / Path(data.ref.removeprefix("file://")).expanduser()
    try:
        return path if path.exists() else None
    except (OSError, ValueError):  # too long, or with a zero byte in it
        return None


def name_from_root(ref: str, root: Path | None) -> str:
    """Return a reference, without secrets; an absolute path into the repository becomes one from its root."""
    path = Path(unquote(ref.removeprefix("file://")))
    if root is not None and path.is_absolute() and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return redact(ref)


def local_bytes(path: Path) -> int:
    """Return how much is to be hashed at a path."""
    try:
        if path.is_file():
            return path.stat().st_size
        return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    except OSError:
        return 0


def describe_data(data: Data, path: Path | None, *, root: Path | None, progress: Progress = ignore_progress) -> Data:
    """Return a reference as it is recorded: what lies here hashed, and named from the repository's root if in it.

    Args:
        data: as a person wrote it.
        path: the file or folder of this machine that it means.
        root: of the repository; None outside of one.
        progress: is told how many bytes more were hashed.

    Raises:
        UsageError: what lies here can't be read, or is not what the digest says.
        NameRefused: a folder has a link to a folder or an odd name in it.
    """
    if path is None:
        return replace(data, ref=redact(data.ref))
    try:
        found = (
            f"sha256:{hash_folder(path, progress=progress) if path.is_dir() else hash_file(path, progress=progress)}"
        )
    except OSError as error:
        raise UsageError(
            f"data {data.name!r}: {path} can't be read ({error.strerror}): check its permissions"
        ) from None
    if data.digest is not None and data.digest.startswith("sha256:") and data.digest != found:
        raise UsageError(f"data {data.name!r}: {path} has {found}, not {data.digest}: it changed, or another was meant")
    lexical = path.parent.resolve() / path.name
    top = root.resolve() if root else None
    inside = top is not None and lexical.is_relative_to(top)
    ref = lexical.relative_to(top).as_posix() if inside and top is not None else data.ref
    return replace(data, ref=ref, digest=found)
