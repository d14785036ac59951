"""Percentiles and measures of agreement, against their definitions."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.support import oracles, phantoms
from voxlogica_core.errors import DataError
from voxlogica_core.primitives import measures, percentiles, ranks
from voxlogica_core.values.image import Image

EMPTY = phantoms.mask([[0, 0, 0]])
FULL = phantoms.mask([[1, 1, 1]])
IMG = phantoms.image([[3, 1, 2]])


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0, 0.3])
@pytest.mark.parametrize("scale", [1.0, 0.37, 1e7])
def test_ranks_agree_with_counting(share: float, scale: float) -> None:
    random = np.random.default_rng(int(scale))
    for _ in range(5):
        values = (random.integers(-9, 9, (4, 5, 3)) * scale).astype(np.float32)
        inside = random.random(values.shape) < 0.6
        result = percentiles.percentile_ranks(phantoms.image(values), phantoms.mask(inside), share)
        assert np.array_equal(result.voxels, oracles.percentile_ranks(values, inside, share))


def test_equal_zeros_of_either_sign_share_a_rank() -> None:
    image = phantoms.image([[0.0, -0.0, 0.25, -0.5]])
    ranks = percentiles.percentile_ranks(image, phantoms.mask([[1] * 4]), 0.0)
    assert ranks.voxels.tolist() == [[0.25, 0.25, 0.75, 0.0]]


@settings(max_examples=40, deadline=None)
@given(
    arrays.arrays(np.float32, (3, 5), elements=st.floats(width=32, allow_nan=False)),
    arrays.arrays(np.bool_, (3, 5)),
)
def test_ranks_of_any_numbers_agree_with_counting(values: Any, inside: Any) -> None:
    result = percentiles.percentile_ranks(phantoms.image(values), phantoms.mask(inside), 0.3)
    assert np.array_equal(result.voxels, oracles.percentile_ranks(values, inside, 0.3))


@settings(max_examples=40, deadline=None)
@given(arrays.arrays(np.float32, (3, 5), elements=st.integers(-50, 50)))
def test_ranks_without_a_share_stay_under_an_increasing_map(values: Any) -> None:
    everywhere = phantoms.mask(np.ones((3, 5)))
    before = percentiles.percentile_ranks(phantoms.image(values), everywhere, 0.0)
    after = percentiles.percentile_ranks(phantoms.image(values**3 + 7), everywhere, 0.0)
    assert np.array_equal(before.voxels, after.voxels)


@pytest.mark.parametrize("nan", [np.nan, -np.nan])
def test_a_nan_of_either_sign_is_refused(nan: float) -> None:
    signed = np.copysign(np.float32(np.nan), np.float32(nan))
    with pytest.raises(DataError, match="a NaN inside the mask"):
        percentiles.percentile_ranks(phantoms.image([[signed, 1, 2]]), FULL, 0.0)


def test_positions_take_more_than_32_bits_only_where_they_must() -> None:
    assert ranks.place_type(2**31) == ranks.place_type(2**32) == np.uint32
    assert ranks.place_type(2**32 + 1) == np.uint64
    values = np.arange(6, dtype=np.float32)
    result = np.zeros(6, np.float32)
    assert ranks.write_ranks(values[:0], np.ones(0, bool), 0.0, result)
    assert not result.any()


def test_infinities_have_ranks() -> None:
    image = phantoms.image([[np.inf, -np.inf, 5]])
    ranks = percentiles.percentile_ranks(image, FULL, 0.0).voxels
    assert np.array_equal(ranks, np.array([[2 / 3, 0, 1 / 3]], np.float32))


def test_outside_the_mask_ranks_are_minus_one() -> None:
    assert percentiles.percentile_ranks(IMG, EMPTY, 0.5).voxels.tolist() == [[-1, -1, -1]]
    partial = percentiles.percentile_ranks(IMG, phantoms.mask([[1, 0, 0]]), 0.5)
    assert partial.voxels.tolist() == [[0.5, -1, -1]]


def test_nan_counts_only_inside_the_mask() -> None:
    image = phantoms.image([[np.nan, 1, 2]])
    with pytest.raises(DataError, match="a NaN inside the mask"):
        percentiles.percentile_ranks(image, FULL, 0.0)
    with pytest.raises(DataError, match="a NaN inside the mask"):
        percentiles.percentile(image, FULL, 0.5)
    inside = percentiles.percentile_ranks(image, phantoms.mask([[0, 1, 1]]), 0.0)
    assert inside.voxels.tolist() == [[-1, 0, 0.5]]


@pytest.mark.parametrize(
    ("q", "value"), [(0, 1), (0.1, 1), (1 / 3, 1), (0.5, 2), (0.67, 3), (1, 3)]
)
def test_percentile_is_the_smallest_voxel_with_enough_below(q: float, value: float) -> None:
    assert percentiles.percentile(IMG, FULL, q) == value


def test_percentile_refuses_what_has_no_answer() -> None:
    with pytest.raises(DataError, match="an empty one came"):
        percentiles.percentile(IMG, EMPTY, 0.5)
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(DataError, match="from 0 to 1"):
            percentiles.percentile(IMG, FULL, wrong)
        with pytest.raises(DataError, match="from 0 to 1"):
            percentiles.percentile_ranks(IMG, FULL, wrong)


def test_measures_on_an_example() -> None:
    a, b = phantoms.mask([[1, 1, 0, 0]]), phantoms.mask([[1, 0, 1, 0]])
    assert measures.dice(a, b) == 0.5
    assert measures.jaccard(a, b) == 1 / 3
    assert measures.sensitivity(a, b) == 0.5
    assert measures.specificity(a, b) == 0.5


def test_measures_of_nothing() -> None:
    assert measures.dice(EMPTY, EMPTY) == measures.jaccard(EMPTY, EMPTY) == 1.0
    with pytest.raises(DataError, match="an empty one came"):
        measures.sensitivity(FULL, EMPTY)
    with pytest.raises(DataError, match="not the whole image"):
        measures.specificity(EMPTY, FULL)


@settings(max_examples=40, deadline=None)
@given(phantoms.pairs_of_masks())
def test_dice_and_jaccard_are_symmetric_and_linked(pair: tuple[Image, Image]) -> None:
    a, b = pair
    dice, jaccard = measures.dice(a, b), measures.jaccard(a, b)
    assert dice == measures.dice(b, a)
    assert dice == pytest.approx(2 * jaccard / (1 + jaccard))
    assert measures.dice(a, a) == 1.0
