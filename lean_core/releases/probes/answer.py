"""Find the version, or the digest, in an answer."""

from __future__ import annotations

import json
import re
from typing import Literal

from lean_core.releases.probes.observation import Said, Silent

LIMIT = 64 * 1024
"""Bytes: a version's name, or a small JSON document with it, is shorter."""
LONGEST = 200
_STEP = re.compile(r"\[(\d+)\]|[^.\[\]]+")
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.IGNORECASE)


def read_answer(content: bytes, *, json_path: str, compare: Literal["version", "digest"]) -> Said | Silent:
    """Return what an answer says.

    Args:
        content: the answer, at most `LIMIT` bytes and one more.
        json_path: where in a JSON answer it is; empty: the whole answer is meant.
        compare: what it is to be.
    """
    if len(content) > LIMIT:
        return Silent(reason=f"the answer is longer than {LIMIT // 1024} kB, which no version's name is")
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return Silent(reason="the answer is not text")
    if text.startswith("<"):
        return Silent(reason="the answer is a web page (HTML or XML), not a version: a login may stand before it")
    if json_path:
        found = _pick(text, json_path)
        if isinstance(found, Silent):
            return found
        text = found
    return _said(text, compare)


def _pick(text: str, json_path: str) -> str | Silent:
    try:
        value = json.loads(text, parse_float=str, parse_int=str)  # 1.10 is a version's name, and 1.1 another one
    except (ValueError, RecursionError):
        return Silent(reason="the answer is not JSON")
    for match in _STEP.finditer(json_path.removeprefix("$.")):
        if match[1] is not None and isinstance(value, list) and int(match[1]) < len(value):
            value = value[int(match[1])]
        elif match[1] is None and isinstance(value, dict) and match[0] in value:
            value = value[match[0]]
        else:
            return Silent(reason=f"the answer has nothing at {json_path}")
    if not isinstance(value, str):
        return Silent(reason=f"what the answer has at {json_path} is neither a text nor a number")
    return value.strip()


def _said(text: str, compare: Literal["version", "digest"]) -> Said | Silent:
    if not text:
        return Silent(reason="the answer is empty")
    if compare == "digest":
        digest = _DIGEST.fullmatch(text)
        if digest is None:
            return Silent(reason="the answer is not a SHA-256 of 64 hex digits")
        return Said(text=digest[1].lower(), kind="digest")
    if len(text) > LONGEST or not text.isprintable():
        return Silent(reason=f"the answer is not the name of a version: it has several lines or over {LONGEST} letters")
    return Said(text=text, kind="version")
