"""The sides of each comparison: ours, and what a person would use instead.

Imports are done before the clock starts, on every side.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from bench import registry_sides, signals_sides
from bench.measure import median, once, report

FILTER = "metrics.auc > 0.9 and params.model = 'xgb'"
FIRST = 100
COMPARED = 20


def ours_sync(workspace: str) -> None:
    """Sync every source of a workspace."""
    import adbc_driver_sqlite.dbapi  # noqa: F401
    import pyarrow.compute as pc  # noqa: F401

    import lean_core.runs.readers.sqlite  # noqa: F401
    from lean_core.workbench import Workbench

    workbench = Workbench.open(Path(workspace))
    report(once(workbench.sync))


def mlflow_search_all(uri: str) -> None:
    """Read every run of a store with MLflow."""
    import mlflow

    mlflow.set_tracking_uri(uri)
    report(once(lambda: mlflow.search_runs(search_all_experiments=True, max_results=1_000_000)))


def ours_find(workspace: str) -> None:
    """Filter, sort, and take the first hundred."""
    from lean_core.runs import RunQuery
    from lean_core.workbench import Workbench

    workbench = Workbench.open(Path(workspace))
    query = RunQuery(filter=FILTER, sort="metrics.auc", limit=FIRST)
    if len(workbench.runs(query).runs) != FIRST:
        sys.exit("the query did not find enough")
    report(median(lambda: workbench.runs(query), times=9))


def mlflow_find(uri: str) -> None:
    """Do the same with MLflow."""
    import mlflow

    mlflow.set_tracking_uri(uri)
    ids = [each.experiment_id for each in mlflow.search_experiments()]

    def find() -> None:
        found = mlflow.search_runs(
            experiment_ids=ids, filter_string=FILTER, order_by=["metrics.auc DESC"], max_results=FIRST
        )
        if len(found) != FIRST:
            sys.exit("the query did not find enough")

    report(median(find, times=3))


def ours_compare(workspace: str) -> None:
    """Load runs with the histories of their metrics."""
    from lean_core.runs import RunQuery
    from lean_core.workbench import Workbench

    workbench = Workbench.open(Path(workspace))
    refs = [run.ref for run in workbench.runs(RunQuery(limit=COMPARED)).runs]
    report(median(lambda: (workbench.load(refs), workbench.histories(refs)), times=5))


def client_compare(uri: str) -> None:
    """Do the same with MLflow's client."""
    import mlflow

    client = mlflow.MlflowClient(tracking_uri=uri)
    ids = [each.experiment_id for each in client.search_experiments()]
    run_ids = [run.info.run_id for run in client.search_runs(ids, max_results=COMPARED)]

    def compare() -> None:
        for run_id in run_ids:
            for key in client.get_run(run_id).data.metrics:
                client.get_metric_history(run_id, key)

    report(median(compare, times=5))


SIDES: dict[str, Callable[..., None]] = (
    registry_sides.SIDES
    | signals_sides.SIDES
    | {
        side.__name__: side
        for side in (ours_sync, mlflow_search_all, ours_find, mlflow_find, ours_compare, client_compare)
    }
)

if __name__ == "__main__":
    SIDES[sys.argv[1]](*sys.argv[2:])
