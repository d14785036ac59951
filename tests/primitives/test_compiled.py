"""Compiled loops work where their machine code can be kept and where it cannot."""

from time import perf_counter
from typing import Any

import numpy as np

from voxlogica_core.primitives.compiled import compiled, frozen
from voxlogica_core.primitives.preparing import PREPARATION, Preparation


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


def test_preparing_within_preparing_counts_once() -> None:
    tally = Preparation(perf_counter)
    tally.begin()
    tally.begin()
    tally.end()
    assert tally.seconds == 0
    tally.end()
    assert tally.seconds > 0
