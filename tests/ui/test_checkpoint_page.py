"""The page Checkpoint: five questions with their evidence, what was known on a date, and what people claim."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lean_core.workbench import Workbench
from tests import readiness_workspace
from tests.conftest import FrozenClock
from tests.releases.builders import on
from tests.ui.conftest import OpenApp


@pytest.fixture
def startup(tmp_path: Path, clock: FrozenClock) -> Path:
    """Return the folder of a startup with three models, of which two are live."""
    clock.time = on(10)
    folder = readiness_workspace.make(tmp_path / "startup")
    readiness_workspace.fill(folder, now=clock.time)
    return folder


def said(app: AppTest) -> str:
    """Return all Markdown of the page, without the backslashes that keep it plain."""
    return "\n".join(each.value for each in app.main.markdown).replace("\\", "")


def links(app: AppTest) -> list[tuple[str, str]]:
    return [(each.proto.page or each.proto.url, each.proto.query_string) for each in app.get("page_link")]


def press(app: AppTest, label: str) -> AppTest:
    return next(each for each in app.button if each.label == label).click().run()


def claim(app: AppTest, **fields: str) -> AppTest:
    """Fill in the form of a claim, and send it."""
    for name, value in fields.items():
        widget = app.selectbox if name == "subject" else app.text_input
        widget(key=f"claimed-{name}").set_value(value)
    return press(app, "Claim it")


def test_all_five_questions_are_asked_each_with_its_status_its_news_and_its_score(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint", model="churn")
    for number, question in enumerate(("Which model version", "Which code", "How does", "Which signal", "Which short")):
        assert f"**{number + 1}. {question}" in said(app)
    assert ":green-badge[:material/check_circle: answered] :green-badge[:material/thumb_up: good news]" in said(app)
    assert ":orange-badge[:material/help: missing]" in said(app)
    assert "score 0 of 1 · limited by question 5" in said(app)
    assert "Scores 1 · oldest part seen 1 day ago" in said(app)
    assert not app.exception


def test_the_url_says_which_model_is_chosen(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint")
    assert app.selectbox[0].value == "churn"
    app.selectbox[0].set_value("fraud").run()
    assert app.query_params["model"] == "fraud"
    assert "Version **12** is live in prod" in said(app)
    app.query_params["model"] = "price"
    assert app.run().selectbox[0].value == "price"


def test_a_model_that_is_not_there_is_said_to_be_none(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint", model="curn")
    assert "There is no model `curn`" in app.info[0].value
    assert app.selectbox[0].value == "churn"


def test_a_link_opens_one_question_with_its_evidence(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint", model="churn", check="Provenance")
    assert "**2. Which code" in said(app)
    assert "**1. Which model" not in said(app)
    assert app.expander[0].proto.expanded
    assert ("version", "model=churn&version=13&file=metrics.json") in links(app)
    assert [each.value for each in app.code if each.value.startswith("git show")]
    assert ":gray-badge[:material/description: derived]" in said(app)


def test_a_file_of_the_repository_is_shown_with_its_digest(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint", model="churn", check="Deployment")
    assert "`repository:Makefile` `sha256:" in said(app)
    assert "deploy:\n\ttrue" in "\n".join(each.value for each in app.code)
    assert ("releases", "model=churn&section=Trail") in links(app)


def test_what_people_wrote_is_never_read_as_markdown(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint", model="churn", check="Shortcuts")
    raw = "\n".join(each.value for each in app.main.markdown)
    assert "![x]" not in raw
    assert r"\!\[x\]\(http" in raw


def test_a_claim_is_shown_as_one_with_its_link_and_its_end(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint", model="churn", check="Shortcuts", part="Claims")
    assert ":violet-badge[:material/front_hand: attested] ana says: we hold no personal data" in said(app)
    assert "ana, just now; good until 2026-04-10 12:00 UTC" in said(app)
    assert ("https://wiki.example.com/data", "") in links(app)


def test_a_claim_that_ended_says_so(open_app: OpenApp, startup: Path, clock: FrozenClock):
    clock.advance(days=31)
    app = open_app(startup, "checkpoint", model="churn", check="Shortcuts", part="Claims")
    assert ":orange-badge[:material/history: ended]" in said(app)
    assert "was good until 2026-04-10 12:00 UTC" in said(app)


def test_what_a_person_knows_is_claimed_in_a_form_and_counts_at_once(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint", model="churn", check="Signals", part="Claims")
    assert "Nothing would show that churn in prod is stale." in said(app)
    claim(app, subject="signal.churn.stale", says="The report is empty", until="14d", link="https://wiki.example.com")
    assert "Claimed about `signal.churn.stale`, until 2026-03-25." in app.success[0].value
    (made,) = [each for each in Workbench.open(startup).claims() if each.subject == "signal.churn.stale"]
    assert (made.says, made.link) == ("The report is empty", "https://wiki.example.com")
    assert "Nothing would show that churn in prod is stale." not in said(app)
    assert "says: The report is empty" in said(app)


def test_something_else_can_be_claimed_by_its_name(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint", model="churn", part="Claims")
    claim(app, subject="", name="credits.ends", says="In March, by the contract")
    assert "credits.ends" in [each.subject for each in Workbench.open(startup).claims()]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"says": ""}, "a claim says something"),
        ({"says": "So", "until": "soon"}, "is no time"),
        ({"says": "So", "until": "2020-01-01"}, "must be good for a while"),
        ({"says": "So", "link": "javascript:alert(1)"}, "a claim's link is an http"),
        ({"says": "So", "subject": "", "name": "two words"}, "a claim's subject is words joined by dots"),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused_with_a_sentence(
    open_app: OpenApp, startup: Path, fields: dict[str, str], problem: str
):
    before = Workbench.open(startup).claims()
    app = claim(open_app(startup, "checkpoint", model="churn", part="Claims"), **fields)
    assert problem in app.error[0].value.replace("\\", "")
    assert Workbench.open(startup).claims() == before


def test_a_claim_is_withdrawn_after_a_question(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint", model="churn", part="Claims")
    press(app, "Withdraw…")
    assert [each.subject for each in Workbench.open(startup).claims()] == ["debt.none.compliance"]
    press(app, "Withdraw it")
    assert Workbench.open(startup).claims() == []
    assert "Nobody claims anything about `debt.none.compliance` any more." in app.success[0].value
    assert "Nobody said which shortcut will block the next compliance need." in said(app)


def test_what_was_known_on_a_date_is_told_as_it_was_recorded(open_app: OpenApp, startup: Path, clock: FrozenClock):
    Workbench.open(startup).look()
    clock.advance(days=40)
    app = open_app(startup, "checkpoint", model="churn", known="2026-03-11")
    assert "the look that was recorded at 2026-03-11 12:00 UTC" in app.info[0].value.replace("\\", "")
    assert "3 of 5 questions are answered" in said(app)
    app.text_input(key="known").set_value("").run()
    assert "3 of 5 questions are answered" not in said(app)


def test_before_anybody_looked_nothing_was_known(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint", model="churn", known="2026-01-01")
    assert "nobody had looked yet" in app.info[0].value


def test_a_date_that_cannot_be_read_is_said_to_be_none(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint", model="churn", known="whenever")
    assert "is not a date that can be read" in app.error[0].value


def test_the_trend_is_what_was_recorded(open_app: OpenApp, startup: Path, clock: FrozenClock):
    bench = Workbench.open(startup)
    bench.look()
    clock.advance(days=1)
    bench.claim(readiness_workspace.a_claim("signal.churn.broken", now=clock.time))
    bench.look()
    app = open_app(startup, "checkpoint", model="churn")
    table = app.dataframe[0].value
    assert list(table["Answered"]) == [3, 3]
    assert list(table["Signals"]) == ["missing", "missing"]


def test_facts_are_found_by_their_words(open_app: OpenApp, startup: Path):
    app = open_app(startup, "checkpoint", model="churn", part="Facts", fact_q="LIVE models")
    table = app.dataframe[0].value
    assert dict(zip(table["Fact"], table["Value"], strict=True)) == {"live_models": "2"}
    app.text_input(key="fact_q").set_value("no such thing").run()
    assert "No fact has these words." in said(app)


def test_the_ml_test_score_is_there_only_where_it_is_asked_for(open_app: OpenApp, startup: Path):
    assert [each.label for each in open_app(startup, "checkpoint").tabs] == ["Trend", "Claims", "Facts"]
    with (startup / "lean.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[checkpoint]\nml_test_score = true\n")
    app = open_app(startup, "checkpoint", model="churn", part="ML Test Score")
    assert len(app.dataframe[0].value) == 28
    assert "those of the weakest section" in said(app)


def test_without_a_registry_the_page_teaches_how_to_begin(open_app: OpenApp, make_workspace):
    app = open_app(make_workspace(), "checkpoint")
    assert '[registry]\nuri = "registry"' in app.code[0].value
