"""What the server does before the first visit."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from streamlit.web.server.app_discovery import discover_asgi_app

from lean_core.workbench import STORE_NAME
from pages._ui import startup
from tests import readiness_workspace
from tests.conftest import FrozenClock
from tests.releases.builders import on
from tests.runs.many import RUNS, make_many
from tests.ui.conftest import APP, OpenApp


def test_streamlit_finds_what_prepares_the_first_visit() -> None:
    assert discover_asgi_app(APP).import_string == "app:app"


def test_a_connection_sends_at_once() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        startup.send_at_once()
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_other_open_files_stay_as_they_are(tmp_path: Path) -> None:
    with (tmp_path / "kept").open("w+") as kept, socket.socket(socket.AF_UNIX) as local:
        startup.send_at_once()
        kept.write("kept")
        os.fstat(local.fileno())


@pytest.mark.parametrize(
    ("path", "asked"), [("/", True), ("/base/", True), ("/runs", False), ("/_stcore/health", False)]
)
def test_a_look_waits_until_a_browser_asks_for_the_home_page(
    path: str, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    event, passed = threading.Event(), []
    monkeypatch.setattr(startup, "_home_asked", event)

    async def app(scope: dict[str, str], *_: object) -> None:
        passed.append(scope["path"])

    # On a thread of its own: Playwright's driver leaves a loop running on that of the tests.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, startup.NoteHome(app)({"type": "http", "path": path}, None, None)).result()
    assert event.is_set() == asked
    assert passed == [path]


def damage(store: Path) -> None:
    """Make a file unreadable, unnoticed by the cache."""
    before = store.stat()
    store.write_bytes(b"\0" * before.st_size)
    os.utime(store, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_the_page_of_runs_needs_the_file_no_more_once_it_was_read_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_app: OpenApp
) -> None:
    folder = make_many(tmp_path / "workspace")
    monkeypatch.setenv("LEAN_WORKSPACE", str(folder))
    startup.read_runs_ahead()
    damage(folder / STORE_NAME)
    app = open_app(folder, "runs")
    assert not app.warning
    assert not app.error
    assert f"1 to 100 of {RUNS} runs." in app.caption[-1].value


def test_the_home_page_needs_neither_file_nor_registry_once_it_was_read_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_app: OpenApp, clock: FrozenClock
) -> None:
    clock.time = on(10)
    folder = readiness_workspace.make(tmp_path / "workspace", models=["churn"])
    readiness_workspace.fill(folder, now=clock.time).look()
    monkeypatch.setenv("LEAN_WORKSPACE", str(folder))
    startup.read_home_ahead()
    (folder / "registry").rename(folder / "moved")
    app = open_app(folder)
    assert not app.warning
    assert not app.error
    assert "churn" in [each.value for each in app.subheader]


def test_a_workspace_that_cannot_be_read_is_left_to_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_many(tmp_path / "workspace")
    monkeypatch.setenv("LEAN_WORKSPACE", str(folder))
    (folder / STORE_NAME).write_bytes(b"no database")
    startup.read_runs_ahead()
    startup.read_home_ahead()


def test_nothing_is_made_where_nothing_was_imported_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lean.toml").write_text('[workspace]\nname = "new"\n[registry]\nuri = "registry"\n', encoding="utf-8")
    monkeypatch.setenv("LEAN_WORKSPACE", str(tmp_path))
    startup.read_runs_ahead()
    startup.read_home_ahead()
    assert not (tmp_path / STORE_NAME).exists()


def test_what_is_prepared_does_without_pandas(tmp_path: Path) -> None:
    script = "import sys; from pages._ui import startup; startup.import_all(); sys.exit('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=APP.parent, check=False)
    assert done.returncode == 0
