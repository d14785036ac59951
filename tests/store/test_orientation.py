"""However a volume lies in its file, its picture lies as radiologists expect."""

from io import BytesIO
from itertools import permutations, product

import numpy as np
import pytest
from PIL import Image as Picture

from voxlogica_core.errors import UsageError
from voxlogica_core.store.orientation import Turn, cut, turn_of, views
from voxlogica_core.store.preview import picture
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE

SIZES = (12, 14, 16)  # along left, posterior, superior: told apart by their length


def directions() -> list[tuple[float, ...]]:
    """Return the direction matrices of the 48 ways a box can lie, flipped ones included."""
    matrices: list[tuple[float, ...]] = []
    for axes, signs in product(permutations(range(3)), product((1.0, -1.0), repeat=3)):
        matrix = np.zeros((3, 3))
        matrix[list(axes), range(3)] = signs
        matrices.append(tuple(matrix.ravel()))
    return matrices


def head(direction: tuple[float, ...]) -> Image:
    """Return a volume in which the value tells where in the patient a voxel is.

    100 on the patient's left half, plus 40 in front, plus 20 in the upper half.
    """
    matrix = np.asarray(direction).reshape(3, 3)
    axes = np.abs(matrix).argmax(axis=0)  # the physical axis of each image axis
    size = [SIZES[axis] for axis in axes]
    index = np.indices(size[::-1])[::-1]  # of x, y, z
    far = [2 * index[i] + 1 > size[i] for i in range(3)]
    half = {int(axes[i]): far[i] if matrix[axes[i], i] > 0 else ~far[i] for i in range(3)}
    voxels = 100 * half[0] + 40 * ~half[1] + 20 * half[2]
    grid = Geometry(tuple(size), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), direction)
    return Image(IMAGE, voxels.astype(np.float32), grid)


@pytest.mark.parametrize("direction", directions())
def test_each_view_shows_the_patient_the_right_way_round(direction: tuple[float, ...]) -> None:
    image = head(direction)
    turn = turn_of(direction)
    turned = turn.apply(image.voxels)
    axial, coronal, sagittal = (cut(turned, view, 0) for view in views("radiological"))
    # lowest slice: left on the right of the picture, front on top
    assert axial.shape == (SIZES[1], SIZES[0])
    assert (axial[0, 0], axial[0, -1], axial[-1, 0], axial[-1, -1]) == (40, 140, 0, 100)
    # foremost slice: left on the right of the picture, head on top
    assert coronal.shape == (SIZES[2], SIZES[0])
    assert (coronal[0, 0], coronal[0, -1]) == (60, 160)
    assert (coronal[-1, 0], coronal[-1, -1]) == (40, 140)
    # rightmost slice: front on the left of the picture, head on top
    assert sagittal.shape == (SIZES[2], SIZES[1])
    assert (sagittal[0, 0], sagittal[0, -1]) == (60, 20)
    assert (sagittal[-1, 0], sagittal[-1, -1]) == (40, 0)


def test_all_the_ways_a_volume_can_lie_give_one_picture() -> None:
    pixels = {
        np.asarray(Picture.open(BytesIO(picture(head(d)))).convert("RGB")).tobytes()
        for d in directions()
    }
    assert len(pixels) == 1


@pytest.mark.parametrize("angle", [0.2, -0.7])
def test_an_oblique_volume_is_turned_to_the_nearest_axes(angle: float) -> None:
    sine, cosine = np.sin(angle), np.cos(angle)
    direction = (cosine, -sine, 0.0, sine, cosine, 0.0, 0.0, 0.0, 1.0)
    assert turn_of(direction) == Turn((0, 1, 2), (False, False, False))


def test_two_axes_that_are_nearest_to_one_are_not_confused() -> None:
    direction = (0.8, 0.6, 0.0, 0.1, 0.5, 0.86, 0.59, 0.62, -0.5)
    assert sorted(turn_of(direction).axes) == [0, 1, 2]


def test_a_direction_that_is_no_number_still_gives_a_picture() -> None:
    assert sorted(turn_of((float("nan"),) * 9).axes) == [0, 1, 2]


def test_lengths_are_turned_with_their_volume() -> None:
    for direction in directions():
        image = head(direction)
        assert turn_of(direction).lengths(image.geometry) == SIZES[::-1]


@pytest.mark.parametrize("direction", directions()[::7])
def test_neurological_pictures_are_those_of_radiologists_with_left_and_right_changed(
    direction: tuple[float, ...],
) -> None:
    turned = turn_of(direction).apply(head(direction).voxels)
    for ours, theirs in zip(views("radiological"), views("neurological"), strict=True):
        rows, other = cut(turned, ours, 3), cut(turned, theirs, 3)
        is_from_the_side = ours.axis == 2
        np.testing.assert_array_equal(other, rows if is_from_the_side else rows[:, ::-1])
        assert theirs.letters[2:] == ours.letters[2:]
        assert theirs.letters[:2] == (ours.letters[:2] if is_from_the_side else ("L", "R"))


def test_a_picture_is_turned_as_asked_or_as_the_variable_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    image = head(directions()[0])
    radiological = picture(image)
    neurological = picture(image, orientation="neurological")
    assert neurological != radiological
    monkeypatch.setenv("VOXLOGICA_ORIENTATION", "neurological")
    assert picture(image) == neurological
    assert picture(image, orientation="radiological") == radiological
    monkeypatch.setenv("VOXLOGICA_ORIENTATION", "sideways")
    with pytest.raises(UsageError, match="radiological or neurological is wanted, 'sideways' came"):
        picture(image)


def test_the_views_name_their_sides() -> None:
    assert [view.letters for view in views("radiological")] == [
        ("R", "L", "A", "P"),
        ("R", "L", "S", "I"),
        ("A", "P", "S", "I"),
    ]
