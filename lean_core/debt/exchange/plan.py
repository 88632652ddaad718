"""What an import would do: which items are new, which others it would change, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lean_core.debt.exchange.draft import Draft, draft_own, draft_row
from lean_core.debt.exchange.mapping import check_mapping
from lean_core.debt.exchange.merge import Merged, merge_drafts
from lean_core.debt.exchange.rows import Refused, Table
from lean_core.debt.exchange.suit import suit_rules
from lean_core.debt.exchange.words import fold
from lean_core.debt.fields import KEPT
from lean_core.debt.item import Item
from lean_core.debt.rules import Problem
from lean_core.errors import DebtRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """An item of the log of which the file says something else."""

    item: Item
    draft: Draft
    changes: Mapping[str, object]
    """By field, what the file says."""

    @property
    def seen(self) -> int:
        """The revision on which the file rests: the one that it names, else the present one."""
        return min(self.draft.revision or self.item.revision, self.item.revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import would do; nothing of it is done yet."""

    new: tuple[Draft, ...]
    changed: tuple[Changed, ...]
    same: tuple[Draft, ...]
    """What the log says already."""
    merged: tuple[Merged, ...]
    """IDs that stood in the file more than once."""
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]


def plan_import(table: Table, mapping: Mapping[str, str | None], existing: Sequence[Item]) -> Plan:
    """Compare the rows of a file with the log.

    Args:
        table: as read.
        mapping: the field of each column; `guess_mapping` proposes one.
        existing: all items of the log.

    Raises:
        DebtRefused: the mapping names a column or a field that there is not, or none for the title.
    """
    wrong = check_mapping(mapping, table.columns)
    if table.rows and "title" not in mapping.values():
        wrong = (*wrong, "No column holds the title: say which one does.")
    if wrong:
        raise DebtRefused(" ".join(wrong))
    draft = draft_own if table.kind == "workbench" else draft_row
    drafted = [draft(row, mapping) for row in table.rows]
    refused = [*table.refused, *(each for each in drafted if isinstance(each, Refused))]
    drafts, merged = merge_drafts(each for each in drafted if isinstance(each, Draft))
    suited = [suit_rules(each) for each in drafts]
    refused += [each for each in suited if isinstance(each, Refused)]
    new, changed, same = _compare([each for each in suited if isinstance(each, Draft)], existing)
    return Plan(
        new=tuple(new),
        changed=tuple(changed),
        same=tuple(same),
        merged=merged,
        refused=tuple(sorted(refused, key=lambda each: (each.file, each.line))),
        notes=(*table.notes, *_tell_columns(table, mapping)),
    )


def _compare(drafts: Iterable[Draft], existing: Sequence[Item]) -> tuple[list[Draft], list[Changed], list[Draft]]:
    by_id = {item.id.casefold(): item for item in existing}
    by_title = {fold(item.title): item for item in existing}
    new, changed, same = [], [], []
    for draft in drafts:
        item = by_id.get(draft.id.casefold()) if draft.id else by_title.get(fold(str(draft.fields["title"])))
        if item is None:
            new.append(draft)
            continue
        changes = {name: value for name, value in draft.fields.items() if not _is_same(value, getattr(item, name))}
        if changes:
            changed.append(Changed(item=item, draft=_warn_of_stranger(draft, item), changes=changes))
        else:
            same.append(draft)
    return new, changed, same


def _is_same(one: object, other: object) -> bool:
    return one == other or (isinstance(one, str) and isinstance(other, str) and one.strip() == other.strip())


def _warn_of_stranger(draft: Draft, item: Item) -> Draft:
    """Say it where an ID is the same and the title has no word in common."""
    if set(fold(str(draft.fields["title"])).split()) & set(fold(item.title).split()):
        return draft
    sentence = f"{item.id} of the log is “{item.title}”: is it the same? If not, give the row another ID."
    return replace(draft, problems=(*draft.problems, Problem(field="id", sentence=sentence)))


def _tell_columns(table: Table, mapping: Mapping[str, str | None]) -> list[str]:
    left = [column for column in table.columns if mapping.get(column) is None and column not in KEPT]
    return [f"Not taken, since no field is chosen for them: {', '.join(left)}."] if left else []
