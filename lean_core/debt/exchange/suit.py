"""Make a draft one that the log takes, or say why it can't be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lean_core.debt.exchange.draft import Draft
from lean_core.debt.exchange.rows import Refused
from lean_core.debt.fields import NAMES, TEXTS
from lean_core.debt.item import Item
from lean_core.debt.rules import LONGEST, LONGEST_TEXT, Problem, check_item

LONGEST_ID = 60
_ANY_DAY = dt.date(2000, 1, 1)
_ANY_TIME = dt.datetime(2000, 1, 1)  # noqa: DTZ001  # the rules ask for neither
_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
_BREAKS = str.maketrans(dict.fromkeys("\v\f\u2028\u2029\x85", "\n") | {"\r": None})


def suit_rules(draft: Draft) -> Draft | Refused:
    """Fit a draft to the rules of the log; what does not fit in its field is kept as a note, and said.

    What can't be accepted is open, a trigger that is no expression is watched, and all else that is wrong is refused.
    """
    if len(draft.id) > LONGEST_ID:
        return _refuse(draft, f"its ID has more than {LONGEST_ID} characters")
    fields = {name: _clean(name, value) for name, value in draft.fields.items()}
    problems = {problem.field: problem for problem in draft.problems}
    # Each round mends one field, and a mended field is not wrong again.
    for _ in fields:
        wrong = check_item(_make_item(fields))
        if not wrong:
            break
        mended = _mend(fields, wrong[0])
        if mended is None:
            return _refuse(draft, " ".join(problem.sentence for problem in wrong))
        fields, problem = mended
        problems.setdefault(problem.field, problem)
    return replace(draft, fields=_cut_long(fields, problems), problems=tuple(problems.values()))


def _clean(name: str, value: object) -> object:
    if name not in TEXTS or not isinstance(value, str):
        return value
    text = value.translate(_BREAKS).translate(_CONTROLS)
    return "; ".join(line.strip() for line in text.split("\n") if line.strip()) if name in LONGEST else text


def _mend(fields: Mapping[str, object], wrong: Problem) -> tuple[dict[str, object], Problem] | None:
    """Return the fields without what is wrong, and what to say of it; None where nothing helps."""
    if fields.get("status") == "accepted" and wrong.field in {"accepted_until", "reviewer"}:
        needs = "a day until when" if wrong.field == "accepted_until" else "a senior reviewer"
        sentence = f"It was accepted, which needs {needs}: it is open until somebody names it."
        return {**fields, "status": "open", "accepted_until": None}, Problem(field="status", sentence=sentence)
    text = fields.get(wrong.field)
    if wrong.field == "title" or wrong.field not in LONGEST or not isinstance(text, str) or not text:
        return None
    kept = "watch" if wrong.field == "trigger" else "instead"
    said = text if kept == "watch" else f"{NAMES[wrong.field].capitalize()}: {text}"
    note = "\n".join(filter(None, (str(fields.get(kept, "")), said)))
    sentence = f"{wrong.sentence} It is kept as a note."
    return {**fields, wrong.field: "", kept: note}, Problem(field=wrong.field, sentence=sentence)


def _cut_long(fields: Mapping[str, object], problems: dict[str, Problem]) -> dict[str, object]:
    """Cut texts that are too long, now that all that they must keep is in them."""
    cut = dict(fields)
    for name, value in fields.items():
        if name in TEXTS and name not in LONGEST and isinstance(value, str) and len(value) > LONGEST_TEXT:
            sentence = f"The {NAMES[name]} has {len(value)} characters: it is cut at {LONGEST_TEXT}."
            problems[name] = Problem(field=name, sentence=sentence)
            cut[name] = f"{value[: LONGEST_TEXT - 1]}…"
    return cut


def _make_item(fields: Mapping[str, object]) -> Item:
    known: dict[str, Any] = {"created": _ANY_DAY, **fields}
    for name in (TEXTS - LONGEST.keys()) & known.keys():
        known[name] = known[name][:LONGEST_TEXT]  # those are cut at the end
    return Item(**known, id="D-1", updated_at=_ANY_TIME, updated_by="import")


def _refuse(draft: Draft, reason: str) -> Refused:
    return Refused(file=draft.file, line=draft.line, reason=reason)
