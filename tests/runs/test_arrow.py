"""Arrow columns are those that pyarrow makes itself, without pandas on the way."""

import datetime as dt
import math
import subprocess
import sys

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lean_core.runs import arrow

WITHOUT_PANDAS = """
import sys
from lean_core.runs import Key, Sheet, to_arrow
columns = (Key("attribute", "name"), Key("attribute", "start_time"), Key("metric", "auc"))
table = to_arrow(Sheet(columns=columns, refs=("a",), rows=(("first", None, 0.5),)))
assert table.num_rows == 1
sys.exit("pandas" in sys.modules)
"""


@given(values=some.lists(some.none() | some.floats()))
def test_a_column_of_numbers_is_as_pyarrow_makes_it(values):
    made = arrow.numbers(values)
    made.validate(full=True)
    assert repr(made.to_pylist()) == repr(pa.array(values, pa.float64()).to_pylist())


@given(values=some.lists(some.none() | some.text()))
def test_a_column_of_text_is_as_pyarrow_makes_it(values):
    made = arrow.texts(values)
    made.validate(full=True)
    assert made.equals(pa.array(values, pa.string()))


@given(values=some.lists(some.none() | some.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1))))
def test_a_column_of_times_is_as_pyarrow_makes_it(values):
    made = arrow.times(values)
    made.validate(full=True)
    assert made.equals(pa.array(values, pa.timestamp("ms")))


@pytest.mark.parametrize("missing", [0, 1, 7, 8, 9])
def test_a_missing_number_is_null_and_no_nan(missing):
    made = arrow.numbers([*[None] * missing, math.nan])
    assert made.null_count == missing
    assert math.isnan(made[missing].as_py())


def test_a_table_of_runs_needs_no_pandas():
    done = subprocess.run([sys.executable, "-c", WITHOUT_PANDAS], check=False)
    assert done.returncode == 0
