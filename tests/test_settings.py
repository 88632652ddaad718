from __future__ import annotations

import datetime as dt
import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lean_core.errors import NoWorkspace, SettingsError, UnavailableError
from lean_core.settings import (
    Settings,
    SourceSettings,
    create_settings,
    find_workspace,
    load_settings,
    parse_settings,
    redact,
)

PATH = Path("/home/ana/churn/lean.toml")
SOURCE = '[sources.local]\nuri = "mlflow.db"\n'


def parse(text: str) -> Settings:
    return parse_settings(text, path=PATH)


def mistake(text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        parse(text)
    message = str(caught.value)
    assert message.startswith(f"{PATH}: ")
    assert len(message.splitlines()) == 1
    return message.removeprefix(f"{PATH}: ")


def test_an_empty_file_means_the_defaults():
    read = parse("")
    assert read.workspace.name == "churn"
    assert read.workspace.repository == "."
    assert read.sources == {}
    assert read.runs.abandoned_after == dt.timedelta(days=1)
    assert read.server.timeout == dt.timedelta(seconds=10)
    assert read.store.busy_timeout == dt.timedelta(seconds=8)


def test_every_setting_can_be_given():
    read = parse("""
        [workspace]
        name = "Abwanderung ü"
        repository = ".."
        [sources.local]
        uri = "mlflow.db"
        [sources.team-2]
        uri = "https://mlflow.example/x"
        kind = "mlflow"
        [runs]
        abandoned_after = "2.5h"
        [server]
        timeout = "90s"
        [store]
        busy_timeout = "1m"
    """)
    assert (read.workspace.name, read.workspace.repository) == ("Abwanderung ü", "..")
    assert list(read.sources.items()) == [
        ("local", SourceSettings(uri="mlflow.db")),
        ("team-2", SourceSettings(uri="https://mlflow.example/x", kind="mlflow")),
    ]
    assert read.runs.abandoned_after == dt.timedelta(hours=2, minutes=30)
    assert read.server.timeout == dt.timedelta(seconds=90)
    assert read.store.busy_timeout == dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    "uri",
    [
        "mlflow.db", "../runs", "C:\\Users\\ana\\mlruns", "C:/mlruns", "a folder/mit ü", "sqlite:///mlflow.db",
        "file:///srv/mlruns", "postgresql://ana@db/mlflow", "postgresql+psycopg2://ana:geheim@db:5432/mlflow",
        "mysql+pymysql://db/mlflow", "http://127.0.0.1:5000", "HTTPS://mlflow.example",
    ],
)  # fmt: skip
def test_a_uri_is_kept_as_it_is_written(uri: str):
    assert parse(f"[sources.a]\nuri = '{uri}'").sources["a"].uri == uri


