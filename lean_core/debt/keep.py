"""Keep items: judged by the rules, free of credentials, each with its journal entry in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lean_core import clock
from lean_core.debt import table
from lean_core.debt.codec import encode
from lean_core.debt.item import Item
from lean_core.debt.rules import check_item
from lean_core.debt.secrets import refuse_secrets
from lean_core.errors import DebtRefused

if TYPE_CHECKING:
    import duckdb

NOUN = "debt"
"""What the journal calls an item."""


def refuse_credentials(given: Mapping[str, object], *, where: str) -> None:
    """Refuse what was given, before anything of it is read, where any text in it looks like a credential.

    Numbers and dates may come as texts too, and a mistyped one must not be said back.

    Raises:
        DebtRefused: names field, line and kind, and nothing of the text.
    """
    texts = {}
    for name, value in given.items():
        if isinstance(value, list | tuple | set | frozenset):
            texts[name] = "\n".join(map(str, value))
        elif isinstance(value, str):
            texts[name] = value
    refuse_secrets(texts, where=where)


def refuse_problems(item: Item, *, where: str, is_new: bool) -> None:
    """Refuse an item that the rules forbid.

    Args:
        item: as it would be kept.
        where: what it is called in the message.
        is_new: whether somebody says just now until when it is accepted.

    Raises:
        DebtRefused: says all that is wrong.
    """
    problems = check_item(item, today=clock.now().date() if is_new else None)
    if problems:
        raise DebtRefused(f"{where}: {' '.join(problem.sentence for problem in problems)}")


def keep_new(cursor: duckdb.DuckDBPyConnection, item: Item) -> Item:
    """Write a new item into the log and return it."""
    from lean_core.store import Change, record  # late: it brings duckdb

    table.add_item(cursor, item)
    record(cursor, Change(actor=item.updated_by, noun=NOUN, subject=item.id, after=encode(item)))
    return item


def keep_changed(
    cursor: duckdb.DuckDBPyConnection, changed: Sequence[tuple[Item, Item]], *, actor: str, reverts: int | None
) -> tuple[Item, ...]:
    """Write items in place of what they were and return them, with their new revision.

    Args:
        cursor: inside a transaction.
        changed: each as it was and as it is to be.
        actor: who changed them.
        reverts: the journal's number of the change that is taken back by it.
    """
    from lean_core.store import Change, record  # late: it brings duckdb

    now = clock.now()
    kept = tuple(replace(new, revision=old.revision + 1, updated_at=now, updated_by=actor) for old, new in changed)
    table.put_items(cursor, kept)
    for (old, _), item in zip(changed, kept, strict=True):
        after = encode(item) if reverts is None else {**encode(item), "reverts": reverts}
        record(cursor, Change(actor=actor, noun=NOUN, subject=item.id, before=encode(old), after=after))
    return kept
