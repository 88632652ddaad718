from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lean_core.errors import NotAFolder, RootMissing, UnavailableError
from lean_core.objects import LocalObjects, Objects
from lean_core.registry import list_models, tell_nobody
from lean_core.registry.layout import arrange
from lean_core.registry.verify import Scope
from lean_core.settings import HeartbeatSettings
from lean_core.signals.heartbeats import list_jobs, read_beats, read_heartbeats, write_beat
from lean_core.signals.heartbeats.beat import key_of, read_key, render_beat
from lean_core.signals.heartbeats.beats import DAYS, NEWEST, SUCCESSES, choose
from lean_core.workbench import Workbench
from tests.registry_workspaces import make_registry_workspace
from tests.signals.heartbeats.builders import a_beat, at


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "registry"
    folder.mkdir()
    return folder


@pytest.fixture
def objects(root: Path) -> Objects:
    return LocalObjects(root)


def read(objects: Objects, *, hours: float = 1, job: str = "nightly"):
    return read_beats(objects, [job], now=at(hours))[job]


def test_what_is_written_is_found_by_job(objects: Objects):
    beats = [a_beat("start"), a_beat(hours=0.5, seconds=1_800.0)]
    for beat in (*beats, a_beat(job="weekly")):
        write_beat(objects, beat)
    assert list_jobs(objects) == ["nightly", "weekly"]
    assert read(objects).beats == tuple(beats)


def test_a_registry_without_jobs_has_none(objects: Objects):
    assert list_jobs(objects) == []
    assert read(objects).beats == ()


def test_a_registry_that_is_not_there_is_said_to_be(tmp_path: Path):
    objects = LocalObjects(tmp_path / "gone")
    with pytest.raises(RootMissing):
        list_jobs(objects)
    with pytest.raises(RootMissing):
        write_beat(objects, a_beat())


def test_only_the_newest_are_read_and_older_successes_beside_them(objects: Objects, root: Path):
    successes = [a_beat(hours=-24 * day) for day in range(20)]
    failures = [a_beat("fail", hours=-minute / 60) for minute in range(1, 60)]
    for beat in (*successes, *failures):
        write_beat(objects, beat)
    found = read(objects).beats
    assert sum(beat.said == "fail" for beat in found) == NEWEST - 1
    assert sum(beat.said == "success" for beat in found) == SUCCESSES + 1  # the first of all
    assert found[-1].id == successes[0].id


def test_old_days_are_not_even_listed(root: Path):
    objects = _Counting(root)
    for hours in range(40):
        write_beat(objects, a_beat(hours=-hours / 10))
    for day in range(100):
        write_beat(objects, a_beat(hours=-24 * (day + 2)))
    assert len(read(objects).beats) == NEWEST + 1
    assert objects.listed == 8


class _Counting(LocalObjects):
    """Counts how often it is listed."""

    listed = 0

    def walk(self, prefix: str = ""):
        self.listed += 1
        return super().walk(prefix)


def test_the_choice_is_bounded_and_keeps_the_first():
    keys = [read_key(key_of(a_beat("start", hours=-hour))) for hour in range(500)]
    chosen = choose(keys, now=at(0))
    assert len(chosen) == NEWEST + 1
    assert chosen[0] == keys[-1]
    assert choose(keys[::-1], now=at(0)) == chosen


def test_a_year_of_silence_still_finds_the_last_success(objects: Objects):
    for day in range(DAYS + 20):
        write_beat(objects, a_beat(hours=-24 * day))
    (found,) = read_heartbeats(objects, {}, now=at(24 * 365))
    assert (found.state, found.last_success_at) == ("down", at(0))


def test_a_clock_that_is_ahead_is_pointed_out(objects: Objects):
    write_beat(objects, a_beat())
    write_beat(objects, a_beat(hours=48))
    found = read(objects)
    assert [beat.at for beat in found.beats] == [at(0)]
    assert "1 beat lies in the future" in found.notes[0]


def test_a_file_that_can_not_be_read_counts_by_its_name(objects: Objects, root: Path):
    beat = a_beat("fail", note="gone")
    write_beat(objects, beat)
    (root / key_of(beat)).write_text("{")
    found = read(objects)
    assert [(each.said, each.note) for each in found.beats] == [("fail", None)]
    assert "is not a JSON object" in found.notes[0]


def test_other_files_in_the_folder_are_passed_over(objects: Objects, root: Path):
    write_beat(objects, a_beat())
    for name in ("nightly/2026-11-23/.DS_Store", "nightly/notes.txt", "README.md", ".git/2026-11-23/x.json"):
        path = root / ".heartbeats" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    assert list_jobs(objects) == ["nightly"]
    assert len(read(objects).beats) == 1


def test_two_beats_of_one_moment_both_stay(objects: Objects):
    for _ in range(2):
        write_beat(objects, a_beat())
    assert len(read(objects).beats) == 2


def test_a_file_in_the_way_is_said_to_be(objects: Objects, root: Path):
    (root / ".heartbeats").write_text("x")
    with pytest.raises(NotAFolder, match="move it away"):
        write_beat(objects, a_beat())


def test_without_a_temporary_folder_it_is_said_what_to_do(objects: Objects, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    with pytest.raises(UnavailableError, match="set TMPDIR"):
        write_beat(objects, a_beat())


def test_jobs_that_are_declared_come_first_and_those_found_after_them(objects: Objects):
    write_beat(objects, a_beat(job="found"))
    settings = HeartbeatSettings(model="churn", environment="prod", every=dt.timedelta(days=1), owner="ana")
    declared, found = read_heartbeats(objects, {"zeta": settings}, now=at(1))
    assert (declared.job, declared.state, declared.model, declared.owner) == ("zeta", "new", "churn", "ana")
    assert (found.job, found.is_declared, found.model, found.environment, found.owner) == (
        "found",
        False,
        None,
        None,
        None,
    )


# The registry does not mind


def test_beats_are_no_models(objects: Objects, root: Path):
    beat = a_beat()
    write_beat(objects, beat)
    assert list_models(objects) == []
    layout = arrange(objects.walk())
    assert (layout.models, layout.strays, layout.refused) == ([], [], {})


def test_the_doctor_and_the_index_pass_beats_over(tmp_path: Path):
    workbench = Workbench.open(make_registry_workspace(tmp_path / "workspace"))
    before = list(workbench.verify_registry(Scope(), depth="hashes", tell=tell_nobody))
    for hours in range(3):
        beat = a_beat(hours=-hours)
        path = tmp_path / "workspace/registry" / key_of(beat)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(render_beat(beat))
    assert list(workbench.verify_registry(Scope(), depth="hashes", tell=tell_nobody)) == before
    assert workbench.refresh_registry().state == "ok"
    assert {model.name for model in workbench.registry_models()} == {"churn", "legacy"}
    assert [beat.job for beat in workbench.heartbeats()] == ["nightly"]
