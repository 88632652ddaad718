"""Every page is checked by axe-core, full of the demo's data, in light and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from lean_core.workbench import Workbench
from tests.browser.conftest import THEMES, ScreenAt, StartApp
from tests.browser.server import AppServer
from tests.run_workspaces import copy_demo

SERIOUS = {"serious", "critical"}
# Streamlit draws a metric's line without a text of its own; its values stand beside it, and in the table below.
DRAWN_BESIDE_TEXT = {"exclude": [["[data-testid=stMetricChart]"]]}
PAGES = {
    "readiness": "/",
    "checkpoint": "/checkpoint?model=churn",
    "runs": "/runs",
    "run": "/run?run={run}",
    "compare": "/compare?run={run}&run={other}",
    "registry": "/registry?model=churn",
    "version": "/version?model=churn&version=2",
    "releases": "/releases?model=churn",
    "the gate": "/releases?model=churn&section=Gate",
    "signals": "/signals",
    "a signal": "/signals?signal=drift",
    "debt": "/debt",
    "the board": "/debt?section=Board",
    "an item": "/debt?item=D-1",
    "workspace": "/workspace",
    "welcome": "/welcome",
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    bench = Workbench.open(copy_demo(tmp_path_factory, tmp_path_factory.mktemp("accessible") / "demo"))
    bench.sync()
    bench.refresh_registry()
    bench.read_signals()
    return bench


@pytest.fixture(scope="module")
def server(bench: Workbench, start_shared: StartApp) -> AppServer:
    return start_shared(bench.folder)


@pytest.fixture(scope="module")
def addresses(bench: Workbench) -> dict[str, str]:
    from lean_core.runs import RunQuery

    run, other = bench.refs(RunQuery(limit=2)).refs
    return {name: path.format(run=run, other=other) for name, path in PAGES.items()}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_serious_fault(server: AppServer, screen_at: ScreenAt, addresses: dict[str, str], name: str):
    screen = screen_at(server)
    page = screen.open(addresses[name])
    for theme in THEMES:
        screen.switch(theme)
        assert list_faults(page) == [], f"{name} in {theme}"


def list_faults(page: Page) -> list[str]:
    found = Axe().run(page, context=DRAWN_BESIDE_TEXT).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:200]} {node['failureSummary'][:200]}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"][:3]
    ]
