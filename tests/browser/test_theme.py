"""What the theme looks like in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from pages._ui.theme import ON_DARK_PRIMARY
from tests.browser.conftest import THEMES, ScreenAt, StartApp
from tests.browser.server import AppServer
from tests.run_workspaces import make_workspace_of
from tests.runs.builders import START, ARun

WHITE, DARK = (
    "color(srgb {:.6g} {:.6g} {:.6g})".format(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))
    for colour in ("#FFFFFF", ON_DARK_PRIMARY)
)
ON_PRIMARY = {"light": WHITE, "dark": DARK}


@pytest.fixture(scope="module")
def server(start_shared: StartApp, tmp_path_factory: pytest.TempPathFactory) -> AppServer:
    folder = tmp_path_factory.mktemp("theme") / "w"
    return start_shared(make_workspace_of(folder, [ARun(key="a", points=[("auc", 0, START, 0.5)])]))


@pytest.mark.parametrize("theme", THEMES)
def test_text_on_the_primary_colour_is_that_of_the_theme(theme: str, server: AppServer, screen_at: ScreenAt) -> None:
    screen = screen_at(server, theme=theme)
    page = screen.open("/workspace")
    expect(page.get_by_role("button", name="Sync all")).to_have_css("color", ON_PRIMARY[theme])
    page = screen.open("/runs?show=Groups&metric=auc")
    expect(page.locator("[data-tag]").first).to_have_css("color", ON_PRIMARY[theme])


def test_it_follows_a_theme_that_is_chosen_while_a_dialog_is_open(server: AppServer, screen_at: ScreenAt) -> None:
    page = screen_at(server).open("/debt?add=1")
    button = page.get_by_role("dialog").get_by_role("button", name="Log it")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        expect(button).to_have_css("color", ON_PRIMARY[theme])
