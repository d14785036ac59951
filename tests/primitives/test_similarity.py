"""Cross-correlation of histograms, against its definition one box at a time."""

import numpy as np
import pytest

from tests.support import oracles, phantoms
from voxlogica_core.errors import DataError
from voxlogica_core.primitives import local_histograms
from voxlogica_core.primitives.similarity import cross_correlation, sums_are_exact

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(5, 6, 7), (6, 9), (1, 4, 3), (1, 5), (2, 1, 12)])
@pytest.mark.parametrize(("r", "k"), [(1.0, 4), (2.5, 1), (3.0, 7), (100.0, 30)])
def test_correlation_agrees_with_its_definition(shape: tuple[int, ...], r: float, k: int) -> None:
    spacing = (0.9, 0.7, 2.4)[: len(shape)]
    a = phantoms.image(RANDOM.integers(0, 20, shape), spacing)
    b = phantoms.image(RANDOM.normal(10, 5, shape), spacing)
    m = phantoms.mask(RANDOM.random(shape) < 0.5, spacing)
    for first, second in ((a, b), (a, a), (b, a)):
        result = cross_correlation(r, first, second, m, 1.0, 18.5, float(k))
        expected = oracles.cross_correlation(r, first, second, m, (1.0, 18.5), k)
        assert np.array_equal(result.voxels, expected)


def test_boxes_of_many_voxels_do_not_overflow() -> None:
    shape = (1, 300, 300)
    a = phantoms.image(np.where(RANDOM.random(shape) < 0.99, 0, 1))
    result = cross_correlation(200.0, a, a, phantoms.mask(np.ones(shape)), 0.0, 2.0, 4.0)
    counts = [int((a.voxels == v).sum()) for v in (0, 1)]
    assert result.voxels[0, 150, 150] == np.float32(1.0), counts


def test_room_is_wide_enough_for_every_count() -> None:
    for half in ((0, 127, 128), (5, 5, 5), (127, 8, 7), (128, 0, 0), (20, 19, 20), (40000, 0, 0)):
        room = local_histograms.room_for(half, (1, 2, 3), 4)
        line = 2 * half[0] + 1
        plane = line * (2 * half[1] + 1)
        size = plane * (2 * half[2] + 1)
        assert np.iinfo(room.lines.dtype).max >= line
        assert np.iinfo(room.planes.dtype).max >= plane
        assert np.iinfo(room.box.dtype).max >= size
        assert np.iinfo(room.zero.dtype).max >= size**2


def test_sums_of_two_thousand_million_voxels_are_exact() -> None:
    assert sums_are_exact((5, 5, 5), 2**31, 2**31, 10_000)
    assert sums_are_exact((2000, 2000, 2000), 8_928_000, 8_928_000, 10_000)
    assert not sums_are_exact((2000, 2000, 2000), 2**31, 2**31, 100)
    assert not sums_are_exact((2000, 0, 0), 2**52, 2**52, 1)


def test_values_outside_the_bounds_and_nan_have_no_bin() -> None:
    a = phantoms.image([[np.nan, -1, 10, np.inf, 3]])
    m = phantoms.mask([[1, 1, 1, 1, 1]])
    expected = oracles.cross_correlation(1.0, a, a, m, (0.0, 10.0), 5)
    assert np.array_equal(cross_correlation(1.0, a, a, m, 0.0, 10.0, 5.0).voxels, expected)


def test_constant_histograms_are_alike_and_differ_from_others() -> None:
    a = phantoms.image(np.arange(9).reshape(1, 9))
    nowhere, somewhere = phantoms.mask([[0] * 9]), phantoms.mask([[1] + [0] * 8])
    assert (cross_correlation(1.0, a, a, nowhere, 100.0, 200.0, 3.0).voxels == 1).all()
    assert (cross_correlation(1.0, a, a, nowhere, 0.0, 9.0, 9.0).voxels == 0).all()
    assert (cross_correlation(1.0, a, a, somewhere, 0.0, 9.0, 1.0).voxels == 1).all()
    assert (cross_correlation(1.0, a, a, somewhere, 5.0, 5.0, 3.0).voxels == 1).all()


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ((0.0, 0.0, 1.0, 3.0), "r"),
        ((1.0, float("nan"), 1.0, 3.0), "lo"),
        ((1.0, 0.0, float("inf"), 3.0), "hi"),
        ((1.0, 0.0, 1.0, 0.0), "k"),
        ((1.0, 0.0, 1.0, 2.5), "k"),
        ((1.0, 0.0, 1.0, 1e9), "k"),
    ],
)
def test_wrong_numbers_are_errors(
    arguments: tuple[float, float, float, float], argument: str
) -> None:
    r, lo, hi, k = arguments
    a = phantoms.image([[1, 2]])
    with pytest.raises(DataError) as caught:
        cross_correlation(r, a, a, phantoms.mask([[1, 1]]), lo, hi, k)
    assert caught.value.argument == argument


def test_read_only_voxels_need_no_other_machine_code() -> None:
    voxels = np.frombuffer(np.arange(12, dtype=np.float32).tobytes(), np.float32).reshape(3, 4)
    assert not voxels.flags.writeable
    a, m = phantoms.image(voxels), phantoms.mask(np.ones((3, 4)))
    cross_correlation(1.0, a, a, m, 0.0, 12.0, 3.0)
    ready = local_histograms.write_bins.ready
    before = len(ready)
    cross_correlation(1.0, phantoms.image(voxels.copy()), a, m, 0.0, 12.0, 3.0)
    assert len(ready) == before