MISTAKES = {
    'surces.local.uri = "x"': "unknown key surces: did you mean sources?"
    " (known here: workspace, sources, registry, environments, runs, server, store, checkpoint, probes, gates,"
    " heartbeats, telemetry, signals)",
    "[server]\ntimout = '1s'": "unknown key server.timout: did you mean server.timeout? (known here: timeout)",
    f"{SOURCE}kid = 'auto'": "unknown key sources.local.kid: did you mean sources.local.kind? (known here: uri, kind)",
    "[workspace]\n'na\\nme\u2028' = 1": 'unknown key workspace."na\\\\nme\\u2028": did you mean workspace.name?'
    " (known here: name, repository)",
    "workspace = 3": "workspace = 3: expected a table, under a line [workspace]",
    "runs = []": "runs = (an array): expected a table, under a line [runs]",
    "[sources]\nuri = 'mlflow.db'": 'sources.uri = "mlflow.db": expected a table for each source,'
    " under a line such as [sources.local]",
    "sources = 'mlflow.db'": 'sources = "mlflow.db": expected a table for each source,'
    " under a line such as [sources.local]",
    "[sources.'my store']\nuri = 'x'": 'sources."my store": expected a source name of 1 to 64 of A-Z a-z 0-9 _ -',
    "[sources.'']\nuri = 'x'": 'sources."": expected a source name of 1 to 64 of A-Z a-z 0-9 _ -',
    "[sources.a]": "sources.a.uri is missing: expected a path, or a URI that begins with"
    " sqlite:///, postgresql://, mysql://, http:// or https://",
    "[sources.a]\nuri = ''": 'sources.a.uri = "": expected a path, or a URI that begins with'
    " sqlite:///, postgresql://, mysql://, http:// or https://",
    '[sources.a]\nuri = "x\\n"': 'sources.a.uri = "x\\n": expected a path, or a URI that begins with'
    " sqlite:///, postgresql://, mysql://, http:// or https://",
    "[sources.a]\nuri = true": "sources.a.uri = true: expected a path, or a URI that begins with"
    " sqlite:///, postgresql://, mysql://, http:// or https://",
    "[sources.a]\nuri = 's3://bucket/runs'": 'sources.a.uri = "s3://bucket/runs": expected a path, or a URI that'
    " begins with sqlite:///, postgresql://, mysql://, http:// or https://",
    f"{SOURCE}kind = 'mlruns'": 'sources.local.kind = "mlruns": expected "auto", "mlflow"'
    ' (an MLflow store or server) or "folder" (one folder a run)',
    "[sources.a]\nuri = 'http://h'\nkind = 'folder'": 'sources.a.kind = "folder": expected "auto" or "mlflow"'
    " with a uri of http:",
    "[runs]\nabandoned_after = '1 month'": 'runs.abandoned_after = "1 month": expected a duration from "1s" to "520w"'
    " (units s m h d w)",
    "[runs]\nabandoned_after = '521w'": 'runs.abandoned_after = "521w": expected a duration from "1s" to "520w"'
    " (units s m h d w)",
    "[runs]\nabandoned_after = '\u0661d'": 'runs.abandoned_after = "\u0661d": expected a duration from "1s" to "520w"'
    " (units s m h d w)",
    "[server]\ntimeout = 10": 'server.timeout = 10: expected a duration from "1s" to "1h" (units s m h)',
    "[server]\ntimeout = '0s'": 'server.timeout = "0s": expected a duration from "1s" to "1h" (units s m h)',
    "[server]\ntimeout = '2h'": 'server.timeout = "2h": expected a duration from "1s" to "1h" (units s m h)',
    "[server]\ntimeout = 2026-11-23": 'server.timeout = 2026-11-23: expected a duration from "1s" to "1h"'
    " (units s m h)",
    f"[store]\nbusy_timeout = 0x{'f' * 9000}": "store.busy_timeout = (a very long number): expected a duration"
    ' from "1s" to "1h" (units s m h)',
    "[workspace]\nname = ''": 'workspace.name = "": expected a name of 1 to 100 characters, in one line',
    "[workspace]\nname = nan": "workspace.name = nan: expected a name of 1 to 100 characters, in one line",
    "[workspace]\nrepository = false": "workspace.repository = false: expected the path of a folder,"
    " from where lean.toml lies",
    "[workspace\nname = 'x'": "not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 11)",
    "[runs]\n[runs]": "not valid TOML: Cannot declare ('runs',) twice (at line 2, column 6)",
    f"x = {'9' * 5000}": "not valid TOML: a number is too long, or values are nested too deep",
    f"x = {'[' * 5000}": "not valid TOML: a number is too long, or values are nested too deep",
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.items(), ids=[text[:30] for text in MISTAKES])
def test_a_mistake_names_the_key_the_value_and_what_is_allowed(text: str, message: str):
    assert mistake(text) == message


def test_a_long_value_is_shortened():
    assert len(mistake(f"[server]\ntimeout = '{'x' * 5000}'")) < 200


def test_a_password_is_allowed_and_never_repeated():
    uri = "postgresql://ana:hun/ter2@db/mlflow?sslpassword=hunter2"
    assert parse(f"[sources.a]\nuri = '{uri}'").sources["a"].uri == uri
    for wrong in (f"kind = '{uri}'\nuri = 'x'", f"uri = 'x{uri}'", f"'{uri}' = 1\nuri = 'x'"):
        assert "ter2" not in mistake(f"[sources.a]\n{wrong}")


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("mlflow.db", "mlflow.db"),
        ("http://127.0.0.1:5000/x", "http://127.0.0.1:5000/x"),
        ("postgresql://ana@db:5432/m", "postgresql://ana@db:5432/m"),
        ("postgresql://ana:pw@db:5432/m", "postgresql://ana:***@db:5432/m"),
        ("postgresql://ana:p@w/p?w#:@db/m", "postgresql://ana:***@db/m"),
        ("postgresql://ana@corp:pw@db/m", "postgresql://ana@corp:***@db/m"),
        ("https://:pw@host/", "https://:***@host/"),
        ("https://ghp_token@host/", "https://***@host/"),
        ("mysql://db/m?user=ana&password=pw&ssl=1", "mysql://db/m?user=ana&password=***&ssl=1"),
        ("could not open postgresql://a:pw@h/d, gave up", "could not open postgresql://a:***@h/d, gave up"),
    ],
)
def test_redact_hides_passwords_and_tokens(uri: str, shown: str):
    assert redact(uri) == shown


def test_a_file_with_a_byte_order_mark_is_read(make_workspace):
    folder = make_workspace()
    (folder / "lean.toml").write_bytes(b"\xef\xbb\xbf[workspace]\nname = 'x'\n")
    assert load_settings(folder).workspace.name == "x"


