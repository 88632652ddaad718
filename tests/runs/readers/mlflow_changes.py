"""What people do to a store through MLflow, and a copy that follows it by what a reader finds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, Metric, Param

from lean_core.runs.reader import Listing, Reader
from tests.runs.readers.mlflow_stores import as_sets, loaded


class Store(Protocol):
    """A store that `mlflow_stores.fill` has filled."""

    ids: dict[str, str]

    @property
    def client(self) -> MlflowClient: ...


Change = Callable[[Store], set[str]]
"""Changes a store through MLflow and returns the names of the runs that are to be found changed."""


def log_metric(store: Store) -> set[str]:
    store.client.log_metric(store.ids["running"], "loss", 0.5)
    return {"running"}


def log_batch(store: Store) -> set[str]:
    store.client.log_batch(store.ids["child"], metrics=[Metric("m", 1, 1, 1)], params=[Param("p", "1")])
    store.client.log_param(store.ids["bare"], "q", "1")
    return {"child", "bare"}


def set_tag(store: Store) -> set[str]:
    store.client.set_tag(store.ids["full"], "mlflow.user", "bea")
    return {"full"}


def delete_tag(store: Store) -> set[str]:
    store.client.delete_tag(store.ids["full"], "empty")
    return {"full"}


def move_last_tags(store: Store) -> set[str]:
    """Take the tag away from the runs that got it last, and give it to others: SQLite uses the row numbers again."""
    for name in ("killed", "full"):
        store.client.delete_tag(store.ids[name], "candidate")
    for name in ("bare", "full"):
        store.client.set_tag(store.ids[name], "candidate", "yes")
    return {"killed", "bare"}


def terminate(store: Store) -> set[str]:
    store.client.set_terminated(store.ids["running"])
    return {"running"}


def rename(store: Store) -> set[str]:
    store.client.update_run(store.ids["bare"], name="another")
    return {"bare"}


def delete_run(store: Store) -> set[str]:
    store.client.delete_run(store.ids["killed"])
    return {"killed"}


def restore_run(store: Store) -> set[str]:
    store.client.restore_run(store.ids["trashed"])
    return {"trashed"}


def delete_experiment(store: Store) -> set[str]:
    store.client.delete_experiment(store.ids["churn"])
    return {"full", "child", "killed", "running", "bare"}


def restore_experiment(store: Store) -> set[str]:
    store.client.restore_experiment(store.ids["abandoned"])
    return {"lost"}


def log_input(store: Store) -> set[str]:
    data = Dataset(name="orders", digest="d2", source_type="local", source="o.csv", schema=None, profile=None)
    store.client.log_inputs(store.ids["bare"], [DatasetInput(data, [])])
    return {"bare"}


def rename_experiment(store: Store) -> set[str]:
    store.client.rename_experiment(store.ids["churn"], "retention")
    return set()


CHANGES: list[Change] = [
    log_metric,
    log_batch,
    set_tag,
    delete_tag,
    move_last_tags,
    terminate,
    rename,
    restore_run,
    log_input,
    rename_experiment,
    restore_experiment,
    delete_run,
    delete_experiment,
]


def prepare(store: Store) -> None:
    """Give runs the tags that `move_last_tags` moves."""
    for name in ("killed", "full"):
        store.client.set_tag(store.ids[name], "candidate", "yes")


def purge(store: Store, name: str) -> None:
    """Do what `mlflow gc` does with a deleted run."""
    store.client._tracking_client.store._hard_delete_run(store.ids[name])


@dataclass
class Copy:
    """What a sync keeps: it follows a store by loading what each scan says."""

    open_reader: Callable[[], Reader]
    bookmark: bytes | None = None
    kept: dict[str, set[tuple[object, ...]]] | None = None

    def sync(self) -> None:
        with closing(self.open_reader()) as reader:
            found = reader.scan(self.bookmark)
            if found is None:
                return
            self.bookmark = found.bookmark
            if isinstance(found, Listing):
                self.kept = {name: set(rows) for name, rows in as_sets(loaded(reader.load(None))).items()}
                return
            assert self.kept is not None
            fresh = as_sets(loaded(reader.load(found.changed)))
            dropped = {*found.changed, *found.gone}
            self.kept = {
                name: {row for row in rows if row[0] not in dropped} | set(fresh[name])
                for name, rows in self.kept.items()
            }


def follow(store: Store, open_reader: Callable[[], Reader]) -> Copy:
    """Change a store in every way, one after the other, and follow it."""
    copy = Copy(open_reader=open_reader)
    prepare(store)
    copy.sync()
    for change in CHANGES:
        change(store)
        copy.sync()
    purge(store, "killed")
    copy.sync()
    return copy
