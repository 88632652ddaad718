"""The plain text of what stands in a line of Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def tell_text(tokens: Sequence[Token]) -> str:
    """Return the text without its markup; a link is its text, a picture its description."""
    return "".join(_tell(token) for token in tokens)


def tell_linked(tokens: Sequence[Token]) -> str:
    """Return the same with the address of each link behind its text, where it is another."""
    said, address, begin = "", "", 0
    for token in tokens:
        said += _tell(token)
        if token.type == "link_open":
            address, begin = str(token.attrGet("href") or ""), len(said)
        elif token.type == "link_close" and address and address not in said[begin:]:
            said += f" ({address})"
    return said


def is_struck(tokens: Sequence[Token]) -> bool:
    """Whether all of it is struck through."""
    shown = [token for token in tokens if token.content.strip() or token.type.startswith("s_")]
    return len(shown) > 1 and shown[0].type == "s_open" and shown[-1].type == "s_close"


def split_lines(tokens: Sequence[Token]) -> list[list[Token]]:
    """Cut what stands in a paragraph where the lines end."""
    lines: list[list[Token]] = [[]]
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"} or (token.type == "html_inline" and _BREAK.match(token.content)):
            lines.append([])
        else:
            lines[-1].append(token)
    return lines


def split_label(tokens: Sequence[Token]) -> tuple[str, list[Token]] | None:
    """Take a bold label off the beginning of a line: ``**Owner:** ana`` or ``**Owner**: ana``; None without one."""
    kept = [token for token in tokens if token.content or token.type != "text"]
    if not kept or kept[0].type != "strong_open":
        return None
    end = next((at for at, token in enumerate(kept) if token.type == "strong_close"), 0)
    label, rest = tell_text(kept[1:end]).strip(), kept[end + 1 :]
    if label.endswith(":"):
        return label.removesuffix(":").strip(), rest
    if rest and rest[0].type == "text" and rest[0].content.lstrip().startswith(":"):
        after = rest[0].content.lstrip().removeprefix(":")
        return label, [Token("text", "", 0, content=after), *rest[1:]]
    return None


def _tell(token: Token) -> str:
    if token.type in {"text", "code_inline", "image"}:
        return token.content
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    if token.type == "html_inline":
        return "\n" if _BREAK.match(token.content) else ""
    return ""
