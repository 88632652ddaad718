"""Make Arrow columns of Python values.

`pyarrow.array` imports pandas to ask whether it was given a Series: 0.2 s and more on the way to the first table.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - the store's times are naive UTC
_MILLISECOND = dt.timedelta(milliseconds=1)


def numbers(values: Sequence[float | None]) -> pa.Array:
    """Return a column of doubles; None is null, NaN is NaN."""
    import pyarrow as pa

    return _fixed(pa.float64(), array("d", [0.0 if value is None else value for value in values]), values)


def times(values: Sequence[dt.datetime | None]) -> pa.Array:
    """Return a column of times in milliseconds without a zone; None is null."""
    import pyarrow as pa

    since = array("q", [0 if value is None else (value - _EPOCH) // _MILLISECOND for value in values])
    return _fixed(pa.timestamp("ms"), since, values)


def texts(values: Sequence[str | None]) -> pa.Array:
    """Return a column of text; None is null."""
    import pyarrow as pa

    encoded = [b"" if value is None else value.encode() for value in values]
    ends = array("i", [0, *accumulate(map(len, encoded))])
    return pa.StringArray.from_buffers(
        len(values), pa.py_buffer(ends), pa.py_buffer(b"".join(encoded)), _present(values)
    )


def _fixed(kind: pa.DataType, cells: array[float] | array[int], values: Sequence[object]) -> pa.Array:
    import pyarrow as pa

    return pa.Array.from_buffers(kind, len(values), [_present(values), pa.py_buffer(cells)])


def _present(values: Sequence[object]) -> pa.Buffer | None:
    """Return a bit a value, the first one lowest: whether it is there. None: all are."""
    import pyarrow as pa

    if None not in values:
        return None
    bits = "".join("0" if value is None else "1" for value in reversed(values))
    return pa.py_buffer(int(bits, 2).to_bytes(-(-len(values) // 8), "little"))
