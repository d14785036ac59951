"""Published procedures beside scripts in SimpleITK, whole processes: cold, warm, late edit.

Glioblastoma in both variants on the phantom of 240 x 240 x 155 voxels, and the sweep over twenty
thresholds. Both sides give the same numbers, or this ends with an error.
"""

import json
import sys
from dataclasses import asdict
from math import isclose
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from tests.support.whole_processes import Summary, Trial, measured, voxlogica_run

_HERE = Path(__file__).parent
_EXAMPLES = _HERE.parents[1] / "examples"
_ROUNDS = 3
_MAKE = """
import "test"
save "flair.nii.gz" test.phantom(1)
save "truth.nii.gz" test.phantom_lesion(1)
"""
_GLIOBLASTOMA = f"""
import "{_EXAMPLES / "glioblastoma.imgql"}"
load flair = "flair.nii.gz"
load truth = "truth.nii.gz"
let first = tumour2019(flair)
let second = tumour2025(flair)
let late = 0.5
print "2019: dice" dice(first, truth > late)
print "2025: dice" dice(second, truth > late)
"""
_SWEEP = f"""
load t1 = "{_EXAMPLES / "data" / "mni152_t1_1mm.nii.gz"}"
let image = intensity(t1)
let late = 1
let volumes = for i in range(0, 20) do volume(maxvol(image > (60 + 8 * i)))
print "voxels in the largest part" for v in volumes do v * late
"""


def main() -> dict[str, object]:
    """Measure, print a table, return the figures."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make = folder / "make.imgql"
        make.write_text(_MAKE)
        voxlogica_run(make, folder, "made")
        images = [str(folder / f"{name}.nii.gz") for name in ("flair", "truth")]
        return {
            "glioblastoma": _procedure(folder, "glioblastoma", _GLIOBLASTOMA, images, "late=0.4"),
            "sweep": _procedure(folder, "sweep", _SWEEP, [], "late=2"),
        }


def _procedure(
    folder: Path, name: str, program: str, arguments: list[str], edit: str
) -> dict[str, object]:
    file = folder / f"{name}.imgql"
    file.write_text(program)
    script = [sys.executable, str(_HERE / "peers" / f"{name}.py"), *arguments]
    voxlogica_run(file, folder, f"{name} warming")  # compiled kernels onto the disk
    rows: dict[str, list[Trial]] = {}
    for number in range(_ROUNDS):
        store = f"{name} cold {number}"
        for row, trial in (
            ("cold", voxlogica_run(file, folder, store)),
            ("script", measured(script, folder)),
            ("warm", voxlogica_run(file, folder, store)),
            ("late edit", voxlogica_run(file, folder, store, "--set", edit)),
        ):
            rows.setdefault(row, []).append(trial)
    _check(rows["cold"][0], rows["script"][0])
    return _told(name, rows)


def _check(ours: Trial, theirs: Trial) -> None:
    """See that both compute the same numbers."""
    goals = cast("list[dict[str, object]]", json.loads(ours.output)["goals"])
    mine = {str(goal["label"]): goal["value"] for goal in goals}
    peer = cast("dict[str, object]", json.loads(theirs.output))
    if mine.keys() != peer.keys() or not all(_equal(mine[label], peer[label]) for label in peer):
        raise SystemExit(f"not the same numbers: {mine} and {peer}")


def _equal(one: object, other: object) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(cast("list[float]", one), cast("list[float]", other), strict=True)
        return all(isclose(a, b, rel_tol=1e-9) for a, b in pairs)
    return isclose(cast("float", one), cast("float", other), rel_tol=1e-9)


def _told(name: str, rows: dict[str, list[Trial]]) -> dict[str, object]:
    summaries = {row: Summary.of(trials) for row, trials in rows.items()}
    peer = summaries["script"]
    figures: dict[str, object] = {}
    for row, each in summaries.items():
        figures[row] = asdict(each) | {"ratio": each.seconds / peer.seconds}
        print(
            f"  {name:<13} {row:<10} {each.seconds:7.2f} s {each.seconds / peer.seconds:6.3f} × "
            f"script  CPU {each.cpu:7.2f} s  {each.megabytes:5.0f} MB  {each.nodes}"
        )
    return figures
