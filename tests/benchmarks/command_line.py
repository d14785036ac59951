"""Whole processes: one sum; the brain example cold, warm and edited; beside a SimpleITK script."""

import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.whole_processes import Summary, measured, size_of, voxlogica_run

_ROOT = Path(__file__).parents[2]
_PEER = Path(__file__).parent / "peers" / "brain.py"
_BRAIN = _ROOT / "examples" / "brain.imgql"
_ROUNDS = 5


def main() -> dict[str, object]:
    """Measure, print a table, return the figures."""
    figures: dict[str, object] = {}
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        one_sum = folder / "sum.imgql"
        one_sum.write_text('print "sum" 1 + 1\n')
        script = [sys.executable, str(_PEER)]
        measured(script, folder)  # files into the page cache
        voxlogica_run(_BRAIN, folder, "warming")  # compiled kernels onto the disk
        rows = {
            "one sum": [voxlogica_run(one_sum, folder, "sum") for _ in range(_ROUNDS)],
            "brain, cold": [voxlogica_run(_BRAIN, folder, f"cold{n}") for n in range(_ROUNDS)],
            "brain, warm": [voxlogica_run(_BRAIN, folder, "cold0") for _ in range(_ROUNDS)],
            "brain, edited": [
                voxlogica_run(_BRAIN, folder, "cold0", "--set", f"whiteFrom=0.6{n}1")
                for n in range(_ROUNDS)
            ],
            "SimpleITK script": [measured(script, folder) for _ in range(_ROUNDS)],
        }
        summaries = {name: Summary.of(trials) for name, trials in rows.items()}
        peer = summaries["SimpleITK script"].seconds
        for name, row in summaries.items():
            ratio = row.seconds / peer
            figures[name] = asdict(row) | {"ratio": ratio}
            print(
                f"  {name:<18} {row.seconds:6.2f} s  {ratio:5.2f} × peer  CPU {row.cpu:6.2f} s"
                f"  {row.megabytes:5.0f} MB  {row.nodes}"
            )
        figures["store mb"] = size_of(folder / "cold0")
        print(f"  store of the cold run {figures['store mb']:.1f} MB")
    return figures
