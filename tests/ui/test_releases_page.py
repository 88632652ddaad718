"""The page Releases: what is live, the gate of a version, and what people state about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lean_core.registry import CheckResult
from tests.cli import releases_workspace
from tests.cli.releases_workspace import served, trail_of
from tests.registry.folders import write_event
from tests.releases.builders import a_deployment, a_gate, a_waiver, a_withdrawal

SIGNED_IN = "test@example.com"
"""As Streamlit's test frame says."""
GATED = """
[gates.churn.test.metrics]
auc = { min = 0.99 }
[gates.churn.dev]
checklist = ["Rollback rehearsed"]
[gates.churn.dev.approvals]
count = 1
[probes.churn.prod]
file = "VERSION"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace in which churn 12 and then 13 went to prod, each past its gate."""
    return releases_workspace.make(tmp_path / "w", *served("12", "13"), extra=GATED)


def said(app: AppTest) -> str:
    """Return all that a page says outside of tables, as it is read."""
    elements = (*app.title, *app.markdown, *app.caption, *app.info, *app.success, *app.warning, *app.error)
    return "\n".join(element.value for element in elements).replace("\\", "")


def table(app: AppTest, alt: str) -> list[dict[str, str]]:
    (found,) = [each.value for each in app.table if each.proto.alt == alt]
    return [{key: str(value).replace("\\", "") for key, value in row.items()} for row in found.to_dict("records")]


def checks(app: AppTest) -> list[tuple[str, ...]]:
    """Return the cells of the checks of a gate, row by row."""
    cells = [each.value.replace("\\", "") for each in app.columns for each in each.markdown]
    return list(zip(*[iter(cells)] * 3, strict=True))


def click(app: AppTest, label: str) -> AppTest:
    (found,) = [each for each in app.button if each.label.replace("\\", "") == label]
    return found.click().run()


def fill(app: AppTest, key: str, value: str) -> None:
    (found,) = [each for each in (*app.text_input, *app.selectbox) if each.key == key]
    found.set_value(value)


def newest(workspace: Path, kind: str) -> dict:
    return [event for event in trail_of(workspace) if event["kind"] == kind][-1]


def without_code(record: Path) -> None:
    said = json.loads(record.read_text())
    del said["code"]
    record.write_text(json.dumps(said))


# Empty states


def test_a_workspace_without_a_registry_is_told_which_lines_add_one(open_app, tmp_path: Path):
    (tmp_path / "lean.toml").write_text("")
    app = open_app(tmp_path, "releases")
    assert "This workspace has no registry yet" in said(app)
    assert '[registry]\nuri = "registry"' in app.code[0].value


def test_a_registry_without_models_is_told_which_command_adds_one(open_app, tmp_path: Path):
    (tmp_path / "lean.toml").write_text('[registry]\nuri = "registry"\n')
    (tmp_path / "registry").mkdir()
    app = open_app(tmp_path, "releases")
    assert "The registry has no model yet" in said(app)
    assert "lean-mlops register" in app.code[0].value


def test_a_registry_whose_folder_is_not_there_says_so_and_how_to_begin(open_app, tmp_path: Path):
    (tmp_path / "lean.toml").write_text('[registry]\nuri = "registry"\n')
    app = open_app(tmp_path, "releases")
    assert "there is no folder" in said(app)
    assert "lean-mlops register" in app.code[0].value


def test_where_nothing_is_deployed_the_command_that_deploys_is_shown(open_app, tmp_path: Path):
    app = open_app(releases_workspace.make(tmp_path / "w"), "releases")
    assert "Nothing is declared live anywhere yet" in said(app)
    assert "lean-mlops deploy churn VERSION --env prod" in app.code[0].value


def test_without_a_policy_the_lines_that_set_one_are_shown(open_app, tmp_path: Path):
    app = open_app(releases_workspace.make(tmp_path / "w"), "releases", section="Gate", env="test")
    assert "No gate is set for churn in test" in said(app)
    assert "[gates.churn.test.metrics]" in app.code[-1].value


# What is live


def test_the_matrix_has_a_row_a_model_with_version_basis_time_and_person(open_app, workspace: Path):
    (row,) = table(open_app(workspace, "releases"), "What is declared live")
    assert list(row) == ["Model", "dev", "test", "prod"]
    assert "nothing" in row["dev"]
    assert "**13** :green-badge[gate passed]" in row["prod"]
    assert "by " in row["prod"]


