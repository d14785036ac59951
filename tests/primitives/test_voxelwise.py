"""Kernels that look at one voxel at a time: arithmetic, comparison, logic, constants, colour."""

import numpy as np
import pytest

from tests.support import phantoms
from voxlogica_core.errors import DataError
from voxlogica_core.primitives import arithmetic, colour, comparison, constants, logic, totals
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.kind import COLOUR, IMAGE

LARGEST = np.float32(3.4028235e38)
IMG = phantoms.image([[1, -2, 0], [0.5, 16777216, np.nan]])
LABELS = IMG.labels(np.array([[0, 1, 2], [3, 16777216, 16777217]], np.uint32))


def test_a_number_is_rounded_to_float32_before_it_meets_an_image() -> None:
    image = phantoms.image([[0.1, 1.0]])
    assert comparison.image_equal(image, 0.1).voxels.tolist() == [[True, False]]
    assert arithmetic.add_to_image(image, 0.1).voxels[0, 0] == np.float32(0.1) + np.float32(0.1)


def test_arithmetic_gives_float32_on_the_same_grid() -> None:
    for result in (
        arithmetic.add_to_image(IMG, IMG),
        arithmetic.add_image_to_number(1.0, IMG),
        arithmetic.subtract_from_image(IMG, 1.0),
        arithmetic.subtract_image_from_number(1.0, IMG),
        arithmetic.multiply_image(IMG, 1e300),
        arithmetic.multiply_number_by_image(2.0, IMG),
        arithmetic.divide_image_by_number(IMG, 3.0),
        arithmetic.negate_image(IMG),
        arithmetic.absolute_image(IMG),
    ):
        assert (result.voxels.dtype, result.kind) == (np.float32, IMAGE)
        assert result.geometry == IMG.geometry


def test_arithmetic_has_the_right_sign_and_order() -> None:
    six, two = phantoms.image([[6]]), phantoms.image([[2]])
    assert arithmetic.subtract_from_image(six, two).voxels == 4
    assert arithmetic.subtract_image_from_number(1.0, six).voxels == -5
    assert arithmetic.divide_images(six, two).voxels == 3
    assert arithmetic.divide_number_by_image(3.0, six).voxels == 0.5
    assert arithmetic.absolute_image(arithmetic.negate_image(six)).voxels == 6


def test_division_by_a_zero_voxel_is_the_largest_number() -> None:
    divisor = phantoms.image([[0.0, -0.0, 1e-45, np.nan]])
    dividend = phantoms.image([[0, -1, 1, 1]])
    result = arithmetic.divide_images(dividend, divisor).voxels[0]
    assert result[:2].tolist() == [LARGEST, LARGEST]
    assert result[2] == np.inf
    assert np.isnan(result[3])
    assert arithmetic.divide_number_by_image(-1.0, divisor).voxels[0, 0] == LARGEST


@pytest.mark.parametrize("zero", [0.0, -0.0, 1e-60])
def test_division_by_a_zero_number_is_an_error(zero: float) -> None:
    with pytest.raises(DataError, match="other than 0"):
        arithmetic.divide_image_by_number(IMG, zero)


def test_every_comparison_with_nan_is_false_but_different() -> None:
    compared = [
        comparison.image_less(IMG, 1e9),
        comparison.image_less_equal(IMG, 1e9),
        comparison.image_greater(IMG, -1e9),
        comparison.image_greater_equal(IMG, -1e9),
        comparison.image_equal(IMG, IMG),
        comparison.between(-1e9, 1e9, IMG),
    ]
    expected = [[True] * 3, [True, True, False]]
    assert [c.voxels.tolist() for c in compared] == [expected] * 6
    assert comparison.image_not_equal(IMG, IMG).voxels.tolist() == [
        [False] * 3,
        [False] * 2 + [True],
    ]


def test_a_number_on_the_left_compares_from_the_left() -> None:
    image = phantoms.image([[1, 2, 3]])
    assert comparison.number_less(2.0, image).voxels.tolist() == [[False, False, True]]
    assert comparison.number_less_equal(2.0, image).voxels.tolist() == [[False, True, True]]
    assert comparison.number_greater(2.0, image).voxels.tolist() == [[True, False, False]]
    assert comparison.number_greater_equal(2.0, image).voxels.tolist() == [[True, True, False]]
    assert comparison.number_equal(2.0, image).voxels.tolist() == [[False, True, False]]
    assert comparison.number_not_equal(2.0, image).voxels.tolist() == [[True, False, True]]


def test_labels_compare_as_whole_numbers() -> None:
    assert comparison.image_equal(LABELS, 16777217.0).voxels.sum() == 1
    assert comparison.image_greater(LABELS, 2.5).voxels.sum() == 3
    assert comparison.image_equal(LABELS, LABELS).voxels.all()
    assert comparison.image_equal(LABELS, IMG).voxels.tolist() == [
        [False] * 3,
        [False, True, False],
    ]


def test_between_includes_both_ends_and_refuses_crossed_ones() -> None:
    image = phantoms.image([[0, 1, 2, 3]])
    assert comparison.between(1.0, 2.0, image).voxels.tolist() == [[False, True, True, False]]
    with pytest.raises(DataError, match="lo <= hi") as caught:
        comparison.between(2.0, 1.0, image)
    assert caught.value.argument == "hi"


