"""Detached runs: begun, listed, followed, cancelled; they survive who began them."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.processes import until
from voxlogica_core.engine.detached import MOST, Note, Notes
from voxlogica_core.errors import EngineError, UsageError
from voxlogica_core.system import is_own_peer, runtime_folder

LONG = 'import "test"\nprint "one" 1 + 1\nprint "long" forever(1)'


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    desk = Desk(tmp_path)
    yield desk
    for note in notes(desk).all():
        if notes(desk).state(note) == "running":
            desk.voxlogica("runs", "cancel", note.id)


def notes(desk: Desk) -> Notes:
    return Notes(desk.folder / "store")


def begun(desk: Desk, program: str, *options: str) -> Note:
    answer = desk.voxlogica("run", "--detach", "program.imgql", *options, program=program)
    assert answer.code == 0, answer.err
    return notes(desk).find(answer.out.strip())


def hosts(desk: Desk) -> list[int]:
    """Return the processes that run detached runs of this test."""
    mark = f"XDG_RUNTIME_DIR={desk.folder}\0".encode()
    found: list[int] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
            if b"runner.detached" in words and mark in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def test_a_detached_run_ends_by_itself_and_its_results_are_found(desk: Desk) -> None:
    note = begun(desk, 'let threshold = 1\nprint "a" threshold * 2', "--set", "threshold=21")
    answer = desk.voxlogica("runs", "attach", note.id[:6])
    assert (answer.code, answer.out) == (0, "a=42\n")
    assert notes(desk).state(note) == "ended" or until(lambda: notes(desk).state(note) == "ended")
    listed = desk.voxlogica("runs", "--json").object["runs"]
    assert [(run["id"], run["state"]) for run in listed] == [(note.id, "ended")]  # type: ignore[attr-defined, index]
    assert desk.voxlogica("runs", "show", note.id).out == "a=42\n"


def test_a_run_that_goes_on_is_listed_with_its_counts_and_can_be_cancelled(desk: Desk) -> None:
    note = begun(desk, LONG)
    assert until(lambda: "of" in desk.voxlogica("runs").out)
    assert "running" in desk.voxlogica("runs").out
    assert desk.voxlogica("runs", "cancel", note.id).code == 0
    answer = desk.voxlogica("runs", "attach", note.id)
    assert answer.code == 130
    assert "cancelled" in answer.err
    assert until(lambda: hosts(desk) == [])


def test_a_run_that_was_killed_is_lost_and_what_it_did_is_kept(desk: Desk) -> None:
    note = begun(desk, LONG)
    assert until(lambda: len(hosts(desk)) == 1)  # a process it begins has its name for a moment
    (host,) = hosts(desk)
    os.kill(host, signal.SIGKILL)
    assert until(lambda: notes(desk).state(note) == "lost")
    answer = desk.voxlogica("runs", "attach", note.id)
    assert answer.code == 4
    assert "run again" in answer.err
    assert "lost" in desk.voxlogica("runs").out


def test_a_crash_in_a_detached_run_is_told_to_who_attaches(desk: Desk) -> None:
    note = begun(desk, 'import "test"\nprint "a" crash(1)\nprint "b" fibonacci(10)')
    answer = desk.voxlogica("runs", "attach", note.id)
    assert (answer.code, answer.out) == (1, "b=55\n")
    assert "failed: print a: crashed" in answer.err


def test_a_program_with_errors_is_not_begun(desk: Desk) -> None:
    answer = desk.voxlogica("run", "--detach", "program.imgql", program='print "a" b')
    assert answer.code == 2
    assert notes(desk).all() == []


def test_a_detached_run_without_a_store_is_refused(desk: Desk) -> None:
    answer = desk.voxlogica("run", "--detach", "--no-cache", "program.imgql", program='print "a" 1')
    assert answer.code == 3
    assert "--no-cache" in answer.err


def test_an_id_must_be_that_of_one_run(tmp_path: Path) -> None:
    found = Notes(tmp_path)
    with pytest.raises(UsageError, match="no run has"):
        found.find("ab")
    note = found.begin(None)
    assert found.find(note.id[:4]) == note
    with pytest.raises(UsageError, match="no run has"):
        found.find("")


def test_the_latest_hundred_runs_that_have_ended_are_noted(tmp_path: Path) -> None:
    found = Notes(tmp_path)
    first, goes_on = found.begin(None), found.begin(None)
    found.end(first, {})
    for _ in range(MOST):
        found.end(found.begin(None), {})
    found.begin(None)
    ids = [note.id for note in found.all()]
    assert first.id not in ids
    assert goes_on.id in ids


def test_a_note_that_is_no_note_is_passed_over(tmp_path: Path) -> None:
    found = Notes(tmp_path)
    note = found.begin("/program.imgql")
    (tmp_path / "runs" / "bad.json").write_text('{"id": 3}')
    (tmp_path / "runs" / "worse.json").write_text("{")
    assert found.all() == [note]


def test_a_folder_for_sockets_that_others_can_enter_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert runtime_folder().stat().st_mode & 0o077 == 0
    runtime_folder().chmod(0o755)
    with pytest.raises(EngineError, match="nobody else can enter"):
        runtime_folder()


def test_the_user_at_the_other_end_is_known() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert is_own_peer(one)
