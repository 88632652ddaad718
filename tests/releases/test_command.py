from __future__ import annotations

import os
import shlex
import signal
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from lean_core.errors import UnavailableError
from lean_core.releases import command
from lean_core.releases.command import Ran, Shell, run_command

PYTHON = shlex.quote(sys.executable)


def ran(line: str, *, folder: Path = Path(), tell=lambda _: None, stop=None, **environ: str) -> Ran:
    given = {"stop": stop} if stop else {}
    return run_command(Shell(command=line, folder=folder, environ=dict(os.environ) | environ, tell=tell, **given))


def test_a_command_runs_in_a_shell_in_the_folder_with_its_environment(tmp_path: Path):
    found = ran('echo "$LEAN_VERSION in $(basename "$PWD")" && exit 0', folder=tmp_path, LEAN_VERSION="12")
    assert (found.succeeded, found.exit_code, found.tail) == (True, 0, f"12 in {tmp_path.name}\n")


def test_a_command_that_fails_says_with_what():
    found = ran("echo oops >&2; exit 3")
    assert (found.succeeded, found.exit_code, found.tail) == (False, 3, "oops\n")
    assert ran("no-such-program-here").exit_code == 127


def test_the_output_is_told_while_the_command_still_runs(tmp_path: Path):
    pieces: list[bytes] = []
    go_on = tmp_path / "go on"

    def tell(piece: bytes) -> None:
        pieces.append(piece)
        go_on.touch()  # without this the command would wait for ever

    found = ran(f"echo first; while [ ! -e {shlex.quote(str(go_on))} ]; do sleep 0.01; done; echo second", tell=tell)
    assert found.succeeded
    assert b"".join(pieces) == b"first\nsecond\n"


def test_of_a_long_output_the_end_is_kept():
    found = ran(f"{PYTHON} -c \"print('x' * 100_000 + 'the end')\"")
    assert len(found.tail) == command.TAIL
    assert found.tail.endswith("the end\n")


def test_whoever_stops_listening_does_not_stop_the_command():
    def leave(_: bytes) -> None:
        raise BrokenPipeError

    assert ran("echo a; echo b", tell=leave).tail == "a\nb\n"


def test_a_service_that_it_starts_in_the_background_does_not_keep_us_waiting(tmp_path: Path):
    mark = tmp_path / "pid"
    began = time.monotonic()
    found = ran(f"sleep 300 & echo $! > {shlex.quote(str(mark))}; echo started")
    try:
        assert found.succeeded
        assert time.monotonic() - began < 60
    finally:
        os.kill(int(mark.read_text()), signal.SIGKILL)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(UnavailableError, match=r"can't be started in .*/gone"):
        ran("true", folder=tmp_path / "gone")


def stop_after(mark: Path, stop: threading.Event) -> None:
    """Ask for an end once the command has made its mark."""

    def wait() -> None:
        wait_for(mark)
        stop.set()

    threading.Thread(target=wait, daemon=True).start()


def test_a_command_that_is_stopped_may_clean_up_and_has_failed(tmp_path: Path):
    mark, cleaned, stop = tmp_path / "mark", tmp_path / "cleaned", threading.Event()
    stop_after(mark, stop)
    found = ran(f"trap 'touch {cleaned}; exit 0' INT TERM; touch {mark}; while true; do sleep 0.05; done", stop=stop)
    assert (found.succeeded, found.exit_code) == (False, None)
    assert cleaned.exists()


def test_a_command_that_will_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(command, "GRACE", 0.2)
    mark, stop = tmp_path / "mark", threading.Event()
    stop_after(mark, stop)
    assert not ran(f"trap '' INT TERM; touch {mark}; while true; do sleep 0.05; done", stop=stop).succeeded


def test_who_asks_twice_is_not_kept_waiting(tmp_path: Path):
    mark, again, stop = tmp_path / "mark", tmp_path / "again", threading.Event()
    stop_after(mark, stop)
    stop_after(again, stop)
    began = time.monotonic()
    ran(f"trap 'touch {again}' INT; touch {mark}; while true; do sleep 0.05; done", stop=stop)
    assert time.monotonic() - began < command.GRACE


def test_in_a_terminal_an_interrupted_command_is_not_interrupted_twice(tmp_path: Path):
    program = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from lean_core.releases.command import Shell, run_command
        log = sys.argv[1]
        script = f"trap 'echo int >> {log}' INT; touch {log}.mark; for i in 1 2 3 4 5 6; do sleep 0.1; done"
        shell = Shell(command=script, folder=Path(), environ=os.environ, tell=lambda _: None)
        signal.signal(signal.SIGINT, lambda *_: shell.stop.set())
        Path(log + ".done").write_text(str(run_command(shell).succeeded))
        """
    )
    log = tmp_path / "log"
    pid, terminal = os.forkpty()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-c", program, str(log)])
    try:
        wait_for(Path(f"{log}.mark"))
        os.write(terminal, b"\x03")  # the terminal interrupts everybody in it
        wait_for(Path(f"{log}.done"))
    finally:
        os.waitpid(pid, 0)
        os.close(terminal)
    assert log.read_text() == "int\n"
    assert Path(f"{log}.done").read_text() == "False"


def wait_for(path: Path) -> None:
    until = time.monotonic() + 60
    while not (path.exists() and (path.suffix != ".done" or path.read_text())):
        assert time.monotonic() < until, f"{path} never came"
        time.sleep(0.01)


def test_the_command_of_windows_is_its_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(command.os, "name", "nt")
    monkeypatch.setenv("COMSPEC", "C:/cmd.exe")
    assert command._in_shell("deploy") == ["C:/cmd.exe", "/d", "/c", "deploy"]
