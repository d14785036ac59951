"""Kernels that look around: near, components, distances; against slow definitions and laws."""

from random import Random

import numpy as np
import pytest
import SimpleITK
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import oracles, phantoms
from voxlogica_core.errors import DataError
from voxlogica_core.primitives import components, distance, logic, neighbours
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import MASK

MASKS = phantoms.random_masks(48)
RADII = [0.3, 0.5, 1.0, 1.41421356, 2.0, 3.3, 100.0]
few = settings(max_examples=40, deadline=None)


def same(first: Image, second: Image) -> bool:
    return np.array_equal(first.voxels, second.voxels)


def test_near_touches_diagonal_neighbours() -> None:
    voxels = np.zeros((5, 5, 5), bool)
    voxels[2, 2, 2] = True
    assert neighbours.near(phantoms.mask(voxels)).voxels.sum() == 27


def test_near_and_interior_agree_with_their_definition() -> None:
    for m in MASKS:
        assert np.array_equal(neighbours.near(m).voxels, oracles.near(m.voxels))
        assert np.array_equal(neighbours.interior(m).voxels, ~oracles.near(~m.voxels))


def test_kernels_leave_their_arguments_alone() -> None:
    for m in phantoms.random_masks(8, seed=1):
        before = m.voxels.copy()
        neighbours.near(m)
        components.through(m, m)
        distance.signed_distance(m)
        distance.smoothen(m, 1.0)
        assert np.array_equal(m.voxels, before)


@few
@given(phantoms.masks())
def test_interior_is_not_near_not(a: Image) -> None:
    expected = logic.not_mask(neighbours.near(logic.not_mask(a)))
    assert same(neighbours.interior(a), expected)
    assert logic.is_subset(a, neighbours.near(a))
    assert logic.is_subset(neighbours.interior(a), a)


@few
@given(phantoms.pairs_of_masks())
def test_near_distributes_over_or(pair: tuple[Image, Image]) -> None:
    a, b = pair
    both = logic.or_masks(neighbours.near(a), neighbours.near(b))
    assert same(neighbours.near(logic.or_masks(a, b)), both)


def test_components_are_numbered_in_raster_order() -> None:
    for m in MASKS:
        assert np.array_equal(components.components(m).voxels, oracles.components(m.voxels))


def test_components_agree_with_simpleitk() -> None:
    for m in phantoms.random_masks(20, seed=2):
        theirs = SimpleITK.ConnectedComponent(
            SimpleITK.GetImageFromArray(m.voxels.astype(np.uint8)), True
        )
        assert np.array_equal(components.components(m).voxels, SimpleITK.GetArrayFromImage(theirs))


def test_labels_take_the_smallest_type_that_holds_them() -> None:
    dots = np.zeros((1, 1200), bool)
    dots[0, ::2] = True
    assert components.components(phantoms.mask(dots)).voxels.dtype == np.uint16
    assert components.components(phantoms.mask(dots[:, :100])).voxels.dtype == np.uint8
    many = np.zeros((400, 700), bool)
    many[::2, ::2] = True
    found = components.components(phantoms.mask(many))
    assert (found.voxels.dtype, found.voxels.max()) == (np.uint32, 70000)


def test_through_keeps_the_components_that_hold_a_target() -> None:
    for number, region in enumerate(MASKS):
        target = np.random.default_rng(number).random(region.voxels.shape) < 0.1
        numbers = oracles.components(region.voxels)
        reached = np.isin(numbers, numbers[target & region.voxels]) & region.voxels
        result = components.through(region.mask(target), region)
        assert np.array_equal(result.voxels, reached)


@few
@given(phantoms.pairs_of_masks())
def test_through_is_idempotent_and_a_part_of_the_region(pair: tuple[Image, Image]) -> None:
    a, b = pair
    once = components.through(a, b)
    assert same(components.through(a, once), once)
    assert logic.is_subset(once, b)
    assert logic.is_subset(logic.and_masks(a, b), once)


@few
@given(phantoms.pairs_of_masks(), st.randoms(use_true_random=False))
def test_through_is_monotone_in_target_and_region(
    pair: tuple[Image, Image], random: Random
) -> None:
    a, b = pair
    drop = np.array([random.random() < 0.5 for _ in range(a.voxels.size)]).reshape(a.voxels.shape)
    fewer, smaller = a.mask(a.voxels & drop), b.mask(b.voxels & drop)
    assert logic.is_subset(components.through(fewer, b), components.through(a, b))
    assert logic.is_subset(components.through(a, smaller), components.through(a, b))


@few
@given(phantoms.pairs_of_masks())
def test_what_grows_stays_between_itself_and_both(pair: tuple[Image, Image]) -> None:
    a, b = pair
    grown = logic.or_masks(a, components.through(neighbours.near(a), b))
    assert logic.is_subset(a, grown)
    assert logic.is_subset(grown, logic.or_masks(a, b))


def test_maxvol_keeps_ties_and_nothing_of_nothing() -> None:
    m = phantoms.mask([[1, 1, 0, 1, 0, 1, 1]])
    assert components.largest_components(m).voxels.tolist() == [[1, 1, 0, 0, 0, 1, 1]]
    assert not components.largest_components(phantoms.mask([[0, 0]])).voxels.any()


