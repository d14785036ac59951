"""Seconds from the end of input, or of the editor, until no process is left, while one computes.

``python -m tests.benchmarks endings``; at most 2 s are wanted, whatever waits to be done.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.support.editor import begin_run
from tests.support.pictures import write_ball
from tests.support.processes import processes_of, until
from tests.support.wire import ROOT, Fields, Wire, environment

MOST = 2.0
_ROUNDS = 5
_LONG = (
    'load i = "ball.nii.gz"\nlet bright = intensity(i) >. 50\n'
    'print "long" sum(for k in range(1, 4000) do volume(distlt(k / 7, bright)))'
)
_LINES = "".join(f"let a{n} = {n} + 0.{n}\n" for n in range(4000))
_EDITS = 300


def main(rounds: int = _ROUNDS) -> dict[str, dict[str, float]]:
    """Print and return median and worst of each way to end."""
    ways: dict[str, Callable[[Path], float]] = {
        "input ends, a kernel runs": lambda folder: _ended(folder, _close),
        "server killed, a kernel runs": lambda folder: _ended(folder, _kill),
        "editor killed, a kernel runs": _editor_killed,
        f"input ends, {_EDITS} edits of 4,000 lines wait": _with_much_to_do,
    }
    found: dict[str, dict[str, float]] = {}
    for name, way in ways.items():
        seconds = [_in_a_folder(way) for _ in range(rounds)]
        found[name] = {"median": median(seconds), "worst": max(seconds)}
        print(f"  {name:<44} {median(seconds):6.2f} s, worst {max(seconds):6.2f}; of {MOST:.1f}")
    return found


def _in_a_folder(way: Callable[[Path], float]) -> float:
    with TemporaryDirectory() as temporary:
        write_ball(Path(temporary) / "ball.nii.gz")
        return way(Path(temporary))


def _close(wire: Wire) -> None:
    assert wire.process.stdin is not None
    wire.process.stdin.close()


def _kill(wire: Wire) -> None:
    wire.process.kill()


def _ended(folder: Path, end: Callable[[Wire], None]) -> float:
    with Wire(folder) as wire:
        begin_run(wire, _LONG)
        end(wire)
        return _seconds_until_gone(folder)


def _editor_killed(folder: Path) -> float:
    command = [sys.executable, "-m", "tests.support.editor", str(folder), _LONG]
    given: Fields = {**environment(folder), "PYTHONPATH": environment(ROOT)["PYTHONPATH"]}
    del given["VOXLOGICA_STORE"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=given, cwd=ROOT) as editor:
        assert editor.stdout is not None
        editor.stdout.readline()
        os.kill(editor.pid, signal.SIGKILL)
        return _seconds_until_gone(folder)


def _with_much_to_do(folder: Path) -> float:
    with Wire(folder) as wire:
        wire.initialize()
        uri = wire.open(_LINES)
        for version in range(2, _EDITS):
            wire.edit(uri, version, {"text": f"{_LINES}let b = {version}"})
        _close(wire)
        return _seconds_until_gone(folder)


def _seconds_until_gone(folder: Path) -> float:
    begin = time.monotonic()
    if not until(lambda: processes_of(folder) == []):
        sys.exit("processes were left behind")
    return time.monotonic() - begin


if __name__ == "__main__":
    main()