def test_a_forced_a_failed_and_a_withdrawn_release_are_marked(open_app, workspace: Path):
    registry = workspace / "registry"
    write_event(registry, a_deployment("12", day=5, gate=None, reason="in a hurry", skipped=("dev", "test")))
    write_event(registry, a_deployment("13", day=6, outcome="failed"))
    write_event(registry, a_withdrawal("12", day=7))
    (row,) = table(open_app(workspace, "releases"), "What is declared live")
    for mark in ("**12**", "forced", "1 failed since", "withdrawn", "skipped dev, test"):
        assert mark in row["prod"]
    assert "green" not in row["prod"]


def test_a_version_with_changes_that_no_commit_has_is_marked(open_app, workspace: Path):
    record = workspace / "registry/churn/13/version.json"
    said_before = json.loads(record.read_text())
    record.write_text(json.dumps(said_before | {"code": said_before["code"] | {"dirty": True}}))
    app = open_app(workspace, "releases")
    (row,) = table(app, "What is declared live")
    assert ":orange-badge[dirty]" in row["prod"]
    assert "made from changes that no commit has" in said(app)


@pytest.mark.parametrize(
    ("make", "mark"),
    [
        pytest.param(lambda path: None, "gate passed] :small", id="clean"),
        pytest.param(lambda path: path.unlink(), ":orange-badge[no record]", id="gone"),
        pytest.param(lambda path: path.write_text("{"), ":orange-badge[no record]", id="unreadable"),
        pytest.param(without_code, ":gray-badge[dirty?]", id="not said"),
    ],
)
def test_what_a_live_version_was_made_of_is_unknown_where_no_record_tells(
    open_app, workspace: Path, make: Callable[[Path], object], mark: str
):
    make(workspace / "registry/churn/13/version.json")
    (row,) = table(open_app(workspace, "releases"), "What is declared live")
    assert mark in row["prod"]


@pytest.mark.parametrize(
    ("until", "mark", "line"),
    [
        pytest.param(9_999, ":violet-badge[passed, 1 waived]", ":violet[metrics.auc is waived by ben", id="in force"),
        pytest.param(2, ":orange-badge[waiver ended]", ":orange[metrics.auc was waived by ben", id="ended"),
    ],
)
def test_a_waiver_that_let_a_live_version_in_is_shown_in_place_of_green(
    open_app, tmp_path: Path, until: float, mark: str, line: str
):
    waiver = a_waiver("12", day=0.5, until=until)
    failed = CheckResult(name="metrics.auc", verdict="fail", waived_by=waiver.id)
    gate = a_gate("12", day=0.6, checks=(failed,))
    events = (waiver, gate, a_deployment("12", day=1, gate=gate.id))
    app = open_app(releases_workspace.make(tmp_path / "waived", *events), "releases")
    (row,) = table(app, "What is declared live")
    assert mark in row["prod"]
    assert "green" not in row["prod"]
    assert line in said(app)
    assert "Rests on: its gate passed, with 1 check waived" in said(app)


def test_what_the_address_asks_for_and_there_is_not_is_said(open_app, workspace: Path):
    app = open_app(workspace, "releases", model="nope", section="Gate", version="zz", env="qq")
    for each in ("model `nope`", "version `zz` of churn", "environment `qq`"):
        assert f"There is no {each}, which the address asks for" in said(app)
    assert "which the address asks for" not in said(app.run())


def test_a_section_that_there_is_not_is_said(open_app, workspace: Path):
    assert "There is no section `Gates`" in said(open_app(workspace, "releases", section="Gates"))


def test_nothing_is_said_of_running_systems_before_they_are_asked(open_app, workspace: Path):
    app = open_app(workspace, "releases")
    assert "running systems not asked yet" in said(app)
    assert "Observed: not asked yet" in said(app)


@pytest.mark.parametrize(
    ("runs", "mark"),
    [
        pytest.param("13", ":green-badge[observed]", id="agree"),
        pytest.param("12", ":red-badge[disagrees: runs 12]", id="disagree"),
        pytest.param(None, ":gray-badge[can't be seen]", id="unobservable"),
    ],
)
def test_asking_shows_what_the_running_system_says(open_app, workspace: Path, runs: str | None, mark: str):
    if runs:
        (workspace / "VERSION").write_text(runs)
    app = click(open_app(workspace, "releases"), "Ask the running systems")
    (row,) = table(app, "What is declared live")
    assert mark in row["prod"]
    assert "running systems asked just now" in said(app)


