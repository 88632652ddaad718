"""The page Run: everything known of one run, its artifacts and its notes."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import json
import math
import pickle
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from lean_core.errors import StoreBusy
from lean_core.runs import rows
from lean_core.runs.reader import Chunk
from lean_core.workbench import Workbench
from pages._ui import artifacts, histories, keys, text
from tests.run_workspaces import HOSTILE, import_runs, make_demo_workspace, make_workspace_of, ref, runs_by_name
from tests.runs.builders import START, ARun, MemoryReader

CHILD = "16 hidden units"
PARENT = "how many hidden units?"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
EXECUTED: list[str] = []
"""What a loaded pickle would leave here."""


def points(key: str, *values: float) -> list[tuple[str, int | None, dt.datetime | None, float]]:
    return [(key, step, START + dt.timedelta(seconds=10 * step), value) for step, value in enumerate(values)]


DESCRIBED = [
    ARun(key="hostile", name=HOSTILE, params={HOSTILE: HOSTILE}, tags={HOSTILE: HOSTILE}, points=points(HOSTILE, 1, 2)),
    ARun(
        key="odd",
        name="odd numbers",
        end=None,
        points=[
            *points("nan", math.nan),
            *points("up", math.inf),
            *points("down", -math.inf),
            *points("huge", 1.5e300),
            *points("curve", 1, math.nan, -2, math.inf, 5),
        ],
    ),
    ARun(key="silent", status=None, start=None, end=None),
    ARun(key="trashed", name="trashed", lifecycle="deleted"),
    ARun(key="parent", name="parent"),
    *(ARun(key=f"child {at}", name=f"child {at}", tags={"mlflow.parentRunId": "parent"}) for at in range(25)),
    ARun(key="orphan", name="orphan", tags={"mlflow.parentRunId": "elsewhere"}),
    ARun(key="without steps", points=[("loss", 0, START + dt.timedelta(seconds=at), 1 / (at + 1)) for at in range(4)]),
    ARun(key="once", name="once", points=points("auc", 0.8)),
    ARun(key="long", name="long", points=points("loss", *range(5_000))),
]


@pytest.fixture(scope="module")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_demo_workspace(tmp_path_factory)


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of described runs, which nobody writes to."""
    gone = ARun(key="gone", name="gone")
    return make_workspace_of(tmp_path_factory.mktemp("described") / "w", [*DESCRIBED, gone], later=DESCRIBED)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace of one run, to write notes in."""
    return make_workspace_of(tmp_path / "w", [ARun(key="a", name="first")])


@pytest.fixture
def tree(demo_workspace: Path) -> Path:
    """Return the folder of the artifacts of the run that has all kinds of them."""
    folder = Path(runs_by_name(demo_workspace)[CHILD].artifact_path)
    assert folder.is_relative_to(demo_workspace), "the copy's own artifacts, not those of the demo that it is of"
    return folder


def said(app: AppTest) -> str:
    """Return all that a page says outside of tables, as it is read."""
    elements = (*app.title, *app.markdown, *app.caption, *app.info, *app.warning, *app.error)
    return "\n".join(element.value for element in elements).replace("\\", "")


def table(app: AppTest, alt: str) -> dict[str, str]:
    (found,) = [each.value for each in app.dataframe if each.proto.alt == alt]
    return dict(zip(found["Key"], found["Value"], strict=True))


def chart(app: AppTest) -> dict:
    (found,) = app.get("plotly_chart")
    return json.loads(found.proto.spec)


def labels(app: AppTest) -> list[str]:
    return [button.label.replace("\\", "") for button in app.button]


def button(app: AppTest, label: str):
    (found,) = [each for each in app.button if each.label.replace("\\", "") == label]
    return found


# What is known of it


def test_without_a_run_the_page_says_how_to_open_one(open_app, described: Path):
    assert "Open a run from the page Runs" in said(open_app(described, "run"))


def test_an_unknown_run_is_named_as_the_address_does(open_app, described: Path):
    app = open_app(described, "run", run=f"hand:{HOSTILE}")
    assert f"There is no run {text.code(f'hand:{HOSTILE}')} here" in said(app)
    assert not app.error


def test_the_demo_s_run_shows_all_that_mlflow_logged(open_app, demo_workspace: Path):
    run = runs_by_name(demo_workspace)[CHILD]
    app = open_app(demo_workspace, "run", run=run.ref)
    assert app.title[0].value == CHILD
    assert all(fact in said(app) for fact in ("FINISHED", "churn-network", run.run_id, run.commit, run.user))
    assert table(app, "Params") == run.params
    assert table(app, "Tags") == run.tags
    assert {name: float(value) for name, value in table(app, "Metrics").items()} == pytest.approx(run.metrics, rel=1e-5)
    (datasets,) = [each.value for each in app.dataframe if each.proto.alt == "Datasets"]
    assert list(datasets["Digest"]) == [each.digest for each in run.inputs]


def test_where_a_dataset_is_from_is_said_as_a_place(open_app, tmp_path: Path):
    class WithInputs(MemoryReader):
        def load(self, run_keys: Sequence[str] | None) -> Iterator[Chunk]:
            said = [
                ("a", "train", "1", "training", "local", json.dumps({"uri": "s3://ana:hunter2@b/train.csv"})),
                ("a", "frame", "2", None, "code", json.dumps({"tags": {"mlflow.user": "ana"}})),
                ("a", "query", "3", None, "spark", json.dumps({"sql": "select 1"})),
            ]
            columns = [pa.array(column, pa.string()) for column in zip(*said, strict=True)]
            yield from super().load(run_keys)
            yield Chunk(table="input", rows=pa.RecordBatch.from_arrays(columns, schema=rows.INPUT), done=1.0)

    folder = make_workspace_of(tmp_path / "w", [])
    import_runs(folder, WithInputs(runs=[ARun(key="a")], bookmark=b"2"))
    app = open_app(folder, "run", run=ref("a"))
    (datasets,) = [each.value for each in app.dataframe if each.proto.alt == "Datasets"]
    assert dict(zip(datasets["Name"], datasets["Source"], strict=True)) == {
        "train": "s3://ana:***@b/train.csv",
        "frame": "made in the code",
        "query": "a Spark query",
    }


def test_what_was_not_recorded_is_said_to_be_so(open_app, described: Path):
    app = open_app(described, "run", run=ref("silent"))
    assert app.title[0].value == "silent", "a run without a name is called by its id"
    assert "status unknown" in said(app)
    for fact in ("Started", "Took", "Commit"):
        assert f":gray[{fact}] :gray[not recorded]" in said(app)
    for noun in ("metrics", "params", "tags"):
        assert f"The run logged no {noun}." in said(app)
    assert "did not say which data it read" in said(app)
    assert "No metric was logged." in said(app)
    assert "does not say where this run's artifacts lie" in said(app)


@pytest.mark.parametrize(
    ("key", "mark"), [("gone", "gone from the source since "), ("trashed", "deleted at the source")]
)
def test_a_run_that_the_source_lost_says_so(open_app, described: Path, key: str, mark: str):
    assert mark in said(open_app(described, "run", run=ref(key)))


def test_metrics_that_are_no_finite_numbers_have_names(open_app, described: Path):
    app = open_app(described, "run", run=ref("odd"))
    wanted = {"nan": "NaN", "up": "Infinity", "down": "-Infinity", "huge": "1.5e+300", "curve": "5"}
    assert table(app, "Metrics") == wanted


def test_a_hostile_run_is_shown_as_it_is(open_app, described: Path):
    app = open_app(described, "run", run=ref("hostile"))
    assert not app.exception
    assert not app.error
    assert app.title[0].value.replace("\\", "") == HOSTILE
    assert table(app, "Params") == table(app, "Tags") == {HOSTILE: HOSTILE}
    assert chart(app)["layout"]["yaxis"]["title"]["text"].startswith("![x](http://evil.example/a.png) &lt;b>")


def test_the_models_of_a_run_are_named(open_app, tmp_path: Path):
    class WithModels(MemoryReader):
        def catalog(self) -> dict[str, pa.Table]:
            version = ("churn", "3", "Production", ["champion"], "a", None, "READY", None, START)
            logged = ("m-1", None, "a", None, None, None, None, START)
            return super().catalog() | {
                name: pa.Table.from_pylist([dict(zip(schema.names, values, strict=True))], schema=schema)
                for name, schema, values in (
                    ("model_version", rows.MODEL_VERSION, version),
                    ("logged_model", rows.LOGGED_MODEL, logged),
                )
            }

    folder = make_workspace_of(tmp_path / "w", [ARun(key="b")])
    import_runs(folder, WithModels(runs=[ARun(key="a"), ARun(key="b")], bookmark=b"2"))
    app = open_app(folder, "run", run=ref("a"))
    assert "Registered as `churn` version `3` (stage Production, alias champion)" in said(app)
    assert "Logged model `m-1` (status unknown)" in said(app)
    assert "deployed_code" not in said(open_app(folder, "run", run=ref("b")))


# Its relatives


def test_a_child_leads_to_its_parent_and_back(open_app, demo_workspace: Path):
    app = open_app(demo_workspace, "run", run=runs_by_name(demo_workspace)[CHILD].ref)
    button(app, PARENT).click().run()
    assert app.title[0].value.replace("\\", "") == PARENT
    assert "3 child runs:" in said(app)
    button(app, "8 hidden units").click().run()
    assert app.title[0].value == "8 hidden units"
    assert app.query_params["run"] == runs_by_name(demo_workspace)["8 hidden units"].ref


def test_of_many_children_the_first_are_there_and_the_rest_one_click_away(open_app, described: Path):
    app = open_app(described, "run", run=ref("parent"))
    assert "25 child runs, the first 20 of them:" in said(app)
    assert sum(label.startswith("child ") for label in labels(app)) == 20
    (link,) = [each.proto for each in app.get("page_link") if each.proto.label == "Show as a table"]
    assert link.query_string == "q=parent+%3D+%27parent%27&source=hand"


def test_a_parent_that_was_not_imported_is_named(open_app, described: Path):
    assert "Child of `elsewhere`, which was not imported." in said(open_app(described, "run", run=ref("orphan")))


def test_the_next_run_does_not_inherit_the_artifact_that_was_open(open_app, demo_workspace: Path):
    app = open_app(demo_workspace, "run", run=runs_by_name(demo_workspace)[CHILD].ref, artifact="report.md")
    button(app, PARENT).click().run()
    assert keys.ARTIFACT not in app.query_params


# Its histories


def test_the_first_metric_with_several_values_is_drawn(open_app, demo_workspace: Path):
    app = open_app(demo_workspace, "run", run=runs_by_name(demo_workspace)[CHILD].ref)
    assert app.multiselect(keys.METRICS).value == ["train_loss"]
    (line,) = chart(app)["data"]
    assert len(line["y"]) == 40


def test_smoothing_keeps_the_raw_line(open_app, described: Path):
    app = open_app(described, "run", run=ref("odd"), smoothing="0.5")
    raw, smooth = chart(app)["data"]
    assert raw["y"] == [1, None, -2, None, 5]
    assert smooth["y"][0] == 1
    assert smooth["y"][2] == pytest.approx(-1), "(0.5 * 0.5 * 1 + 0.5 * -2) / (1 - 0.25)"
    assert raw["opacity"] < 1
    assert raw["line"]["color"] == smooth["line"]["color"]


@pytest.mark.parametrize(
    ("across", "x", "kind"),
    [
        ("step", [0, 1, 2, 3, 4], None),
        ("relative time", [0, 10, 20, 30, 40], None),
        ("wall time", [f"2026-11-01T12:00:{second:02}" for second in (0, 10, 20, 30, 40)], "date"),
    ],
)
def test_a_line_runs_along_what_was_chosen(open_app, described: Path, across: str, x: list[object], kind: str | None):
    drawn = chart(open_app(described, "run", run=ref("odd"), x_axis=across))
    assert drawn["data"][0]["x"] == x
    assert drawn["layout"]["xaxis"].get("type") == kind


def test_axes_can_be_logarithmic_and_say_what_they_leave_out(open_app, described: Path):
    app = open_app(described, "run", run=ref("odd"), log_x="true", log_y="true")
    layout = chart(app)["layout"]
    assert (layout["xaxis"]["type"], layout["yaxis"]["type"]) == ("log", "log")
    assert (
        "`curve`: 2 values NaN or infinite, left out; 2 points at 0 or below, where a log axis has no place."
        in said(app)
    )


def test_dates_have_no_logarithm(open_app, described: Path):
    app = open_app(described, "run", run=ref("odd"), log_x="true", x_axis="wall time")
    assert chart(app)["layout"]["xaxis"]["type"] == "date"
    assert app.toggle(keys.LOG_X).disabled


def test_values_without_steps_stand_in_their_order(open_app, described: Path):
    (line,) = chart(open_app(described, "run", run=ref("without steps")))["data"]
    assert line["x"] == [0, 1, 2, 3]
    assert line["y"] == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])


def test_metrics_that_were_logged_once_have_no_history(open_app, described: Path):
    app = open_app(described, "run", run=ref("once"))
    assert "Each metric was logged once: there is no history to draw." in said(app)
    assert not app.get("plotly_chart")


def test_a_long_history_is_thinned_and_says_so(open_app, described: Path):
    app = open_app(described, "run", run=ref("long"))
    (line,) = chart(app)["data"]
    assert len(line["y"]) == histories.MOST_POINTS
    assert (line["y"][0], line["y"][-1]) == (0, 4_999)
    assert "5,000 values, drawn as 2,000 at even distances" in said(app)


# Its artifacts


def test_folders_are_walked_down_and_up(open_app, demo_workspace: Path, tree: Path):
    app = open_app(demo_workspace, "run", run=runs_by_name(demo_workspace)[CHILD].ref)
    assert any(label.startswith("report.md") for label in labels(app))
    button(app, "model").click().run()
    assert app.query_params[keys.ARTIFACT] == "model/"
    assert any(label.startswith("weights.npz :gray[  ") for label in labels(app))
    button(app, "..").click().run()
    assert keys.ARTIFACT not in app.query_params
    assert "model" in labels(app)


def open_artifact(open_app, folder: Path, path: str) -> AppTest:
    app = open_app(folder, "run", run=runs_by_name(folder)[CHILD].ref, artifact=path)
    assert not app.exception
    assert not app.error
    return app


def test_a_link_to_a_file_shows_it_beside_its_folder(open_app, demo_workspace: Path):
    app = open_artifact(open_app, demo_workspace, "model/model.json")
    assert json.loads(app.code[0].value)["settings"]["hidden_units"] == 16
    assert any(label.startswith("python_env.yaml") for label in labels(app))


def test_a_table_is_shown_as_one(open_app, demo_workspace: Path):
    app = open_artifact(open_app, demo_workspace, "confusion.csv")
    (shown,) = [each.value for each in app.dataframe if each.proto.alt == "confusion.csv"]
    assert len(shown) == 2


@pytest.mark.parametrize("name", ["notes.md", "notes.txt"])
def test_text_is_shown_as_it_is_written(open_app, demo_workspace: Path, tree: Path, name: str):
    (tree / name).write_text(f"# Title\n{HOSTILE}\n", encoding="utf-8")
    assert open_artifact(open_app, demo_workspace, name).code[0].value == f"# Title\n{HOSTILE}"


def test_an_image_is_shown(open_app, demo_workspace: Path, tree: Path):
    (tree / "plot.png").write_bytes(PNG)
    assert len(open_artifact(open_app, demo_workspace, "plot.png").get("image")) == 1


def enormous() -> bytes:
    """Return an image of a few bytes that would fill 900 MB."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    return PNG[:8] + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + PNG[33:]


