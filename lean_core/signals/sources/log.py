"""Ask a prediction log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lean_core.settings import TelemetrySettings, redact
from lean_core.signals.answer import Answer, Question, Source, Surroundings, Unread
from lean_core.signals.log import Expression, Windows, answer, parse_expression, refresh, span_of


def read(telemetry: TelemetrySettings, questions: Sequence[Question], around: Surroundings) -> Mapping[str, Answer]:
    """Return an answer for each question, by the name of its signal.

    Raises:
        StoreError: the workspace's file can't be used.
    """
    source = Source(place=redact(telemetry.path))
    answers: dict[str, Answer] = {}
    asked: list[tuple[Question, Expression]] = []
    for question in questions:
        expression = (
            parse_expression(question.expression, telemetry.columns) if telemetry.columns else "It has no columns."
        )
        if isinstance(expression, str):
            answers[question.signal] = Unread(trouble="refused", sentence=expression, source=source)
        else:
            asked.append((question, expression))
    if not asked:
        return answers
    log = refresh(telemetry, around, span_of(telemetry, [question for question, _ in asked]))
    if isinstance(log, Unread):
        return answers | {question.signal: log for question, _ in asked}
    with around.store.read() as cursor:
        windows = Windows(cursor, log)
        return answers | {
            question.signal: answer(windows, telemetry, question, expression) for question, expression in asked
        }
