"""Compiled loops work where their machine code can be kept and where it cannot."""

from typing import Any

import numpy as np

from voxlogica_core.primitives.compiled import compiled, frozen


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