@pytest.mark.parametrize("image", [PNG[: len(PNG) // 2], PNG[:33], PNG[:40] + b"?" + PNG[41:], enormous()])
def test_an_image_that_can_not_be_drawn_is_a_sentence(open_app, demo_workspace: Path, tree: Path, image: bytes):
    name = f"{zlib.crc32(image)}.png"
    (tree / name).write_bytes(image)
    app = open_artifact(open_app, demo_workspace, name)
    assert "Not shown: the image breaks off" in said(app)
    assert not app.get("image")


class Bomb:
    def __reduce__(self):
        return (EXECUTED.append, ("the pickle was loaded",))


@pytest.mark.parametrize("name", ["model.pkl", "model.joblib", "model.pt"])
def test_a_pickle_is_marked_and_never_loaded(open_app, demo_workspace: Path, tree: Path, name: str):
    (tree / name).write_bytes(pickle.dumps(Bomb()))
    app = open_artifact(open_app, demo_workspace, name)
    assert "Not shown: " in said(app)
    assert "code that it holds" in said(app)
    (marked,) = [each for each in app.button if each.label.replace("\\", "").startswith(name)]
    assert marked.icon == ":material/warning:"
    assert marked.help.startswith("Never loaded here")
    assert not EXECUTED


@pytest.mark.parametrize("path", ["nothing.txt", "model/nothing.txt", "nowhere/", "../../../lean.toml", "/etc/passwd"])
def test_what_is_not_among_the_artifacts_is_not_shown(open_app, demo_workspace: Path, path: str):
    app = open_artifact(open_app, demo_workspace, path)
    assert not app.code
    assert "is not there, or no longer" in said(app) or "leads out of the folder" in said(app)


def test_of_a_large_folder_the_first_files_are_listed(
    open_app, demo_workspace: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(artifacts, "MOST_ENTRIES", 2)
    many = tree / "many"
    many.mkdir()
    for at in range(3):
        (many / f"{at}.txt").touch()
    app = open_artifact(open_app, demo_workspace, "many/")
    assert sum(".txt" in label for label in labels(app)) == 2
    assert "The first 2 of 3 are listed." in said(app)


def test_the_address_of_artifacts_shows_no_password(open_app, described: Path, monkeypatch: pytest.MonkeyPatch):
    location = Workbench.artifact_location
    uri = "https://ana:hunter2@example.invalid/artifacts"
    monkeypatch.setattr(
        Workbench, "artifact_location", lambda self, run: dataclasses.replace(location(self, run), uri=uri)
    )
    app = open_app(described, "run", run=ref("once"))
    assert "https://ana:***@example.invalid/artifacts" in said(app)
    assert "hunter2" not in said(app)


# Its note and tags


def write_note(app: AppTest, body: str) -> AppTest:
    app.text_area(f"{keys.NOTE}-{ref('a')}").set_value(body)
    return button(app, "Save the note").click().run()


def history(app: AppTest) -> list[str]:
    """Return who did what, newest first, without the time."""
    lines = [each.value.replace("\\", "") for each in app.markdown if " UTC: " in each.value]
    return [line.partition(" UTC: ")[2].partition(" ")[2] for line in lines]


def test_a_note_is_saved_changed_and_emptied_and_each_is_told(open_app, workspace: Path):
    app = open_app(workspace, "run", run=ref("a"))
    assert not history(app)
    write_note(app, HOSTILE)
    assert [toast.value for toast in app.toast] == ["Saved the note."]
    assert "Written by" in said(app)
    assert Workbench.open(workspace).note(ref("a")).body == HOSTILE
    write_note(app, "better")
    write_note(app, "")
    assert Workbench.open(workspace).note(ref("a")) is None
    assert "Written by" not in said(app)
    assert history(app) == [
        "deleted the note, it was: `better`",
        f"changed the note, it was: {text.code(HOSTILE)}",
        "wrote the note",
    ]


def test_a_note_is_there_in_the_next_session(open_app, workspace: Path):
    write_note(open_app(workspace, "run", run=ref("a")), "kept")
    app = open_app(workspace, "run", run=ref("a"))
    assert app.text_area(f"{keys.NOTE}-{ref('a')}").value == "kept"


def test_a_note_that_can_not_be_saved_stays_in_its_place(open_app, workspace: Path, monkeypatch: pytest.MonkeyPatch):
    app = open_app(workspace, "run", run=ref("a"))

    def fail(*_: object, **__: object) -> None:
        raise StoreBusy("somebody holds the file; try again")

    monkeypatch.setattr(Workbench, "write_note", fail)
    write_note(app, "not lost")
    assert "somebody holds the file" in said(app)
    assert app.text_area(f"{keys.NOTE}-{ref('a')}").value == "not lost"
    assert not app.toast


def add_tag(app: AppTest, key: str, value: str = "") -> AppTest:
    app.text_input(keys.TAG_KEY).set_value(key)
    app.text_input(keys.TAG_VALUE).set_value(value)
    return button(app, "Add the tag").click().run()


def test_local_tags_are_added_changed_and_removed_and_each_is_told(open_app, workspace: Path):
    app = open_app(workspace, "run", run=ref("a"))
    add_tag(app, "keep", HOSTILE)
    assert f"keep: {HOSTILE}" in labels(app)
    add_tag(app, "keep", "no")
    button(app, "keep: no").click().run()
    assert "None yet." in said(app)
    assert history(app) == [
        "removed the tag `keep = no`",
        "changed the tag `keep = no`",
        f"set the tag {text.code(f'keep = {HOSTILE}')}",
    ]


def test_a_tag_without_a_key_is_not_added(open_app, workspace: Path):
    app = add_tag(open_app(workspace, "run", run=ref("a")), "  ", "value")
    assert [toast.value for toast in app.toast] == ["A tag needs a key."]
    assert "None yet." in said(app)