def test_a_file_that_is_not_utf8_is_a_settings_error(make_workspace):
    folder = make_workspace()
    (folder / "lean.toml").write_bytes(b"# \xff\n")
    with pytest.raises(SettingsError, match="byte 3 is not UTF-8: save the file as UTF-8"):
        load_settings(folder)


def test_a_file_that_cannot_be_read_is_a_settings_error(tmp_path: Path):
    (tmp_path / "lean.toml").mkdir()
    with pytest.raises(SettingsError, match="can't be read"):
        load_settings(tmp_path)


def test_the_name_defaults_to_the_folder_however_it_is_reached(make_workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(make_workspace(name="pricing"))
    assert load_settings(Path()).workspace.name == "pricing"


def test_a_folder_name_that_is_no_name_gives_a_plain_default():
    assert parse_settings("", path=Path("/tmp/\udcff\n/lean.toml")).workspace.name == "workspace"
    assert parse_settings("", path=Path("/lean.toml")).workspace.name == "workspace"


def test_the_option_wins_over_the_environment_and_that_over_the_current_folder(
    make_workspace, monkeypatch: pytest.MonkeyPatch
):
    here, named, given_one = (make_workspace(name=name) for name in ("here", "named", "given"))
    monkeypatch.chdir(here)
    assert find_workspace(str(given_one), {"LEAN_WORKSPACE": str(named)}) == given_one
    assert find_workspace(None, {"LEAN_WORKSPACE": str(named)}) == named
    assert find_workspace(None, {"LEAN_WORKSPACE": ""}) == here
    assert find_workspace(None, {}) == here


@pytest.mark.parametrize(
    ("explicit", "environ", "origin"),
    [("x", {}, "--workspace"), (None, {"LEAN_WORKSPACE": "x"}, "LEAN_WORKSPACE"), (None, {}, "the current folder")],
)
def test_no_workspace_says_where_it_looked_and_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, explicit, environ, origin
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NoWorkspace) as caught:
        find_workspace(explicit, environ)
    message = str(caught.value)
    assert str(tmp_path) in message
    assert f"({origin})" in message
    assert "lean-mlops init" in message
    assert "lean-mlops demo" in message


def test_a_current_folder_that_is_gone_is_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(NoWorkspace, match="no longer exists"):
        find_workspace(None, {})


def test_a_lean_toml_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UnavailableError, match=r"can't be written \(No space left on device\): make room"):
        create_settings(tmp_path, "# text")
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_hard_links_still_gets_its_lean_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def no_links(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("os.link", no_links)
    create_settings(tmp_path, "# first")
    with pytest.raises(SettingsError, match="is there already"):
        create_settings(tmp_path, "# second")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("lean.toml", "# first")]


def test_of_many_who_create_a_lean_toml_at_once_one_succeeds(tmp_path: Path):
    def create(number: int) -> str | None:
        try:
            create_settings(tmp_path, f"# {number}")
        except SettingsError:
            return None
        return f"# {number}"

    with ThreadPoolExecutor(16) as pool:
        written = [text for text in pool.map(create, range(64)) if text]
    assert written == [(tmp_path / "lean.toml").read_text()]
    assert len(list(tmp_path.iterdir())) == 1


KEYS = st.sampled_from(
    ["workspace", "name", "repository", "sources", "local", "uri", "kind", "runs", "abandoned_after", "server",
     "timeout", "store", "busy_timeout", "'a b'", '"\\n"', "''"]
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(["{}", "[]", "true", "nan", "-inf", "1", "0x" + "f" * 20_000, "9" * 5000, "1979-05-27", "07:32:00",
                     '"1d"', '"1s"', '"mlflow.db"', '"auto"', '"http://a:b@c"', "[" * 3000, "{uri = 'x'}", "'''\n'''"]),
    st.text(max_size=20),
)  # fmt: skip
LINES = st.one_of(
    st.builds(lambda *parts: f"[{'.'.join(parts)}]", KEYS, KEYS),
    st.builds(lambda key: f"[{key}]", KEYS),
    st.builds(lambda key, value: f"{key} = {value}", KEYS, VALUES),
    st.builds(lambda one, two, value: f"{one}.{two} = {value}", KEYS, KEYS, VALUES),
    st.text(max_size=40),
)


def parse_or_refuse(text: str) -> Settings | SettingsError:
    try:
        return parse(text)
    except SettingsError as error:
        return error


@settings(max_examples=400)
@given(st.lists(LINES, max_size=8).map("\n".join))
def test_any_text_gives_settings_or_one_line_about_the_mistake(text: str):
    outcome = parse_or_refuse(text)
    if isinstance(outcome, SettingsError):
        assert str(outcome).startswith(f"{PATH}: ")
        assert len(str(outcome).splitlines()) == 1
    else:
        assert outcome.server.timeout > dt.timedelta(0)
