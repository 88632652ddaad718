"""One item that a file speaks of more than once: open in one table, closed in another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lean_core.debt.exchange.draft import Draft
from lean_core.debt.exchange.words import fold
from lean_core.debt.fields import TEXTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Rows that became one item."""

    id: str
    lines: tuple[int, ...]
    sentence: str


def merge_drafts(drafts: Iterable[Draft]) -> tuple[list[Draft], tuple[Merged, ...]]:
    """Put drafts of one ID together: the first that says something counts, and what is over is over.

    Where two say a text differently, the other is kept under what was done instead.
    """
    groups: dict[object, list[Draft]] = {}
    for at, draft in enumerate(drafts):
        groups.setdefault(draft.id.casefold() or at, []).append(draft)
    merged = [_tell(group) for group in groups.values() if len(group) > 1]
    return [_merge(group) for group in groups.values()], tuple(merged)


def _merge(group: Sequence[Draft]) -> Draft:
    first = group[0]
    if len(group) == 1:
        return first
    fields: dict[str, object] = {}
    other: list[str] = []
    for draft in group:
        for name, value in draft.fields.items():
            before = fields.get(name)
            if before in {None, "", ()}:
                fields[name] = value
            elif name in TEXTS and value and fold(str(value)) not in fold(str(before)):
                other.append(f"Also, at line {draft.line} ({name}): {value}")
    ending = next((draft for draft in group if draft.ended), None)
    if ending:
        fields["status"] = ending.fields["status"]
        fields["reason"] = ending.fields.get("reason") or fields.get("reason", "")
    if other:
        fields["instead"] = "\n".join(filter(None, (str(fields.get("instead", "")), *other)))
    problems = {problem.field: problem for draft in reversed(group) for problem in draft.problems}
    revision = next((draft.revision for draft in group if draft.revision), None)
    return replace(first, fields=fields, problems=tuple(problems.values()), revision=revision)


def _tell(group: Sequence[Draft]) -> Merged:
    lines = tuple(draft.line for draft in group)
    said = list(dict.fromkeys(str(draft.fields.get("status", "open")) for draft in group))
    where = f"lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"
    statuses = f", {' and '.join(said)}" if len(said) > 1 else ""
    result = _merge(group).fields.get("status", "open")
    sentence = f"{group[0].id} stands at {where}{statuses}: it is one item, {result}."
    return Merged(id=group[0].id, lines=lines, sentence=sentence)
