"""The page Signals: a signal is written, tried, and pasted into lean.toml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lean_core.settings import load_settings, parse_settings
from lean_core.signals.draft import EXAMPLES, TELEMETRY, write_signal, write_string, write_telemetry
from lean_core.workbench import Workbench
from tests import signals_workspace
from tests.conftest import FrozenClock
from tests.ui.conftest import OpenApp

ODD = 'select "a\\b" || \'\n\t\x7f\' -- ü ]] """ #'


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    """Return the address of a service that tells its health."""
    with signals_workspace.health() as url:
        yield url


@pytest.fixture
def startup(tmp_path: Path, clock: FrozenClock, api: str) -> Path:
    """Return a workspace whose signals were never read."""
    return signals_workspace.make(tmp_path / "startup", api=api, now=clock.time)


@pytest.fixture
def form(open_app: OpenApp, startup: Path) -> AppTest:
    """Return the page with the form open."""
    return open_app(startup, "signals", add="1")


def said(app: AppTest) -> str:
    """Return all Markdown of the page, without the backslashes that keep it plain."""
    return "\n".join(each.value for each in [*app.main.markdown, *app.main.caption]).replace("\\", "")


def press(app: AppTest, label: str) -> AppTest:
    return next(each for each in app.button if each.label == label).click().run()


def fill(app: AppTest, *, most: float | None = 0.4, source: str = "api", **texts: str) -> AppTest:
    """Fill in the form."""
    app.selectbox(key="signal_draft-source").set_value(source).run()
    texts = {"name": "psi", "expression": "json:psi"} | texts
    for name, value in texts.items():
        widget = app.text_area if name == "expression" else app.text_input
        widget(key=f"signal_draft-{name}").set_value(value)
    if most is not None:
        app.number_input(key="signal_draft-max").set_value(most)
    return app.run()


def test_the_form_is_opened_by_a_button_and_says_what_it_needs(open_app: OpenApp, startup: Path):
    app = press(open_app(startup, "signals"), "Add a signal")
    assert "Still needed: a name, an expression, a threshold." in said(app)
    assert "Try it" not in [each.label for each in app.button]
    assert app.query_params["add"] == "1"
    assert len(press(app, "All signals").dataframe) == 6


def test_the_block_is_accepted_by_lean_toml_as_it_is(form: AppTest, startup: Path):
    app = fill(form, expression=ODD, window="10m", fresh="2h", unit="ratio", owner='an"a\\')
    (block,) = [each.value for each in app.code]
    with (startup / "lean.toml").open("a", encoding="utf-8", newline="") as settings:
        settings.write(f"\n{block}")
    signal = load_settings(startup).signals["psi"]
    assert (signal.expression, signal.owner, signal.max) == (ODD, 'an"a\\', 0.4)
    assert (signal.source, signal.class_, signal.model) == ("api", "errors", "churn")


def test_it_is_tried_before_it_is_pasted_and_nothing_is_kept(form: AppTest, startup: Path):
    app = press(fill(form), "Try it")
    assert ":green-badge[:material/check_circle: ok] 0.34, allowed is at most 0.4." in said(app)
    assert Workbench.open(startup).signal_history("psi", 90) == []
    app.number_input(key="signal_draft-max").set_value(0.3).run()
    assert "0.34, allowed" not in said(app)  # it was tried with another threshold
    assert ":red-badge[:material/error: broken] 0.34, allowed is at most 0.3." in said(press(app, "Try it"))


@pytest.mark.parametrize(
    ("source", "expression", "trouble"),
    [
        ("api", "json:nothing.there", "the answer has nothing at nothing.there"),
        ("api", "![x](http://example.com/x.png)", "is none of status, latency and json:PATH"),
        ("billing", "status", "nothing listens there"),
    ],
)
def test_what_cannot_be_read_is_told_as_a_sentence(form: AppTest, source: str, expression: str, trouble: str):
    app = press(fill(form, source=source, expression=expression), "Try it")
    assert ":orange-badge[:material/help: unknown]" in said(app)
    assert trouble in said(app)
    assert "![x]" not in "\n".join(each.value for each in app.markdown)
    assert not app.exception


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": "churn-errors"}, "declares a signal 'churn-errors' already"),
        ({"name": "two words"}, "expected a name of 1 to 64"),
        ({"window": "soon"}, "signals.psi.window"),
        ({"runbook": "javascript:alert(1)"}, "signals.psi.runbook"),
    ],
)
def test_what_lean_toml_would_refuse_is_said_and_not_tried(form: AppTest, fields: dict[str, str], problem: str):
    app = fill(form, **fields)
    assert problem in app.error[0].value.replace("\\", "")
    assert "Try it" not in [each.label for each in app.button]


def test_an_example_fills_in_the_expression(form: AppTest):
    app = press(fill(form), "Such as: how long an answer takes")
    assert app.text_area(key="signal_draft-expression").value == "latency"
    assert app.selectbox(key="signal_draft-class").value == "latency"
    assert app.text_input(key="signal_draft-unit").value == "ms"


@pytest.mark.parametrize("kind", TELEMETRY)
def test_telemetry_that_is_not_declared_has_a_block_to_paste_and_is_not_tried(form: AppTest, kind: str):
    app = fill(form, source=f"+{kind}", name="a-new-one")
    assert "First declare the telemetry" in said(app)
    name, block = write_telemetry(kind, {"api"})  # that one is declared already
    assert app.code[0].value == block.rstrip()
    assert f'source = "{name}"' in app.code[1].value
    assert "Try it" not in [each.label for each in app.button]
    assert [each.value for each in app.error] == []


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_example_is_accepted_by_lean_toml(kind: str, tmp_path: Path):
    source, telemetry = ("runs", "") if kind == "runs" else write_telemetry(kind)
    for each in EXAMPLES[kind]:
        block = write_signal(
            "one",
            {"source": source, "class": each.class_, "model": "churn", "expression": each.expression, "max": 1.0},
        )
        settings = parse_settings(f"{telemetry}\n{block}", path=tmp_path / "lean.toml")
        assert settings.signals["one"].expression == each.expression


def test_text_is_written_so_that_toml_reads_it_back(tmp_path: Path):
    import tomllib

    for text in (ODD, "", "\x00\x1f", "\ud800", "é漢🙂", "'''"):
        assert tomllib.loads(f"a = {write_string(text)}")["a"] == text.encode(errors="replace").decode()
