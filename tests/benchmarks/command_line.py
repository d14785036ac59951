"""Whole processes: one sum; the brain example cold, warm and edited; beside a SimpleITK script."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

_ROOT = Path(__file__).parents[2]
_PEER = Path(__file__).parent / "peers" / "brain.py"
_BRAIN = _ROOT / "examples" / "brain.imgql"
_ROUNDS = 5


def main() -> dict[str, object]:
    """Measure, print a table, return the figures."""
    figures: dict[str, object] = {}
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "sum.imgql").write_text('print "sum" 1 + 1\n')
        _process([sys.executable, str(_PEER)], folder)  # files into the page cache
        _run(folder, _BRAIN, "warming")  # compiled kernels onto the disk
        rows = {
            "one sum": [_run(folder, folder / "sum.imgql", "sum") for _ in range(_ROUNDS)],
            "brain, cold": [_run(folder, _BRAIN, f"cold{n}") for n in range(_ROUNDS)],
            "brain, warm": [_run(folder, _BRAIN, "cold0") for _ in range(_ROUNDS)],
            "brain, edited": [_edited(folder, n) for n in range(_ROUNDS)],
            "SimpleITK script": [
                _process([sys.executable, str(_PEER)], folder) for _ in range(_ROUNDS)
            ],
        }
        peer = median(seconds for seconds, _, _ in rows["SimpleITK script"])
        for name, trials in rows.items():
            seconds = median(trial[0] for trial in trials)
            memory = max(trial[1] for trial in trials)
            nodes = trials[-1][2]
            figures[name] = {"seconds": seconds, "ratio": seconds / peer, "mb": memory, **nodes}
            ratio = f"{seconds / peer:5.2f} × peer"
            print(f"  {name:<18} {seconds:6.2f} s  {ratio}  {memory:5.0f} MB  {nodes}")
        figures["store mb"] = _size(folder / "cold0")
        print(f"  store of the cold run {figures['store mb']:.1f} MB")
    return figures


Trial = tuple[float, float, dict[str, int]]


def _run(folder: Path, program: Path, store: str, *settings: str) -> Trial:
    options = ["--json", "--store", str(folder / store), "--output-dir", str(folder)]
    command = [sys.executable, "-m", "voxlogica_core", "run", str(program), *options, *settings]
    return _process(command, folder)


def _edited(folder: Path, number: int) -> Trial:
    return _run(folder, _BRAIN, "cold0", "--set", f"whiteFrom=0.6{number}1")


def _process(command: Sequence[str], folder: Path) -> Trial:
    environment = os.environ | {"PYTHONPATH": str(_ROOT)}
    begin = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begin
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    nodes = json.loads(output)["nodes"] if b'"nodes"' in output else {}
    return seconds, usage.ru_maxrss / 1024, {k: v for k, v in nodes.items() if v}


def _size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
