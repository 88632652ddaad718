"""What an import would do: for a person, for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lean_core.cli.debt.describe import value_lines

if TYPE_CHECKING:
    from lean_core.debt.exchange import Changed, Draft, Plan

_LEFT_OUT = "(not taken)"


def preview_lines(name: str, mapping: Mapping[str, str | None], plan: Plan) -> Iterator[str]:
    """Yield what an import of a file or folder would do."""
    counts = {"new": plan.new, "changed": plan.changed, "as they are in the log": plan.same, "refused": plan.refused}
    yield f"{name}: {', '.join(f'{len(each)} {what}' for what, each in counts.items())}"
    for column, field in mapping.items():
        if column != field:
            yield f"column   {column}: {field or _LEFT_OUT}"
    for draft in plan.new:
        yield f"new      {_name(draft)}"
        yield from _problems(draft)
    for changed in plan.changed:
        yield f"changed  {changed.item.id}: {changed.item.title}"
        for field, value in changed.changes.items():
            before, after = ("; ".join(value_lines(each)) for each in (getattr(changed.item, field), value))
            yield f"           {field}: {before} -> {after}"
        yield from _problems(changed.draft)
    for merged in plan.merged:
        yield f"merged   {merged.sentence}"
    for refused in plan.refused:
        yield f"refused  {refused.file}:{refused.line}: {refused.reason}"
    for note in plan.notes:
        yield f"note     {note}"


def describe_plan(name: str, mapping: Mapping[str, str | None], plan: Plan) -> dict[str, object]:
    """Return a plan for JSON."""
    return {
        "file": name,
        "mapping": dict(mapping),
        "new": [_describe_draft(draft) for draft in plan.new],
        "changed": [_describe_changed(changed) for changed in plan.changed],
        "same": [draft.id or str(draft.fields.get("title", "")) for draft in plan.same],
        "merged": [{"id": each.id, "lines": each.lines, "sentence": each.sentence} for each in plan.merged],
        "refused": [{"file": each.file, "line": each.line, "reason": each.reason} for each in plan.refused],
        "notes": list(plan.notes),
    }


def _name(draft: Draft) -> str:
    ident = f"{draft.id}: " if draft.id else ""
    return f"{ident}{draft.fields.get('title', '')} ({draft.file}:{draft.line})"


def _problems(draft: Draft) -> Iterator[str]:
    for problem in draft.problems:
        yield f"           {problem.sentence}"


def _describe_draft(draft: Draft) -> dict[str, object]:
    return {
        "id": draft.id or None,
        "fields": dict(draft.fields),
        "file": draft.file,
        "line": draft.line,
        "problems": [{"field": each.field, "sentence": each.sentence} for each in draft.problems],
    }


def _describe_changed(changed: Changed) -> dict[str, object]:
    return {
        "id": changed.item.id,
        "changes": {
            field: {"before": getattr(changed.item, field), "after": value} for field, value in changed.changes.items()
        },
        "file": changed.draft.file,
        "line": changed.draft.line,
        "problems": [{"field": each.field, "sentence": each.sentence} for each in changed.draft.problems],
    }
