"""What a trigger fired on stays as it was."""

from __future__ import annotations

import datetime as dt
import json
import math

from hypothesis import given
from hypothesis import strategies as st

from lean_core.debt.trigger import Known
from lean_core.debt.trigger.evidence import decode_evidence, encode_evidence

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS | st.dates() | st.datetimes()
KNOWN = st.builds(
    Known,
    name=TEXTS,
    value=VALUES,
    meaning=TEXTS,
    unknown=TEXTS,
    observed_at=st.none() | st.datetimes(),
    source=TEXTS,
)


@given(st.lists(KNOWN, max_size=5))
def test_facts_read_back_as_they_were_written(facts: list[Known]):
    back = decode_evidence(encode_evidence(facts))
    assert back == tuple(facts)
    assert [type(known.value) for known in back] == [type(known.value) for known in facts]


def test_nan_reads_back():
    (back,) = decode_evidence(encode_evidence([Known(name="a", value=math.nan, meaning="")]))
    assert isinstance(back.value, float)
    assert math.isnan(back.value)


def test_a_person_can_read_what_was_kept():
    known = Known(name="ends", value=dt.date(2027, 1, 1), meaning="when the credits end", source="claim:credits.ends")
    assert json.loads(encode_evidence([known])) == [
        {
            "name": "ends",
            "meaning": "when the credits end",
            "value": "2027-01-01",
            "kind": "date",
            "source": "claim:credits.ends",
        }
    ]
