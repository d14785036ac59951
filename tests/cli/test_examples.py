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


def test_glioblastoma_over_a_folder_gives_the_numbers_of_a_script_case_by_case(
    tmp_path: Path,
) -> None:
    cases = _ROOT / "examples" / "data" / "cases"
    peer = str(_ROOT / "tests" / "benchmarks" / "peers" / "glioblastoma.py")
    values = _run("glioblastoma_cases.imgql", tmp_path)
    names, rows = values["cases"], values["dice 2019, dice 2025, volume in ml"]
    assert isinstance(names, list)
    assert isinstance(rows, list)
    assert len(names) == len(rows) == 4
    for name, row in zip(names[:2], rows, strict=False):
        images = [str(cases / name), str(cases / name.replace("flair", "truth"))]
        command = [sys.executable, peer, *images]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert list(json.loads(done.stdout).values()) == pytest.approx(row[:2], rel=1e-12)


def test_both_variants_find_the_lesion_of_the_phantom(tmp_path: Path) -> None:
    values = _run("glioblastoma_phantom.imgql", tmp_path)
    assert values["true volume in ml"] == 47.168
    assert values["2019: dice"] == pytest.approx(0.9235303910144048, rel=1e-12)
    assert values["2025: dice"] == pytest.approx(0.9082102343855324, rel=1e-12)


def test_white_and_grey_matter_of_the_shipped_brain_lie_apart(tmp_path: Path) -> None:
    values = _run("matter_stripped.imgql", tmp_path)
    assert values["white: dice"] == pytest.approx(0.6338032984456534, rel=1e-12)
    assert values["grey: dice"] == pytest.approx(0.40025408849384553, rel=1e-12)
    assert (tmp_path / "output" / "grey.nii.gz").exists()


def test_the_procedure_for_heads_finds_head_and_matter_inside_a_skull(tmp_path: Path) -> None:
    values = _run("matter_with_skull.imgql", tmp_path)
    head, grey, white = (values[f"{part}: volume in ml"] for part in ("head", "grey", "white"))
    assert isinstance(head, float)
    assert isinstance(grey, float)
    assert isinstance(white, float)
    assert head > 3000 > 800 > white + grey > white > 500


def test_a_users_own_primitives_are_found_by_the_settings_beside_the_program(
    tmp_path: Path,
) -> None:
    values = _run("own/own.imgql", tmp_path)
    whole, core = values["sharpness of the brain"], values["sharpness of its core"]
    assert (whole, core) == (43, 8)
