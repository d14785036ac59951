"""Thirty kills at random instants: of processes that write a store, and of whole programs.

``make torture`` does the same a thousand times and a hundred.
"""

import sys
from pathlib import Path
from subprocess import PIPE, Popen
from time import sleep

import numpy as np
import pytest
import SimpleITK as sitk

from tests.support.killing import (
    PROGRAM,
    ROOT,
    Pipeline,
    check_kept,
    check_written,
    random_instants,
    values_in,
)
from voxlogica_core.plan.node import NodeId


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """Give a program on a small image, in a folder of its own."""
    voxels = np.random.default_rng(3).integers(0, 200, (24, 24, 24)).astype(np.uint8)
    sitk.WriteImage(sitk.GetImageFromArray(voxels), str(tmp_path / "image.nii.gz"))
    (tmp_path / "program.imgql").write_text(PROGRAM)
    return Pipeline(tmp_path, tmp_path / "program.imgql")


def test_a_writer_killed_at_any_of_twenty_instants_loses_nothing(tmp_path: Path) -> None:
    seed, chance = random_instants()
    print(f"seed {seed}")  # noqa: T201
    command = [sys.executable, "-m", "tests.support.store_child", "record_for_ever", str(tmp_path)]
    recorded = 0
    for number in range(20):
        with Popen([*command, str(number * 10_000)], cwd=ROOT, stdout=PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            # An instant after some records, not one by the clock: a busy machine may have none yet.
            lines = [process.stdout.readline() for _ in range(chance.randrange(3))]
            sleep(chance.random() * 0.03)
            process.kill()
            told = [int(line) for line in [*lines, *process.stdout.read().split("\n")[:-1]]]
        check_written(tmp_path, told)
        recorded += len(told)
    assert recorded, f"seed {seed}"


def test_a_program_killed_at_any_of_ten_instants_comes_out_the_same(pipeline: Pipeline) -> None:
    seed, chance = random_instants()
    print(f"seed {seed}")  # noqa: T201
    goals, _ = pipeline.outcome("right")
    _, seconds = pipeline.outcome("timed")
    right = values_in(pipeline.folder / "right")
    assert len(right) > 15
    known: dict[NodeId, str] = {}
    for _ in range(10):
        pipeline.killed("store", seconds * chance.uniform(0.3, 0.9))
        known = check_kept(pipeline.folder / "store", right, known)
    assert pipeline.outcome("store")[0] == goals, f"seed {seed}"
    assert values_in(pipeline.folder / "store").keys() >= known.keys()
