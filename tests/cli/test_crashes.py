"""The command line when a kernel crashes: it names the node, finishes the rest, exits with 1."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.processes import PATIENCE, child_of, is_alive, until

PROGRAM = """import "test"
let bad = crash(1)
let slow = timewaste(300, 300)
print "a" 1 + bad
print "b" slow
print "c" fibonacci(10)
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Desk(tmp_path)


def begun(desk: Desk, program: str, *flags: str) -> "subprocess.Popen[str]":
    (desk.folder / "program.imgql").write_text(program)
    return subprocess.Popen(
        [sys.executable, "-m", "voxlogica_core", "run", "program.imgql", *flags],
        cwd=desk.folder,
        env={**os.environ, "VOXLOGICA_STORE": str(desk.folder / "store")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_crash_names_its_node_and_all_else_is_done_and_kept(desk: Desk) -> None:
    answer = desk.voxlogica("run", "program.imgql", program=PROGRAM)
    assert answer.code == 1
    assert "c=55" in answer.out
    assert "b=0." in answer.out
    assert "SIGSEGV" in answer.err
    assert "`crash` failed: crashed" in answer.err
    assert "let bad = crash(1)" in answer.err
    assert "blocked: print a" in answer.err

    answer = desk.voxlogica("run", "program.imgql", "--json")
    assert answer.code == 1
    outcomes = {goal["label"]: goal["outcome"] for goal in answer.object["goals"]}  # type: ignore[attr-defined]
    assert outcomes == {"a": "blocked", "b": "done", "c": "done"}
    assert answer.object["nodes"]["computed"] == 0  # type: ignore[index]


def test_what_fills_the_memory_is_named(desk: Desk) -> None:
    program = 'import "test"\nprint "a" overfill(1)\nprint "b" 1 + 1'
    answer = desk.voxlogica("run", "program.imgql", "--no-cache", program=program)
    assert answer.code == 1
    assert answer.out == "b=2\n"
    assert "failed: print a: out of memory?" in answer.err


def test_an_interrupt_of_the_process_alone_cancels_the_run(desk: Desk) -> None:
    wastes = "".join(f'print "{n}" timewaste(500, {2000 + n})\n' for n in range(40))
    process = begun(desk, f'import "test"\n{wastes}', "--verbose")
    assert process.stderr is not None
    assert any("begun" in line for line in process.stderr)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "nodes are kept, and the next run goes on from there" in said


def test_no_process_is_left_when_the_command_line_is_killed(desk: Desk) -> None:
    process = begun(desk, 'import "test"\nprint "a" forever(1)')
    assert until(lambda: child_of(process.pid) is not None)
    child = child_of(process.pid)
    process.kill()
    process.communicate()
    assert child is not None
    assert until(lambda: not is_alive(child))