def test_logic_on_masks_and_truth_values() -> None:
    a, b = phantoms.mask([[1, 1, 0, 0]]), phantoms.mask([[1, 0, 1, 0]])
    assert logic.not_mask(a).voxels.tolist() == [[False, False, True, True]]
    assert logic.and_masks(a, b).voxels.tolist() == [[True, False, False, False]]
    assert logic.or_masks(a, b).voxels.tolist() == [[True, True, True, False]]
    assert logic.xor_masks(a, b).voxels.tolist() == [[False, True, True, False]]
    assert logic.and_truth_mask(False, a).voxels.sum() == 0
    assert logic.or_truth_mask(True, a).voxels.all()
    assert logic.overlay_masks(a, b, a).voxels.tolist() == [[True, True, True, False]]


def test_questions_about_whole_masks() -> None:
    a, b = phantoms.mask([[1, 0, 0]]), phantoms.mask([[1, 1, 0]])
    assert logic.is_subset(a, b)
    assert not logic.is_subset(b, a)
    assert logic.masks_equal(a, a)
    assert logic.masks_differ(a, b)
    assert logic.is_empty(phantoms.mask([[0, 0]]))
    assert logic.is_not_empty(a)


def test_mask_hides_even_nan() -> None:
    result = logic.masked(IMG, phantoms.mask([[1, 1, 0], [0, 0, 0]]))
    assert result.voxels.tolist() == [[1, -2, 0], [0, 0, 0]]


def test_constants_fill_the_grid_they_are_given() -> None:
    grid = plain_geometry((3, 2), (0.5, 2.0))
    assert constants.everything(grid).voxels.all()
    assert not constants.nothing(grid).voxels.any()
    assert constants.constant_mask(True, grid).voxels.all()
    assert constants.constant_image(0.1, grid).voxels.tolist() == [[np.float32(0.1)] * 3] * 2
    assert constants.border(grid).geometry == grid


def test_coordinates_are_voxel_indices() -> None:
    grid = plain_geometry((4, 3, 2))
    z, y, x = np.indices((2, 3, 4))
    assert np.array_equal(constants.x_coordinate(grid).voxels, x)
    assert np.array_equal(constants.y_coordinate(grid).voxels, y)
    assert np.array_equal(constants.z_coordinate(grid).voxels, z)
    assert not constants.z_coordinate(plain_geometry((4, 3))).voxels.any()


@pytest.mark.parametrize("size", [(4, 3, 5), (1, 4), (2, 2, 9), (3, 3)])
def test_the_border_has_a_first_or_last_coordinate(size: tuple[int, ...]) -> None:
    expected = [
        any(c in (0, n - 1) for c, n in zip(point, size[::-1], strict=True))
        for point in np.ndindex(size[::-1])
    ]
    assert constants.border(plain_geometry(size)).voxels.ravel().tolist() == expected


def test_intensity_weighs_colours_in_float64() -> None:
    voxels = np.array([[[10, 20, 30], [255, 0, 7]]], np.uint8)
    weighed = [[0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in voxels[0].astype(float)]]
    result = colour.intensity(phantoms.colour(voxels))
    assert np.array_equal(result.voxels, np.array(weighed, np.float32))


def test_components_of_few_and_many() -> None:
    four = phantoms.colour(np.array([[[1, 2, 3, 4]]], np.uint16))
    assert [f(four).voxels.item() for f in (colour.red, colour.green, colour.blue)] == [1, 2, 3]
    assert colour.alpha(four).voxels.item() == 4
    two = phantoms.colour(np.array([[[7, 9]]], np.float32))
    assert colour.intensity(two).voxels.item() == 7
    assert colour.blue(two).voxels.item() == 7
    grey = phantoms.image([[5]])
    assert colour.red(grey).voxels.item() == 5
    assert colour.alpha(grey).voxels.item() == 255


def test_colours_are_put_together_and_painted() -> None:
    grey = phantoms.image([[1, 2]])
    together = colour.rgb(grey, grey, grey)
    assert (together.kind, together.voxels.shape) == (COLOUR, (1, 2, 3))
    assert colour.rgba(grey, grey, grey, grey).voxels.shape == (1, 2, 4)
    marks = phantoms.mask([[0, 1]])
    for base in (grey, together):
        painted = colour.overlay_colour(marks, base, 255, 0, 9)
        assert painted.voxels.tolist() == [[[1, 1, 1], [255, 0, 9]]]
    assert together.voxels[0, 1].tolist() == [2, 2, 2]


def test_totals() -> None:
    image, marks = phantoms.image([[1, 2], [4, 7]]), phantoms.mask([[1, 1], [1, 0]])
    assert (totals.smallest_voxel(image), totals.largest_voxel(image)) == (1, 7)
    assert totals.mean_inside(image, marks) == 7 / 3
    assert totals.mean_inside_or_zero(image, marks) == 7 / 3
    assert totals.voxel_count(marks) == 3
    assert totals.physical_volume(phantoms.mask([[[1, 1]]], (0.5, 2, 3))) == 6
    assert totals.largest_voxel(LABELS) == 16777217
    assert np.isnan(totals.largest_voxel(IMG))


def test_the_mean_of_nothing_is_an_error_or_zero() -> None:
    empty = phantoms.mask([[0, 0, 0], [0, 0, 0]])
    with pytest.raises(DataError, match="at least one voxel"):
        totals.mean_inside(IMG, empty)
    assert totals.mean_inside_or_zero(IMG, empty) == 0
