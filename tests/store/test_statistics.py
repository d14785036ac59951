"""Statistics beside the pictures, against numpy's own on small images."""

import math

import numpy as np
import pytest

from tests.support.stores import every_image, random_image
from voxlogica_core.store.record import statistics_from_json
from voxlogica_core.store.statistics import sample, statistics
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import COLOUR, IMAGE, LABELS, MASK


def test_an_image_has_its_extremes_mean_and_deviation() -> None:
    image = random_image(IMAGE, "float32")
    values = image.voxels.astype(np.float64)
    found = statistics(image)
    assert (found.minimum, found.maximum) == (values.min(), values.max())
    assert found.mean == pytest.approx(values.mean(), rel=1e-12)
    assert found.deviation == pytest.approx(values.std(), rel=1e-12)
    assert found.not_finite == 0


def test_the_mean_of_many_large_values_is_exact() -> None:
    voxels = np.full((300, 300, 30), 16_777_215, np.float32)
    found = statistics(Image(IMAGE, voxels, plain_geometry((30, 300, 300))))
    assert (found.mean, found.deviation) == (16_777_215.0, 0.0)


def test_a_histogram_counts_every_voxel_of_a_small_image() -> None:
    image = random_image(IMAGE, "float32")
    histogram = statistics(image).histogram
    assert histogram is not None
    counts, _ = np.histogram(image.voxels.astype(np.float64), 64)
    assert histogram.counts == tuple(counts)
    assert (histogram.low, histogram.high) == (image.voxels.min(), image.voxels.max())


def test_a_mask_has_a_volume_and_a_box() -> None:
    voxels = np.zeros((5, 6, 7), np.bool_)
    voxels[1:3, 2:5, 6] = True
    found = statistics(Image(MASK, voxels, plain_geometry((7, 6, 5), (0.5, 2.0, 3.0))))
    assert (found.voxels, found.volume) == (6, 18.0)
    assert found.box == ((6, 2, 1), (6, 4, 2))
    assert found.mean == pytest.approx(6 / 210)
    assert found.deviation == pytest.approx(voxels.std())
    assert found.histogram is None


def test_an_empty_mask_has_no_box() -> None:
    found = statistics(Image(MASK, np.zeros((3, 4), np.bool_), plain_geometry((4, 3))))
    assert (found.voxels, found.volume, found.box) == (0, 0.0, None)


def test_labels_count_what_is_not_background() -> None:
    voxels = np.array([[0, 1, 2], [0, 0, 7]], np.uint16)
    found = statistics(Image(LABELS, voxels, plain_geometry((3, 2), (2.0, 2.0))))
    assert (found.voxels, found.volume, found.maximum) == (3, 12.0, 7.0)


def test_a_colour_voxel_counts_once() -> None:
    voxels = np.zeros((2, 2, 3), np.uint8)
    voxels[0, 1] = (9, 9, 0)
    found = statistics(Image(COLOUR, voxels, plain_geometry((2, 2))))
    assert (found.voxels, found.box) == (1, ((1, 0), (1, 0)))


def test_voxels_that_are_no_numbers_are_counted_apart() -> None:
    voxels = np.array([[math.nan, math.inf, 1.0], [-math.inf, 2.0, 3.0]], np.float32)
    found = statistics(Image(IMAGE, voxels, plain_geometry((3, 2))))
    assert (found.not_finite, found.minimum, found.maximum, found.mean) == (3, 1.0, 3.0, 2.0)


def test_an_image_without_any_number_has_no_moments() -> None:
    voxels = np.full((2, 2), math.nan, np.float32)
    found = statistics(Image(IMAGE, voxels, plain_geometry((2, 2))))
    assert (found.minimum, found.mean, found.histogram, found.not_finite) == (None, None, None, 4)


def test_a_constant_image_has_one_bin() -> None:
    found = statistics(Image(IMAGE, np.full((2, 2), 7, np.float32), plain_geometry((2, 2))))
    assert found.histogram is not None
    assert found.histogram.counts == (4,)


def test_large_images_are_sampled_over_all_columns() -> None:
    voxels = np.tile(np.arange(2048, dtype=np.float32), (2048, 1))
    values = sample(voxels)
    assert values.size <= 2**20
    assert np.unique(values).size == 2048


@pytest.mark.parametrize("image", every_image(), ids=lambda i: f"{i.kind}-{i.geometry.dimension}")
def test_statistics_survive_as_json(image: Image) -> None:
    found = statistics(image)
    assert statistics_from_json(found.to_json()) == found
