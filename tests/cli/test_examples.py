"""The shipped examples: they run, and the brain gives the numbers of a script in SimpleITK."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_ENVIRONMENT = os.environ | {"PYTHONPATH": str(_ROOT)}


def _run(program: str, folder: Path) -> dict[str, object]:
    options = ["--json", "--store", str(folder / "store"), "--output-dir", str(folder)]
    path = str(_ROOT / "examples" / program)
    command = [sys.executable, "-m", "voxlogica_core", "run", path, *options]
    done = subprocess.run(command, env=_ENVIRONMENT, capture_output=True, text=True, check=True)
    goals = json.loads(done.stdout)["goals"]
    return {goal["label"]: goal["value"] for goal in goals}


def test_the_brain_example_gives_the_numbers_of_a_script_written_with_simpleitk(
    tmp_path: Path,
) -> None:
    peer = str(_ROOT / "tests" / "benchmarks" / "peers" / "brain.py")
    done = subprocess.run(
        [sys.executable, peer], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    expected = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    values = _run("brain.imgql", tmp_path)
    assert len(expected) == 5
    for label, number in expected.items():
        assert values[label] == pytest.approx(float(number), rel=1e-12), label
    assert (tmp_path / "output" / "white.nii.gz").exists()


def test_the_segmentation_is_nearer_to_the_truth_than_a_plain_window(tmp_path: Path) -> None:
    values = _run("brain.imgql", tmp_path)
    for tissue in ("grey", "white"):
        ours, plain = values[f"{tissue}: dice"], values[f"{tissue}: dice of a plain window"]
        assert isinstance(ours, float)
        assert isinstance(plain, float)
        assert ours > plain


def test_the_photograph_has_three_things_on_a_third_of_it(tmp_path: Path) -> None:
    values = _run("things.imgql", tmp_path)
    assert values["share of the picture"] == pytest.approx(0.34, abs=0.01)
    assert (tmp_path / "output" / "things.png").stat().st_size > 100_000


def test_the_sweep_shrinks_with_the_threshold(tmp_path: Path) -> None:
    volumes = _run("sweep.imgql", tmp_path)["voxels in the largest part"]
    assert isinstance(volumes, list)
    assert len(volumes) == 20
    assert volumes == sorted(volumes, reverse=True)


def test_each_row_of_coloured_regions_shows_another_relation(tmp_path: Path) -> None:
    values = _run("regions.imgql", tmp_path)
    assert values["first to second"] == [
        "disconnected",
        "externally connected",
        "tangential proper part",
        "non-tangential proper part",
        "partially overlapping",
        "equal",
    ]
    assert values["rows where the first is part of the second"] == [
        False,
        False,
        True,
        True,
        False,
        True,
    ]
