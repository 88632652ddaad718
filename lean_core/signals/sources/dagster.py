"""Ask Dagster how long ago a job succeeded or an asset was made, and whether a job's last run failed.

All questions to one server are one GraphQL query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from lean_core.bound import Bound
from lean_core.settings import TelemetrySettings
from lean_core.signals.answer import Answer, Measured, Question, Source, Surroundings
from lean_core.signals.sources.dagster_query import JOBS, Wanted, make_field, make_query, parse_expression
from lean_core.signals.sources.dagster_reply import Jobs, Reply, measure
from lean_core.signals.sources.failure import OTHER_SHAPE, Failure, quote
from lean_core.signals.sources.web import (
    Outcome,
    address_of,
    answer_all,
    bear,
    fail,
    is_closed,
    open_client,
    parse,
    place_of,
    send,
)

if TYPE_CHECKING:
    import httpx
    import msgspec

_PATH = "/graphql"


def read(telemetry: TelemetrySettings, questions: Sequence[Question], around: Surroundings) -> Mapping[str, Answer]:
    """Return an answer for each question: ``job:NAME``, ``asset:KEY/PARTS`` or ``job_failed:NAME``."""

    def ask(bound: Bound, token: str | None) -> Iterator[tuple[Question, Outcome]]:
        wanted: list[tuple[Question, Wanted]] = []
        for question in questions:
            meaning = parse_expression(question.expression)
            if isinstance(meaning, Failure):
                yield question, meaning
            else:
                wanted.append((question, meaning))
        if wanted:
            with open_client(bound, _bear(token)) as client:
                data = _ask(client, telemetry, [meaning for _, meaning in wanted], token)
            yield from _read_all(data, wanted, telemetry, token)

    return answer_all(telemetry, questions, around.environ, ask)


def _bear(token: str | None) -> dict[str, str]:
    """Return the headers for a server behind a proxy that wants a token, and for Dagster+."""
    return bear(token) | ({} if token is None else {"Dagster-Cloud-Api-Token": token})


def _ask(
    client: httpx.Client, telemetry: TelemetrySettings, wanted: Sequence[Wanted], token: str | None
) -> Mapping[str, msgspec.Raw] | Failure:
    """Return the data of the answer, by the names of its fields."""
    url = address_of(telemetry)
    url = url.copy_with(path=url.path.rstrip("/").removesuffix(_PATH) + _PATH)
    response = send(client, client.build_request("POST", url, json=make_query(wanted)))
    if is_closed(response):
        return fail(response, token)
    reply = parse(response.content, Reply)
    if isinstance(reply, Reply) and reply.errors:
        said = quote(reply.errors[0].message, token)
        return Failure(trouble="refused", reason=f'Dagster refuses the query: "{said}"', is_final=True)
    if response.status_code != HTTPStatus.OK:
        return fail(response, token)
    if isinstance(reply, Failure):
        return reply
    return reply.data or OTHER_SHAPE


def _read_all(
    data: Mapping[str, msgspec.Raw] | Failure,
    wanted: Sequence[tuple[Question, Wanted]],
    telemetry: TelemetrySettings,
    token: str | None,
) -> Iterator[tuple[Question, Outcome]]:
    if isinstance(data, Failure):
        yield wanted[0][0], data
        return
    known = parse(bytes(data[JOBS]), Jobs) if JOBS in data else Jobs()
    for index, (question, meaning) in enumerate(wanted):
        field = make_field(index, meaning)
        if isinstance(known, Failure) or field.name not in data:
            yield question, OTHER_SHAPE
            continue
        found = measure(bytes(data[field.name]), meaning, known, question.at, token)
        if isinstance(found, Failure):
            yield question, found
            continue
        yield (
            question,
            Measured(
                value=found.value,
                unit=found.unit,
                observed_at=question.at,
                source=Source(place=place_of(telemetry), query=field.text),
                note=found.note,
            ),
        )
