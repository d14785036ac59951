"""The image pipeline, whole processes: cold, warm, edited; beside a SimpleITK script.

As no smoothing of grey values is among the primitives, the brightest voxels are smoothed as a mask
(opening by a ball of 2 mm), where the workload this was made after has a Gaussian filter.
"""

import json
import sys
from dataclasses import asdict
from math import isclose
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from tests.support.whole_processes import Summary, Trial, measured, size_of, voxlogica_run

_HERE = Path(__file__).parent
_PEER = _HERE / "peers" / "pipeline.py"
_IMAGE = _HERE.parents[1] / "examples" / "data" / "mni152_t1_1mm.nii.gz"
_ROUNDS = 5
PROGRAM = f"""
load t1 = "{_IMAGE}"
let late_from = 0.8
let i = intensity(t1)
let most = max(i)
let bright = i >= (0.4 * most)
let vbright = smoothen(i >= (0.6 * most), 2)
let brain = !touch(i <= (0.05 * most), border)
let near1 = near(vbright)
let near2 = near(near1)
let near3 = near(near2)
let rim = near(bright)
let largest = maxvol(bright)
let distance = dt(vbright)
let reached = through(vbright, bright)
let grown = grow(vbright, bright)
let rank = percentiles(i, brain, 0.5)
let late = (rank >= late_from) & grown
print "bright" volume(bright)
print "vbright" volume(vbright)
print "brain" volume(brain)
print "near1" volume(near1)
print "near2" volume(near2)
print "near3" volume(near3)
print "rim" volume(rim)
print "largest" volume(largest)
print "distance" max(distance)
print "reached" volume(reached)
print "grown" volume(grown)
print "rank" avg(rank, brain)
print "late" volume(late)
"""
_CORRELATION = """
let alike = crossCorrelation(2, i, i, tt, min(i), max(i), 16)
print "alike" avg(alike, brain)
"""


def main() -> dict[str, object]:
    """Measure, print a table, return the figures."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        program, more = folder / "pipeline.imgql", folder / "more.imgql"
        program.write_text(PROGRAM)
        more.write_text(PROGRAM + _CORRELATION)
        script = [sys.executable, str(_PEER), str(_IMAGE)]
        voxlogica_run(more, folder, "warming")  # compiled kernels onto the disk
        rows: dict[str, list[Trial]] = {}
        for number in range(_ROUNDS):  # in turns, so that a busy machine is busy for all of them
            edit = ("--set", f"late_from=0.7{number}")
            for name, trial in (
                ("cold", voxlogica_run(program, folder, f"cold{number}")),
                ("SimpleITK script", measured(script, folder)),
                ("warm", voxlogica_run(program, folder, "cold0")),
                ("edited", voxlogica_run(program, folder, "cold0", *edit)),
                ("cold, with cross-correlation", voxlogica_run(more, folder, f"more{number}")),
            ):
                rows.setdefault(name, []).append(trial)
        _check(rows["cold"][0], rows["SimpleITK script"][0])
        return _told(rows) | {"store mb": _told_size(folder / "cold0")}


def _check(ours: Trial, theirs: Trial) -> None:
    """See that both compute the same numbers."""
    goals = cast("list[dict[str, object]]", json.loads(ours.output)["goals"])
    mine = {str(goal["label"]): cast("float", goal["value"]) for goal in goals}
    peer = cast("dict[str, float]", json.loads(theirs.output))
    far = [name for name in peer if not isclose(mine[name], peer[name], rel_tol=1e-5)]
    if far or mine.keys() != peer.keys():
        raise SystemExit(f"not the same numbers: {[(n, mine[n], peer[n]) for n in far]}")
    print(f"  {len(peer)} numbers equal those of the script")


def _told(rows: dict[str, list[Trial]]) -> dict[str, object]:
    summaries = {name: Summary.of(trials) for name, trials in rows.items()}
    peer = summaries["SimpleITK script"]
    figures: dict[str, object] = {}
    for name, row in summaries.items():
        ratios = {"ratio": row.seconds / peer.seconds, "cpu ratio": row.cpu / peer.cpu}
        figures[name] = asdict(row) | ratios
        print(
            f"  {name:<28} {row.seconds:6.2f} s {ratios['ratio']:5.2f} × script"
            f"  CPU {row.cpu:6.2f} s {ratios['cpu ratio']:5.2f} ×"
            f"  {row.megabytes:5.0f} MB  {row.nodes}"
        )
    return figures


def _told_size(folder: Path) -> float:
    size = size_of(folder)
    print(f"  store of the cold run {size:.1f} MB")
    return size
