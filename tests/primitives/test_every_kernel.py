"""What holds for every kernel: neither layout of memory nor other threads change a bit."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from tests.primitives.test_golden_outputs import argument, described
from voxlogica_core.errors import DataError
from voxlogica_core.plan.signature import Overload
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.primitives.kernels import kernel
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import IMAGE_LIKE


def _upside_down(voxels: Voxels) -> Voxels:
    return np.asfortranarray(voxels)


def _every_other(voxels: Voxels) -> Voxels:
    return np.repeat(voxels, 2, axis=0)[::2]


def _askew(voxels: Voxels) -> Voxels:
    """Return voxels that do not begin at a multiple of their size, and may not be written."""
    memory = np.zeros(voxels.nbytes + 1, np.uint8)
    result = memory[1:].view(voxels.dtype).reshape(voxels.shape)
    result[...] = voxels
    result.flags.writeable = False
    return result


def calls() -> Iterator[tuple[str, Overload, list[Any]]]:
    """Yield every overload that takes an image, with arguments."""
    for primitive in read_catalogue().at_hand():
        for number, overload in enumerate(primitive.overloads):
            if any(set(p.kinds) & IMAGE_LIKE for p in overload.parameters):
                given = [argument(p, p.kinds[0], i) for i, p in enumerate(overload.parameters)]
                yield f"{primitive.qualified} {number}", overload, given


CALLS = list(calls())
NAMES = [name for name, _, _ in CALLS]


def answer(overload: Overload, given: list[Any]) -> str:
    """Return what a kernel gives, as a text that differs whenever a bit does."""
    try:
        return described(kernel(overload)(*given))
    except DataError as refusal:
        return str(refusal)


@pytest.mark.parametrize(("name", "overload", "given"), CALLS, ids=NAMES)
def test_the_layout_of_memory_changes_nothing(
    name: str, overload: Overload, given: list[Any]
) -> None:
    expected = answer(overload, given)
    layouts: list[Callable[[Voxels], Voxels]] = [_upside_down, _every_other, _askew]
    for layout in layouts:
        laid = [
            Image(each.kind, layout(each.voxels), each.geometry)
            if isinstance(each, Image)
            else each
            for each in given
        ]
        assert answer(overload, laid) == expected, name


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_other_threads_change_nothing(threads: int) -> None:
    quick = [(overload, given) for name, overload, given in CALLS if "n4" not in name]
    expected = [answer(overload, given) for overload, given in quick]
    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(answer, *call) for _ in range(threads) for call in quick]
        found = [each.result() for each in running]
    assert found == expected * threads