def test_maxvol_agrees_with_its_definition() -> None:
    for m in MASKS:
        numbers = oracles.components(m.voxels)
        sizes = np.bincount(numbers.ravel())
        sizes[0] = 0
        largest = np.isin(numbers, np.flatnonzero(sizes == sizes.max())) & m.voxels
        assert np.array_equal(components.largest_components(m).voxels, largest)


def test_an_image_of_more_runs_than_can_be_numbered_is_refused() -> None:
    assert components.most_runs((2**10, 2**10, 2**11)) == 2**30 < components.MOST_RUNS
    assert components.most_runs((3, 2, 5)) == 18
    shape = (2**11, 2**11, 2**11)
    huge = Image(MASK, np.broadcast_to(np.False_, shape), plain_geometry(shape))
    with pytest.raises(DataError, match="coarser grid"):
        components.components(huge)


def test_component_numbers_under_a_mask() -> None:
    b = phantoms.mask([[1, 0, 1, 0, 1]])
    a = phantoms.mask([[0, 0, 1, 0, 1]])
    assert components.component_numbers(a, b).voxels.tolist() == [[0, 0, 2, 0, 3]]
    assert components.smallest_component_number(a, b) == 2
    assert components.largest_component_number(a, b) == 3
    assert components.smallest_component_number(phantoms.mask([[0] * 5]), b) == 0


def test_signed_distances_agree_with_their_definition() -> None:
    for m in MASKS:
        result = distance.signed_distance(m).voxels
        assert np.array_equal(result, oracles.signed_distances(m))
        assert not np.signbit(result[result == 0]).any()


def test_distance_from_nothing_is_the_largest_and_from_everything_its_negative() -> None:
    nothing, everything = phantoms.mask([[0, 0]]), phantoms.mask([[1, 1]])
    assert distance.signed_distance(nothing).voxels.view(np.uint32).tolist() == [[0x5F7FFFFF] * 2]
    assert distance.signed_distance(everything).voxels.view(np.uint32).tolist() == [
        [0xDF7FFFFF] * 2
    ]
    assert distance.distance_outside(nothing).voxels.view(np.uint32).tolist() == [[0x5F7FFFFF] * 2]
    assert distance.distance_outside(everything).voxels.tolist() == [[0, 0]]


def test_distances_agree_with_simpleitk_at_one_millimetre() -> None:
    random = np.random.default_rng(3)
    for _ in range(6):
        m = phantoms.mask(random.random((6, 9, 7)) < 0.6)
        theirs = SimpleITK.SignedMaurerDistanceMap(
            SimpleITK.GetImageFromArray(m.voxels.astype(np.uint8)), False, False, True
        )
        ours = distance.signed_distance(m).voxels
        assert np.array_equal(ours, SimpleITK.GetArrayFromImage(theirs))


@pytest.mark.parametrize("r", [*RADII, 1e19, 1e20, 1e300, float("inf")])
def test_comparisons_of_distances_agree_with_the_map(r: float) -> None:
    with np.errstate(over="ignore"):
        bound = np.float32(r)
    for m in MASKS:
        outside = np.maximum(oracles.signed_distances(m), 0)
        assert np.array_equal(distance.distance_outside(m).voxels, outside)
        assert np.array_equal(distance.within(r, m).voxels, outside <= bound)
        assert np.array_equal(distance.closer(r, m).voxels, outside < bound)
        assert np.array_equal(distance.at_least_away(r, m).voxels, outside >= bound)
        assert np.array_equal(distance.farther(r, m).voxels, outside > bound)


def test_comparisons_of_distances_cross_the_words_rows_are_packed_into() -> None:
    random = np.random.default_rng(4)
    for width in (63, 64, 65, 130):
        m = phantoms.mask(random.random((3, 4, width)) < 0.02, (0.7, 1.0, 1.3))
        outside = distance.distance_outside(m).voxels
        for r in (0.7, 5.0, 70.0):
            assert np.array_equal(distance.within(r, m).voxels, outside <= np.float32(r))


@pytest.mark.parametrize("r", [*RADII, 1e20])
def test_smoothen_is_its_definition(r: float) -> None:
    for m in MASKS:
        expected = distance.within(r, distance.at_least_away(r, logic.not_mask(m)))
        assert same(distance.smoothen(m, r), expected)
        assert same(distance.smoothen_by(r, m), expected)


@few
@given(phantoms.masks(), st.floats(0.05, 8), st.floats(0.05, 8))
def test_distance_comparisons_are_monotone(a: Image, r: float, s: float) -> None:
    r, s = sorted((r, s))
    assert logic.is_subset(a, distance.within(r, a))
    assert logic.is_subset(distance.within(r, a), distance.within(s, a))
    assert logic.is_subset(distance.closer(r, a), distance.within(r, a))
    worn = distance.at_least_away(r, logic.not_mask(a))
    assert logic.is_subset(distance.closer(r, worn), a)
    assert logic.is_subset(distance.closer(r, worn), distance.smoothen(a, r))


@pytest.mark.parametrize("r", [0.0, -1.0, float("nan")])
def test_a_radius_must_be_above_zero(r: float) -> None:
    m = phantoms.mask([[1, 0]])
    for function in (distance.within, distance.closer, distance.farther, distance.at_least_away):
        with pytest.raises(DataError, match="above 0") as caught:
            function(r, m)
        assert caught.value.argument == "r"
    with pytest.raises(DataError, match="above 0"):
        distance.smoothen(m, r)