def test_an_answer_counts_no_more_once_another_version_is_declared(open_app, workspace: Path):
    (workspace / "VERSION").write_text("13")
    app = click(open_app(workspace, "releases"), "Ask the running systems")
    write_event(workspace / "registry", a_deployment("12", day=9, gate=None, reason="back"))
    app = click(app, "Read again")
    (row,) = table(app, "What is declared live")
    assert "observed" not in row["prod"]
    assert "ask again" in said(app)


# The gate


def test_the_newest_recorded_verdict_is_shown(open_app, workspace: Path):
    app = open_app(workspace, "releases", section="Gate", version="12")
    assert "churn 12** passes the gate for **prod" in said(app)


def test_judging_shows_every_check_and_writes_nothing(open_app, workspace: Path):
    before = trail_of(workspace)
    app = click(open_app(workspace, "releases", section="Gate", version="13", env="test"), "Judge now")
    ((name, value, reason),) = checks(app)
    assert name == ":small[:red-badge[fail] metrics.auc]"
    assert value == ":small[**0.96**] :small[:gray[at least 0.99]]"
    assert "0.96" in reason
    assert trail_of(workspace) == before


def test_a_verdict_is_recorded_as_it_was_shown(open_app, workspace: Path):
    app = click(open_app(workspace, "releases", section="Gate", version="13", env="test"), "Judge now")
    app = click(app, "Record this verdict")
    event = newest(workspace, "gate")
    assert (event["version"], event["environment"], event["verdict"]) == ("13", "test", "fail")
    assert "Record this verdict" not in [button.label for button in app.button]
    assert "churn 13** fails the gate for **test" in said(app)


def test_a_policy_that_changed_since_the_verdict_is_said(open_app, workspace: Path):
    settings = workspace / "lean.toml"
    settings.write_text(settings.read_text().replace("min = 0.8 ", "min = 0.7 "))
    assert "The policy has changed since" in said(open_app(workspace, "releases", section="Gate", version="12"))


# Statements


def test_an_approval_is_an_event_in_the_name_of_who_is_at_work(open_app, workspace: Path):
    app = open_app(workspace, "releases", section="Gate", version="13", env="dev")
    fill(app, "said-note", "looked at the errors")
    app = click(app, "Approve churn 13")
    event = newest(workspace, "approval")
    assert (event["version"], event["environment"], event["note"]) == ("13", "dev", "looked at the errors")
    assert f"{event['by']} approved churn 13 for dev" in said(app)


def test_approving_one_s_own_version_is_labelled_before_and_after(open_app, workspace: Path):
    record = workspace / "registry/churn/13/version.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"created_by": SIGNED_IN}))
    app = open_app(workspace, "releases", section="Gate", version="13", env="dev")
    assert "self-approval, which does not count here" in said(app)
    click(app, "Approve churn 13")
    assert newest(workspace, "approval")["self"] is True


def test_an_item_of_the_checklist_is_attested(open_app, workspace: Path):
    click(open_app(workspace, "releases", section="Gate", version="13", env="dev"), "Attest that it is done")
    assert newest(workspace, "attestation")["item"] == "Rollback rehearsed"


def test_a_waiver_is_shown_first_and_lets_the_check_through(open_app, workspace: Path):
    app = open_app(workspace, "releases", section="Gate", version="13", env="test")
    fill(app, "said-reason", "the holiday")
    app = click(app, "Waive it")
    assert newest(workspace, "waiver")["check"] == "metrics.auc"
    assert "**1 waiver in force**" in said(app)
    ((name, _, _),) = checks(click(app, "Judge now"))
    assert ":violet-badge[waived]" in name


def test_a_waiver_without_a_reason_is_refused_with_a_sentence(open_app, workspace: Path):
    app = click(open_app(workspace, "releases", section="Gate", version="13", env="test"), "Waive it")
    assert "the reason has to be" in app.error[0].value.replace("\\", "")
    assert not [event for event in trail_of(workspace) if event["kind"] == "waiver"]


def test_a_withdrawal_asks_once_more_and_can_t_be_undone(open_app, workspace: Path):
    app = open_app(workspace, "releases", section="Gate", version="13", env="prod")
    app = click(app, "Withdraw…")
    fill(app, "said-why", "it leaks the label")
    assert "this can't be undone" in said(app)
    assert not [event for event in trail_of(workspace) if event["kind"] == "withdrawal"]
    app = click(app, "Withdraw churn 13 for good")
    assert newest(workspace, "withdrawal")["reason"] == "it leaks the label"
    assert "It stays withdrawn" in said(app)
    assert "Withdraw…" not in [button.label for button in app.button]
