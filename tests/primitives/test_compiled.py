"""Compiled loops work where their machine code can be kept and where it cannot."""

import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import numba
import numpy as np
import pytest

from tests.support.processes import PATIENCE
from voxlogica_core.primitives.compiled import compiled, frozen
from voxlogica_core.primitives.machine_code import MachineCode, keep, kept
from voxlogica_core.primitives.preparing import PREPARATION, Preparation

_EVERY_LOOP = """
import sys
import numpy as np
from voxlogica_core.primitives import components, distance, neighbours, percentiles, similarity
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE

voxels = np.arange(120, dtype=np.float32).reshape(4, 5, 6) % 7
found = []
for spacing in ((1.0, 1.0, 1.0), (0.3, 0.7, 1.1)):
    grid = Geometry((6, 5, 4), spacing, (0.0, 0.0, 0.0), (1.0, 0, 0, 0, 1.0, 0, 0, 0, 1.0))
    image = Image(IMAGE, voxels, grid)
    mask = image.mask(voxels > 3)
    found += [
        components.through(mask, mask),
        components.components(mask),
        components.largest_components(mask),
        distance.signed_distance(mask),
        distance.smoothen(mask, 1.0),
        neighbours.near(mask),
        percentiles.percentile_ranks(image, mask, 0.5),
        similarity.cross_correlation(1.0, image, image, mask, 0.0, 7.0, 4.0),
        similarity.cross_correlation(50.0, image, image, mask, 0.0, 7.0, 4.0),
    ]
print("numba" in sys.modules, [float(image.voxels.sum(dtype=np.float64)) for image in found])
"""


@compiled
def inner(voxels: Any, least: Any) -> Any:
    """Count what is large."""
    count = 0
    for value in voxels:
        count += value > least
    return count


@compiled
def outer(voxels: Any, least: Any, counts: Any) -> Any:
    """Count what is large in rows, and what is in columns."""
    count = 0
    for row in range(voxels.shape[0]):
        count += inner(voxels[row], least)
        for i in range(counts.size):
            counts[i] += voxels[row, i] > least
    return count


@compiled
def divided(a: Any, b: Any) -> Any:
    """Divide."""
    return a // b


@compiled
def made_up(size: Any) -> Any:
    """Make an array."""
    return np.ones(size).sum()


def test_a_function_of_no_file_is_compiled_without_being_kept() -> None:
    namespace: dict[str, Any] = {}
    exec(compile("def twice(a):\n    return a + a\n", "<nowhere>", "exec"), namespace)
    assert compiled(namespace["twice"])(21) == 42


def test_frozen_arrays_are_contiguous_aligned_and_read_only() -> None:
    raw = np.zeros(33, np.uint8)
    askew = raw[1:].view(np.float32).reshape(2, 4)
    for voxels in (askew, np.zeros((4, 2), np.float32).T):
        found = frozen(voxels)
        assert found.flags.c_contiguous
        assert found.flags.aligned
        assert not found.flags.writeable
        assert np.array_equal(found, voxels)
    assert raw.flags.writeable


def test_making_machine_code_is_told_to_the_tally_of_the_thread_and_once_only() -> None:
    namespace: dict[str, Any] = {}
    exec(compile("def thrice(a):\n    return a + a + a\n", "<nowhere>", "exec"), namespace)
    thrice = compiled(namespace["thrice"])
    tally = Preparation(perf_counter)
    before = PREPARATION.set(tally)
    try:
        assert thrice(7) == 21
        made = tally.seconds
        assert made > 0
        assert thrice(8) == 24
        assert tally.seconds == made
    finally:
        PREPARATION.reset(before)


def test_a_loop_that_other_loops_are_called_in_is_one_piece_of_machine_code() -> None:
    counts = np.zeros(5, np.int64)
    assert outer(np.arange(10, dtype=np.float32).reshape(2, 5), 3.0, counts) == 6
    assert counts.tolist() == [1, 1, 1, 1, 2]


@pytest.mark.parametrize(
    "argument", [np.zeros((4, 2), np.float32).T, True, "1", None, np.float16(1), [1.0]]
)
def test_what_machine_code_cannot_be_given_is_refused(argument: Any) -> None:
    with pytest.raises(TypeError, match="compiled loops take"):
        inner(argument, 3.0)


def test_an_error_inside_a_loop_is_one_outside() -> None:
    assert divided(7, 2) == 3
    with pytest.raises(RuntimeError, match="raised an error"):
        divided(7, 0)


def test_a_loop_that_makes_arrays_is_left_to_numba() -> None:
    assert made_up(4) == 4.0


def test_users_may_use_numba_beside_our_machine_code() -> None:
    compiler: Any = numba.njit

    def total(size: int) -> float:
        found = 0.0
        for i in range(size):
            part = np.ones(i)
            found += part.sum()
        return found

    assert compiler(total)(5) == 10
    assert outer(np.ones((2, 5), np.float32), 0.5, np.zeros(5, np.int64)) == 10
    assert compiler(total)(6) == 15
    assert divided(9, 4) == 2


def test_machine_code_is_that_of_the_source_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "changing.py"
    text = (
        "from voxlogica_core.primitives.compiled import compiled\n"
        "@compiled\ndef inner(a):\n    return a * {}\n"
        "@compiled\ndef outer(a):\n    return inner(a) + 1\n"
    )
    for factor in (2, 3, 2):
        file.write_text(text.format(factor))
        namespace: dict[str, Any] = {"__name__": "changing"}
        exec(compile(file.read_text(), str(file), "exec"), namespace)
        assert namespace["outer"](10) == factor * 10 + 1
    assert len(list((tmp_path / "__pycache__").iterdir())) == 2


def test_damaged_machine_code_is_made_anew(tmp_path: Path) -> None:
    code = MachineCode("symbol", "int64", b"a\0b")
    keep(tmp_path / "source.py", "name", code)
    assert kept(tmp_path / "source.py", "name") == code
    (file,) = (tmp_path / "__pycache__").iterdir()
    whole = file.read_bytes()
    for broken in (b"", whole[:-1], whole[:40] + b"x" + whole[41:]):
        file.write_bytes(broken)
        assert kept(tmp_path / "source.py", "name") is None


def test_kernels_whose_machine_code_is_kept_need_no_numba() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _EVERY_LOOP],
        capture_output=True,
        text=True,
        check=True,
        timeout=5 * PATIENCE,
    )
    again = subprocess.run(
        [sys.executable, "-c", _EVERY_LOOP],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert again.stdout == done.stdout.replace("True", "False")


def test_preparing_within_preparing_counts_once() -> None:
    tally = Preparation(perf_counter)
    tally.begin()
    tally.begin()
    tally.end()
    assert tally.seconds == 0
    tally.end()
    assert tally.seconds > 0
