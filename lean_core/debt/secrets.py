"""Keep credentials out of the log: nothing of them is stored, logged or said back.

The rules are those of detect-secrets, without its entropy plugins, which take digests for secrets. Its plugins are
asked one by one: its own scanner reads process-wide settings, tries credentials out over the network, and logs them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from lean_core.errors import DebtRefused

if TYPE_CHECKING:
    from detect_secrets.plugins.base import BasePlugin

_LEFT_OUT = frozenset({"Base64 High Entropy String", "Hex High Entropy String", "Public IP (ipv4)"})
"""The first two take digests, and the last takes versions of four parts, for credentials."""
_KEYWORD = "Secret Keyword"
_TOKENS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "Logfire Token": re.compile(r"\bpylf_\w{8,}"),
        "Hugging Face Token": re.compile(r"\bhf_[A-Za-z0-9]{30,}"),
        "OpenAI or Anthropic Key": re.compile(r"\bsk-(?:proj|svcacct|admin|ant)-[\w-]{20,}"),
        "Google API Key": re.compile(r"\bAIza[\w-]{35}"),
        "GitHub Token": re.compile(r"\bgithub_pat_\w{22,}"),
        "Databricks Token": re.compile(r"\bdapi[0-9a-f]{32}"),
    }
)
"""What detect-secrets does not know."""
_ASSIGNED = re.compile(
    r"(?:password|passwd|pwd|secret|token|api_?key|access_?key)\w*(?:=|:=|: ?)(?P<value>[^\s'\"`,;)]{8,})",
    re.IGNORECASE,
)
"""``DB_PASSWORD=...`` without quotes: detect-secrets asks for them, except in configuration files."""
_REFERENCE = re.compile(r"[$<{%*]|.*[(\[]|https?:|.*\.\.\.")
_AT_ONCE = 500
"""Characters of a line: some of the patterns take quadratic time, and cubic time on blanks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """That there is a credential; never the credential."""

    line: int
    """Counted from 1."""
    kind: str


def find_secrets(text: str) -> tuple[Secret, ...]:
    """Return where a text holds what looks like a credential."""
    found = dict.fromkeys(
        (at, kind) for at, line in enumerate(text.splitlines(), start=1) for kind in _find_kinds(line)
    )
    return tuple(Secret(line=at, kind=kind) for at, kind in found)


def refuse_secrets(fields: Mapping[str, str], *, where: str) -> None:
    """Refuse texts of which one holds what looks like a credential.

    Args:
        fields: the texts, by what they are called.
        where: what they belong to.

    Raises:
        DebtRefused: names field, line and kind, and nothing of the text.
    """
    for field, text in fields.items():
        found = find_secrets(text)
        if found:
            raise DebtRefused(
                f"{where}: {field}, line {found[0].line}, holds what looks like a credential ({found[0].kind}). Nothing"
                " was saved: say where it is kept instead, and replace it if somebody else may have seen it"
            )


def _find_kinds(line: str) -> Iterator[str]:
    line = " ".join(line.split())
    # Halves overlap, so that what lies on a border is whole in one of them.
    step = _AT_ONCE // 2
    for start in range(0, max(1, len(line) - step), step):
        part = line[start : start + _AT_ONCE]
        yield from (kind for kind, pattern in _TOKENS.items() if pattern.search(part))
        for kind, plugin in _plugins().items():
            if any(kind != _KEYWORD or _is_value(secret, part) for secret in plugin.analyze_string(part)):
                yield kind
        if any(_looks_random(match["value"]) for match in _ASSIGNED.finditer(part)):
            yield _KEYWORD


def _is_value(secret: str, line: str) -> bool:
    """Whether something called a password is one, and not prose about it or a hint where it is."""
    from detect_secrets.filters import heuristic

    return not (
        heuristic.is_templated_secret(secret)
        or heuristic.is_prefixed_with_dollar_sign(secret)
        or heuristic.is_indirect_reference(line)
        or heuristic.is_not_alphanumeric_string(secret)
        or (" " in secret.strip() and not any(char.isdigit() for char in secret))
    )


def _looks_random(value: str) -> bool:
    has_both = any(char.isdigit() for char in value) and any(char.isalpha() for char in value)
    return has_both and not _REFERENCE.match(value)


@functools.cache
def _plugins() -> Mapping[str, BasePlugin]:
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    classes: Mapping[str, type[BasePlugin]] = get_mapping_from_secret_type_to_class()
    return {kind: make() for kind, make in sorted(classes.items()) if kind not in _LEFT_OUT}
