"""The workspace that is open: its folder, its settings, its file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from lean_core.settings import Settings, load_settings

if TYPE_CHECKING:
    from lean_core.signals import Surroundings
    from lean_core.store import Store
    from lean_core.store.contents import TableCount

STORE_NAME = "lean.duckdb"


@dataclass(frozen=True, kw_only=True)
class Base:
    """What every part of the workbench stands on: the folder, its settings and its file."""

    folder: Path
    settings: Settings

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the workspace in a folder.

        Raises:
            SettingsError: lean.toml has a mistake.
            NoWorkspace: there is none.
        """
        return cls(folder=folder, settings=load_settings(folder))

    @cached_property
    def store(self) -> Store:
        """The workspace's file."""
        from lean_core.store import Store

        return Store(self.folder / STORE_NAME, busy_timeout=self.settings.store.busy_timeout.total_seconds())

    @property
    def name(self) -> str:
        """The workspace's name."""
        return self.settings.workspace.name

    @property
    def repository(self) -> Path:
        """The git repository in which the runs' commits are looked up."""
        return self.folder / self.settings.workspace.repository

    def version(self) -> str:
        """Return a text that changes whenever something is written: what a cached answer rests on."""
        return self.store.version()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep the workspace's file open over several questions: opening it takes as long as one of them.

        Raises:
            StoreBusy: somebody else has it now; there is no waiting.
            StoreError: the file can't be used.
        """
        from lean_core.store import Store

        with Store(self.store.path, busy_timeout=0).read():
            yield

    # Telemetry

    def _telemetry_may_use(self) -> Surroundings:
        from lean_core.objects import open_objects
        from lean_core.signals import Surroundings

        return Surroundings(
            folder=self.folder,
            environ=dict(os.environ),
            store=self.store,
            open_bucket=lambda uri, endpoint, region: open_objects(
                uri, folder=self.folder, endpoint=endpoint, region=region
            ),
        )

    # The file

    def contents(self) -> list[TableCount]:
        """Return what is in the file."""
        from lean_core.store.contents import table_counts

        with self.store.read() as cursor:
            return table_counts(cursor)

    def file_bytes(self) -> int:
        """Return the file's size."""
        return self.store.path.stat().st_size if self.store.path.exists() else 0

    def schema_version(self) -> int:
        """Return the number of the file's schema."""
        from lean_core.store.contents import schema_version

        with self.store.read() as cursor:
            return schema_version(cursor)
