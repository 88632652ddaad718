"""What the theme looks like in a real browser."""

from __future__ import annotations

import pytest

from pages._ui.theme import ON_DARK_PRIMARY
from tests.browser.conftest import ScreenAt, StartApp
from tests.browser.server import AppServer
from tests.run_workspaces import make_workspace_of
from tests.runs.builders import START, ARun

COLOUR = "element => getComputedStyle(element).color"
DARK = "rgb({}, {}, {})".format(*(int(ON_DARK_PRIMARY[at : at + 2], 16) for at in (1, 3, 5)))


@pytest.fixture(scope="module")
def server(start_shared: StartApp, tmp_path_factory: pytest.TempPathFactory) -> AppServer:
    folder = tmp_path_factory.mktemp("theme") / "w"
    return start_shared(make_workspace_of(folder, [ARun(key="a", points=[("auc", 0, START, 0.5)])]))


@pytest.mark.parametrize(("theme", "colour"), [("light", "rgb(255, 255, 255)"), ("dark", DARK)])
def test_text_on_the_primary_colour_is_that_of_the_theme(
    theme: str, colour: str, server: AppServer, screen_at: ScreenAt
) -> None:
    page = screen_at(server, theme=theme).open("/workspace")
    assert page.get_by_role("button", name="Sync all").evaluate(COLOUR) == colour
    page = screen_at(server, theme=theme).open("/runs?show=Groups&metric=auc")
    assert page.locator("[data-tag]").first.evaluate(COLOUR) == colour
