"""A folder of architecture decision records: an accepted one that names a shortcut is a shortcut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from lean_core.debt.exchange.decode import decode
from lean_core.debt.exchange.rows import FREE, Row, Table, make_table
from lean_core.debt.exchange.words import fold, fold_words, lead_with
from lean_core.errors import DebtRefused

SHORTCUT = re.compile(
    r"\b(?:short-?cuts?|work-?arounds?|tech(?:nical)?[ -]debts?|temporar(?:y|ily)|for now|interim|stop-?gaps?|"
    r"quick fix|hacks?|"
    r"provisorisch|provisorium|vorläufig|vorerst|abkürzung|notlösung|technische[nr]? schuld(?:en)?|übergangslösung|"
    r"provisoire(?:ment)?|temporaire(?:ment)?|raccourci|dette technique|contournement|pour l'instant|"
    r"provisional(?:mente)?|temporal(?:mente)?|atajo|deuda técnica|por ahora)\b",
    re.IGNORECASE,
)
"""Words by which a decision says of itself that it is not the right thing."""
_NAME = re.compile(r"^(?:adr[-_])?(?P<number>\d{1,5})[-_].*\.(?:md|markdown)$", re.IGNORECASE)
_FRONT = re.compile(r"\A---\s*\n(?P<yaml>.*?)\n---\s*(?:\n|\Z)", re.DOTALL)
_NUMBER = re.compile(r"^(?:adr[- ]?)?\d+\s*[.:—\u2013-]\s*", re.IGNORECASE)
_ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_STATUSES = fold_words(
    {
        "accepted": """
            accepted, approved, decided, adopted, implemented, akzeptiert, angenommen, entschieden, accepté, acceptée,
            adopté, aceptado, aceptada, aprobado
        """,
        "over": """
            superseded, superceded, deprecated, replaced, retired, obsolete, ersetzt, abgelöst, veraltet, remplacé,
            remplacée, obsolète, déprécié, reemplazado, sustituido, sustituida, obsoleto
        """,
    }
)
_PART_OF = fold_words(
    {
        "status": "status, stand, statut, estado",
        "context": """
            context, kontext, contexte, contexto, context and problem statement, kontext und problemstellung
        """,
        "decision": "decision, entscheidung, décision, decisión, decision outcome, ergebnis",
        "consequences": """
            consequences, konsequenzen, folgen, conséquences, consecuencias, positive consequences,
            negative consequences, auswirkungen
        """,
        "date": "date, datum, fecha",
        "deciders": "deciders, decision makers, entscheider, décideurs, responsables, autor, author, owner",
    }
)


@dataclass(slots=True, kw_only=True)
class _Decision:
    """One record, by its parts."""

    file: str
    number: int
    title: str
    line: int
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def meaning(self) -> str:
        """What its status comes to: accepted, over, or empty."""
        return lead_with(self.parts.get("status", ""), _STATUSES)[0]

    @property
    def text(self) -> str:
        return "\n".join((self.title, *self.parts.values()))


def is_record(name: str) -> bool:
    """Whether a file is named as a decision record: ``0007-use-a-cron-job.md``."""
    return _NAME.match(PurePosixPath(name.replace("\\", "/")).name) is not None


def read_adr_folder(files: Mapping[str, bytes | str]) -> Table:
    """Read decision records by their path; those that name no shortcut are counted, not taken.

    Raises:
        DebtRefused: none of the files is a decision record.
    """
    records = sorted(name for name in files if is_record(name))
    if not records:
        raise DebtRefused("there is no decision record here: their files are named like 0007-use-a-cron-job.md")
    decisions = [_read(name, decode(name, files[name])) for name in records]
    named = [decision for decision in decisions if SHORTCUT.search(decision.text)]
    taken = [decision for decision in named if decision.meaning]
    notes = []
    if len(named) < len(decisions):
        notes.append(f"{len(decisions) - len(named)} of {len(decisions)} decision records name no shortcut.")
    if len(taken) < len(named):
        notes.append(f"{len(named) - len(taken)} name one, but were not accepted, so they were passed over.")
    return make_table("adr", (_make_row(decision) for decision in taken), notes)


def _read(name: str, text: str) -> _Decision:
    from lean_core.debt.exchange.markdown.inline import tell_text
    from lean_core.debt.exchange.markdown.labels import read_labels
    from lean_core.debt.exchange.markdown.sections import parse_sections

    match = _NAME.match(PurePosixPath(name.replace("\\", "/")).name)
    front = _FRONT.match(text)
    body = text[front.end() :] if front else text
    root = parse_sections(body, first_line=text[: len(text) - len(body)].count("\n") + 1)
    sections = list(root.walk())
    first = next((section for section in sections if section.level == 1), root)
    title = _NUMBER.sub("", tell_text(first.heading).strip()) or PurePosixPath(name).stem
    decision = _Decision(file=name, number=int(match["number"]) if match else 0, title=title, line=first.line)
    said = list(_read_front(front["yaml"])) if front else []
    for section in (root, *sections):
        heading = _PART_OF.get(fold(tell_text(section.heading)), "")
        for label, value in read_labels(section).items():
            said.append((heading if label == FREE else _PART_OF.get(fold(label), heading), value))
    for part, value in said:
        if part:
            decision.parts[part] = "\n".join(filter(None, (decision.parts.get(part, ""), value)))
    return decision


def _read_front(text: str) -> Iterator[tuple[str, str]]:
    import yaml

    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError:
        return
    if isinstance(content, dict):
        yield from (
            (_PART_OF.get(fold(str(key)), ""), str(value)) for key, value in content.items() if value is not None
        )


def _make_row(decision: _Decision) -> Row:
    status = " ".join(decision.parts.get("status", "").split())
    is_over = decision.meaning == "over"
    dated = _ISO.search(decision.parts.get("date", "")) or _ISO.search(status)
    values = {
        "ID": f"ADR-{decision.number:04}",
        "Title": decision.title,
        "Done instead": decision.parts.get("decision", ""),
        "Background": decision.parts.get("context", ""),
        "Consequences": decision.parts.get("consequences", ""),
        "Status": "dropped" if is_over else "open",
        "Reason": f"the decision is over: {status}" if is_over else "",
        "Created": dated[0] if dated else "",
        "Owner": decision.parts.get("deciders", "").strip("[]'\" "),
        "Decision": decision.file,
    }
    return Row(values={column: text for column, text in values.items() if text}, line=decision.line, file=decision.file)
