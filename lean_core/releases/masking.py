"""Take secrets out of what is kept: a trail can't be edited afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lean_core.settings import redact

_SECRET_NAME = re.compile(
    r"password|passwd|pwd|secret|token|credential|(^|_)(api|access|private)?_?key(_|$)", re.IGNORECASE
)
_NO_SECRETS = frozenset({"PWD", "OLDPWD"})
"""Folders, in every shell."""
_SHORTEST = 6
"""Shorter values would mask words that are no secrets."""
_SHAPES = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"  # AWS
    r"|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{15,}"
    r"|\bxox[abprs]-[\w-]{10,}|\bpylf_\w{10,}|\bsk-[A-Za-z0-9_-]{20,}"
    r"|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*"  # a JSON web token
    r"|(?i:\b(?:bearer|basic) +)[A-Za-z0-9._~+/=-]{8,}"
)


def mask(text: str, environ: Mapping[str, str]) -> str:
    """Return a text without the values of variables that are named like secrets, and without what looks like one.

    Args:
        text: what a command wrote, or the command itself.
        environ: the environment that it ran in.
    """
    secrets = {
        value
        for name, value in environ.items()
        if len(value) >= _SHORTEST and name not in _NO_SECRETS and _SECRET_NAME.search(name)
    }
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return redact(_SHAPES.sub("***", text))
