"""Values are printed while a run goes on: in program order, each line once, whatever crashes."""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.processes import PATIENCE, until
from tests.support.terminals import Terminal
from voxlogica_core.cli import exits

_ROOT = Path(__file__).parents[2]
_GATED = '''"""Kernels that wait for a test."""

import ctypes
from pathlib import Path

from voxlogica_core.primitives.declare import Number, Text, primitive

NAMESPACE = "gated"


@primitive("after", version=1, cost=30_000)
def after(gate: Text, a: Number) -> Number:
    """Wait until somebody opens a gate and shuts it."""
    Path(gate).read_bytes()
    return a


@primitive("fragile", version=1, cost=30_000)
def fragile(gate: Text, a: Number) -> Number:
    """Wait at a gate, then end the process; when the gate is gone, do neither."""
    if Path(gate).exists():
        Path(gate).read_bytes()
        Path(gate).unlink()
        ctypes.string_at(0)
    return a
'''

Begin = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "voxlogica.toml").write_text('primitives = ["gated.py"]\n')
    (tmp_path / "gated.py").write_text(_GATED)
    os.mkfifo(tmp_path / "gate")
    return Desk(tmp_path)


def _variables(desk: Desk) -> dict[str, str]:
    paths = f"{_ROOT}{os.pathsep}{_ROOT / 'server'}"
    return {**os.environ, "VOXLOGICA_STORE": str(desk.folder / "store"), "PYTHONPATH": paths}


@pytest.fixture
def begin(desk: Desk) -> Iterator[Begin]:
    begun: list[subprocess.Popen[str]] = []

    def start(text: str, *flags: str, stdout: int = subprocess.PIPE) -> "subprocess.Popen[str]":
        (desk.folder / "program.imgql").write_text(f'import "gated"\n{text}')
        command = [sys.executable, "-m", "voxlogica_core", "run", "program.imgql", *flags]
        process = subprocess.Popen(
            command,
            cwd=desk.folder,
            env=_variables(desk),
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _open_gate(desk: Desk) -> None:
    """Let the kernel go on that waits at the gate, once it is there."""

    def opened() -> bool:
        try:
            os.close(os.open(desk.folder / "gate", os.O_WRONLY | os.O_NONBLOCK))
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            return False  # nobody waits yet
        return True

    assert until(opened)


def test_a_value_is_read_while_a_later_goal_is_computed(desk: Desk, begin: Begin) -> None:
    process = begin('print "a" 1 + 1\nprint "b" after("gate", 2)\nprint "c" 3\n')
    assert _line(process) == "a=2\n"
    assert process.poll() is None
    _open_gate(desk)
    out, err = process.communicate(timeout=PATIENCE)
    assert (out, process.returncode) == ("b=2\nc=3\n", exits.DONE)
    assert err.startswith("nodes: 1 computed")


def test_a_value_goes_out_while_the_next_program_is_computed(desk: Desk, begin: Begin) -> None:
    (desk.folder / "second.imgql").write_text('import "gated"\nprint "b" after("gate", 2)\n')
    process = begin('print "a" 1\nprint "bad" 1 / after("/dev/null", 0)\n', "second.imgql")
    assert _line(process) == "program.imgql:a=1\n"
    assert process.stderr is not None
    first = iter(process.stderr.readline, "")
    assert any(line.startswith("program.imgql:nodes: ") for line in first)
    _open_gate(desk)
    out, err = process.communicate(timeout=PATIENCE)
    assert (out, process.returncode) == ("second.imgql:b=2\n", exits.FAILED)
    assert err.startswith("second.imgql:nodes: 1 computed")


def test_a_failure_is_told_while_a_later_goal_is_computed(desk: Desk, begin: Begin) -> None:
    process = begin('print "bad" 1 / after("/dev/null", 0)\nprint "b" after("gate", 2)\n')
    assert process.stderr is not None
    assert process.stderr.readline().startswith("failed: print bad: division wants a divisor")
    assert process.poll() is None
    _open_gate(desk)
    out, err = process.communicate(timeout=PATIENCE)
    assert (out, process.returncode) == ("b=2\n", exits.FAILED)
    assert "failed: print bad" not in err


_FRAGILE = """
print "a" 1 + 1
print "bad" 1 / after("/dev/null", 0)
print "b" fragile("gate", 2)
print "c" 3
"""


@pytest.mark.parametrize("flags", [[], ["--no-cache", "--quiet"]])
def test_a_crash_in_the_middle_loses_nothing_and_repeats_nothing(
    desk: Desk, begin: Begin, flags: list[str]
) -> None:
    process = begin(_FRAGILE, *flags)
    assert _line(process) == "a=2\n"
    assert process.stderr is not None
    said = process.stderr.readline()
    _open_gate(desk)
    out, err = process.communicate(timeout=PATIENCE)
    assert (out, process.returncode) == ("b=2\nc=3\n", exits.FAILED)
    assert "SIGSEGV" in err
    assert (said + err).count("failed: print bad") == 1
    assert (said + err).count("`divide` failed") == 1


def test_json_is_one_object_in_the_end_whatever_crashed(desk: Desk, begin: Begin) -> None:
    process = begin(_FRAGILE, "--json", "--events", "events.jsonl")
    _open_gate(desk)
    out, _ = process.communicate(timeout=PATIENCE)
    goals = json.loads(out)["goals"]
    assert [goal["outcome"] for goal in goals] == ["done", "failed", "done", "done"]
    lines = (desk.folder / "events.jsonl").read_text().splitlines()
    begun = [line for line in lines if '"event": "begun"' in line]
    assert len(begun) == 2  # what the process did that crashed is told, too
    assert json.loads(lines[-1])["event"] == "ended"


def test_a_run_goes_on_for_its_saves_when_who_reads_has_read_enough(
    desk: Desk, begin: Begin
) -> None:
    process = begin('print "a" 1\nprint "b" after("gate", 2)\nsave "c.txt" after("gate", 2)\n')
    assert _line(process) == "a=1\n"
    assert process.stdout is not None
    process.stdout.close()
    _open_gate(desk)
    assert process.stderr is not None
    assert process.stderr.read().startswith("nodes: ")
    assert process.wait(PATIENCE) == exits.UNREAD
    assert (desk.folder / "c.txt").read_text() == "2\n"


def test_an_interrupt_leaves_what_was_printed(desk: Desk, begin: Begin) -> None:
    process = begin('print "a" 1\nprint "b" after("gate", 2)\n')
    assert _line(process) == "a=1\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert (out, process.returncode) == ("", exits.CANCELLED)
    assert "nodes are kept" in err


def test_a_long_value_goes_through_a_pipe_that_does_not_wait(begin: Begin) -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)  # as some programs leave their end
    process = begin(f'print "long" "{"x" * 500_000}"\n', stdout=writer)
    os.close(writer)
    with os.fdopen(reader) as file:
        assert file.read() == f"long={'x' * 500_000}\n"
    assert process.wait(PATIENCE) == exits.DONE


