"""Spark, and any other engine that Ibis knows and that reads files."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lean_core.signals.files import Format
from lean_core.signals.log.columns import RAW_FILE
from lean_core.signals.log.count import LOG
from lean_core.signals.log.engine import EngineFailedError, FileDamagedError, Input, Opened, View, one_line

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

_SPARK = re.compile(r"spark://.+|local\[([0-9]+|\*)\]")
_SPARK_SETTINGS = {
    "spark.app.name": "lean-mlops",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    # A text that is no number is null, as on DuckDB, and no division by zero ends the work.
    "spark.sql.ansi.enabled": "false",
    "spark.sql.shuffle.partitions": "8",
}
_LOCAL_SETTINGS = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}


@contextmanager
def open_ibis(address: str) -> Iterator[IbisEngine]:
    """Open Spark, or another engine.

    Raises:
        EngineFailedError: it is not installed, or can't be reached.
    """
    try:
        backend = _open_spark(address) if _SPARK.fullmatch(address) else _connect(address)
    except ImportError as error:
        raise EngineFailedError(f"The engine {address} needs a package that is not installed ({error})") from None
    except Exception as error:  # noqa: BLE001 - each engine has errors of its own
        raise EngineFailedError(f"The engine {address} can't be had: {one_line(error)}") from None
    try:
        yield IbisEngine(address, backend)
    finally:
        # A Spark session is kept for the next look: to start one takes seconds.
        if not _SPARK.fullmatch(address):
            with contextlib.suppress(Exception):
                backend.disconnect()


def _connect(address: str) -> Any:  # noqa: ANN401 - Ibis ships no types
    import ibis

    return ibis.connect(address)


def _open_spark(address: str) -> Any:  # noqa: ANN401
    import ibis
    from pyspark.sql import SparkSession

    # With pandas 3 it warns at each answer that it was not tried with it; only Arrow tables come from there.
    warnings.filterwarnings("ignore", module="pyspark")
    is_local = address.startswith("local")
    if is_local:
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master(address)
    for name, value in (_SPARK_SETTINGS | (_LOCAL_SETTINGS if is_local else {})).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return ibis.pyspark.connect(session)


class IbisEngine:
    """An `Engine` behind Ibis."""

    def __init__(self, address: str, backend: Any) -> None:  # noqa: ANN401
        """Take a backend that is connected."""
        self._address = address
        self._backend = backend
        self._log: ir.Table | None = None

    def open(self, paths: Sequence[Path], format_: Format, view: View) -> Opened:
        """Make files the table that is counted."""
        opened, log = self._look([str(path) for path in paths], format_, view)
        self._make_view([log])
        return opened

    def load(self, inputs: Sequence[Input]) -> list[Opened | FileDamagedError]:
        """Make several files the table that is counted."""
        found: list[Opened | FileDamagedError] = []
        logs: list[Any] = []
        for each in inputs:
            try:
                opened, log = self._look([str(each.path)], each.format, each.view, number=len(logs))
            except FileDamagedError as error:
                found.append(error)
            else:
                found.append(opened)
                logs.append(log)
        if logs:
            self._make_view(logs)
        return found

    def _look(self, paths: list[str], format_: Format, view: View, *, number: int = 0) -> tuple[Opened, Any]:
        """Return what files turned out to be, and their table: of Spark a frame, which its view is made of."""
        import ibis

        try:
            raw = self._read(paths, format_)
            log = view(raw.mutate(ibis.literal(number, "int32").name(RAW_FILE)))
            is_spark = self._backend.name == "pyspark"
            made = self._backend._session.sql(self._backend.compile(log)) if is_spark else log  # noqa: SLF001
        except NotImplementedError as error:
            raise EngineFailedError(f"The engine {self._address} can't read {format_}: {one_line(error)}") from None
        except Exception as error:  # noqa: BLE001 - each engine has errors of its own
            raise FileDamagedError(one_line(error)) from None
        return Opened(columns=tuple(raw.columns), number=number), made

    def run(self, expression: ir.Table) -> pa.Table:
        """Run an expression."""
        try:
            return self._backend.to_pyarrow(expression)
        except Exception as error:  # noqa: BLE001 - each engine has errors of its own
            raise FileDamagedError(one_line(error)) from None

    def _read(self, paths: list[str], format_: Format) -> ir.Table:
        if self._backend.name != "pyspark":
            readers = {"parquet": "read_parquet", "csv": "read_csv", "json": "read_json"}
            reader = getattr(self._backend, readers[format_], None)
            if reader is None:
                raise NotImplementedError("it has no reader for it")
            return reader(paths)
        options: dict[Format, dict[str, Any]] = {
            "parquet": {"mergeSchema": True},
            "csv": {"header": True, "inferSchema": True},
            "json": {},
        }
        frame = self._backend._session.read.options(**options[format_]).format(format_).load(paths)  # noqa: SLF001
        frame.createOrReplaceTempView("lean_raw")
        return self._backend.table("lean_raw")

    def _make_view(self, logs: Sequence[Any]) -> None:
        import ibis

        if self._backend.name == "pyspark":
            functools.reduce(lambda one, other: one.union(other), logs).createOrReplaceTempView(LOG)
        else:
            log = ibis.union(*logs, distinct=False) if len(logs) > 1 else logs[0]
            self._backend.create_view(LOG, log, overwrite=True)
