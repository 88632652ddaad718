"""What is offered while somebody types."""

from __future__ import annotations

import pytest

from lean_core.runs.filter import Completion, complete

KNOWN = {
    "metric": ["auc", "val/loss", "accuracy"],
    "param": ["model", "learning rate", "model.depth"],
    "tag": ["mlflow.user"],
    "local": ["checked"],
    "params.model": ["xgb", "it's"],
    "experiment": ["churn", "fraud"],
}


def labels(text: str) -> list[str]:
    return [completion.label for completion in complete(text, len(text), KNOWN)]


def test_at_the_start_come_kinds_and_attributes():
    offered = labels("")
    assert offered[:5] == ["metrics.", "params.", "tags.", "local.", "dataset."]
    assert "status" in offered


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("metrics.", ["metrics.auc", "metrics.`val/loss`", "metrics.accuracy"]),
        ("metrics.a", ["metrics.auc", "metrics.accuracy", "metrics.`val/loss`"]),
        ("metric.ac", ["metrics.accuracy"]),
        ("metrics.`val", ["metrics.`val/loss`"]),
        ("metrics.los", ["metrics.`val/loss`"]),
        ("params.mod", ["params.model", "params.model.depth"]),
        ('params."lear', ["params.`learning rate`"]),
        ("not tags.", ["tags.mlflow.user"]),
        ("local.", ["local.checked"]),
        ("dataset.", ["dataset.name", "dataset.digest", "dataset.context"]),
        ("attributes.st", ["status", "start_time"]),
        ("(sta", ["status", "start_time"]),
        ("accu", ["metrics.accuracy"]),
        ("status = ", ["'RUNNING'", "'SCHEDULED'", "'FINISHED'", "'FAILED'", "'KILLED'", "'ABANDONED'"]),
        ("status = F", ["'FINISHED'", "'FAILED'"]),
        ("status in ('FAILED', 'k", ["'KILLED'"]),
        ("lifecycle != ", ["'active'", "'deleted'"]),
        ("params.model = ", ["'xgb'", "'it''s'"]),
        ("experiment = 'fr", ["'fraud'"]),
        ("start_time > ", ["now() - 1d", "now() - 7d", "now() - 4w", "today()", "yesterday()"]),
        ("start_time > y", ["yesterday()", "today()"]),
        ("duration > ", ["1m", "10m", "1h", "1d"]),
        (
            "metrics.auc ",
            ["=", "!=", "<", "<=", ">", ">=", "between", "not between", "in (", "not in (", "is null", "is not null"],
        ),
        ("status li", ["like", "not like", "ilike", "not ilike"]),
        ("metrics.auc not ", ["between", "in ("]),
        ("status in ", ["("]),
        ("params.model is ", ["null", "not null"]),
        ("params.model is not ", ["null"]),
        ("metrics.auc between 1 ", ["and"]),
        ("status in ('FAILED' ", [",", ")"]),
        ("metrics.auc > 0.8", ["and", "or"]),
        ("(metrics.auc > 0.8 ", ["and", "or", ")"]),
        ("status = 'FAILED' a", ["and"]),
        ("params.model like ", []),
        ("metrics.auc > high", []),
        ("stauts = 'x' and ", []),
        ("metrics.auc > 1 ; ", []),
    ],
)
def test_what_fits_is_offered(text, offered):
    assert labels(text) == offered


def test_a_key_that_is_whole_is_followed_by_its_operators_and_by_longer_keys():
    offered = labels("params.model")
    assert offered[0] == "params.model.depth"
    assert "like" in offered


def test_a_completion_replaces_what_was_typed_and_keeps_what_follows():
    text = "metrics.ac and status = 'FAILED'"
    assert complete(text, len("metrics.ac"), KNOWN) == (
        Completion(label="metrics.accuracy", text="metrics.accuracy and status = 'FAILED'", cursor=16),
    )


def test_a_completion_brings_the_space_that_is_needed():
    first = complete("status", 6, KNOWN)[0]
    assert (first.text, first.cursor) == ("status = ", 9)
    opened = next(one for one in complete("status ", 7, KNOWN) if one.label == "in (")
    assert (opened.text, opened.cursor) == ("status in (", 11)
    assert complete("status in (", 11, KNOWN)[0].text == "status in ('RUNNING' "
    assert complete("status in ('RUNNING' ", 21, KNOWN)[0].text == "status in ('RUNNING' , "


def test_no_more_than_twenty_are_offered():
    many = {"metric": [f"loss{number}" for number in range(500)]}
    assert len(complete("metrics.", 8, many)) == 20


def test_following_completions_leads_to_an_expression():
    text = ""
    for start in ("metrics.", "metrics.auc", ">", None, "and", "status", "=", "'FAILED'"):
        if start is None:
            text += "0.8"
            continue
        text = next(one.text for one in complete(text, len(text), KNOWN) if one.label == start)
    assert text == "metrics.auc > 0.8 and status = 'FAILED' "