def test_at_a_terminal_values_stand_above_the_bar(desk: Desk) -> None:
    text = 'import "gated"\nprint "a" 1 + 1\nprint "b" after("gate", 2)\nprint "c" 3\n'
    (desk.folder / "program.imgql").write_text(text)
    command = [sys.executable, "-m", "voxlogica_core", "run", "program.imgql"]
    with Terminal(command, desk.folder, _variables(desk)) as terminal:
        assert terminal.until("a=2\r\n").endswith("\x1b[2Ka=2\r\n")  # the bar's line is erased
        terminal.until("b: after")
        _open_gate(desk)
        terminal.until("\x1b[2Kb=2\r\nc=3\r\n")
        assert terminal.ended() == exits.DONE


_KILLED = """
import os, signal, sys, threading
from voxlogica_core.cli.guard import Start, guarded
from voxlogica_core.cli.outlet import Line

def attempt(start: Start):
    if start.caution.crashes < 2:
        delay = 0.001 + 0.02 * start.caution.crashes
        threading.Timer(delay, os.kill, (os.getpid(), signal.SIGKILL)).start()
    for number in range(int(sys.argv[1])):
        start.outlet.tell([Line(str(number), f"{number}\\n"), Line(f"{number} noted", "")])
    if start.caution.crashes < 2:
        signal.pause()
    start.outlet.check()
    os._exit(0)

sys.exit(guarded(attempt))
"""


def test_who_is_killed_at_any_instant_has_written_each_line_once(desk: Desk) -> None:
    number = 1500
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(number)],
        cwd=desk.folder,
        env=_variables(desk),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr.count("SIGKILL")) == (0, 2)
    assert done.stdout.splitlines() == [str(each) for each in range(number)]
