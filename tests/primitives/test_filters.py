"""Slices, surface distances and SimpleITK's filters."""

import numpy as np
import pytest
import SimpleITK

from tests.support import oracles, phantoms
from voxlogica_core.errors import DataError
from voxlogica_core.primitives import filters, slices, surface_distance
from voxlogica_core.primitives.arithmetic import divide_or_else
from voxlogica_core.primitives.components import components
from voxlogica_core.primitives.sitk_images import to_sitk
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE

RANDOM = np.random.default_rng(0)
VOLUME = phantoms.image(RANDOM.normal(100, 20, (6, 7, 8)), (0.9, 0.7, 1.2))


@pytest.mark.parametrize(("axis", "size"), [(0, (7, 6)), (1, (8, 6)), (2, (8, 7))])
def test_a_slice_leaves_out_an_axis(axis: int, size: tuple[int, ...]) -> None:
    result = slices.slice_of_image(VOLUME, float(axis), 3.0)
    assert result.geometry.size == size
    assert np.array_equal(result.voxels, np.take(VOLUME.voxels, 3, axis=2 - axis))
    assert slices.slice_of_mask(VOLUME.mask(VOLUME.voxels > 100), axis, 0).geometry.size == size


@pytest.mark.parametrize(("axis", "k", "at_fault"), [(3, 0, "axis"), (0, 8, "k"), (1, 0.5, "k")])
def test_a_slice_that_is_not_there_is_an_error(axis: float, k: float, at_fault: str) -> None:
    with pytest.raises(DataError) as caught:
        slices.slice_of_image(VOLUME, axis, k)
    assert caught.value.argument == at_fault


def test_a_slice_of_a_slice_is_an_error() -> None:
    with pytest.raises(DataError, match="2-D image came"):
        slices.slice_of_image(phantoms.image([[1]]), 0, 0)


def test_surface_distance_is_the_larger_95th_percentile() -> None:
    a, b = np.zeros((9, 9), bool), np.zeros((9, 9), bool)
    a[2:5, 2:6], b[3:8, 1:4] = True, True
    spacing = (0.7, 1.3)
    first, second = a & oracles.near(~a), b & oracles.near(~b)
    expected = max(
        np.percentile(oracles.distances_to(second, spacing[::-1])[first].astype(float), 95),
        np.percentile(oracles.distances_to(first, spacing[::-1])[second].astype(float), 95),
    )
    found = surface_distance.hausdorff_95(phantoms.mask(a, spacing), phantoms.mask(b, spacing))
    assert found == pytest.approx(expected, rel=1e-12)


def test_surface_distance_of_empty_masks() -> None:
    nothing, dot = phantoms.mask([[0, 0]]), phantoms.mask([[1, 0]])
    assert surface_distance.hausdorff_95(nothing, nothing) == 0
    assert surface_distance.hausdorff_95(dot, dot) == 0
    with pytest.raises(DataError, match="b has none") as caught:
        surface_distance.hausdorff_95(dot, nothing)
    assert caught.value.argument == "b"


def test_otsu_agrees_with_simpleitk_and_stays_inside() -> None:
    m = VOLUME.mask(VOLUME.voxels > 90)
    found = filters.otsu(VOLUME, m, 32.0)
    threshold = SimpleITK.OtsuThresholdImageFilter()
    threshold.SetMaskValue(1)
    threshold.SetNumberOfHistogramBins(32)
    threshold.Execute(to_sitk(VOLUME), to_sitk(m))
    expected = (VOLUME.voxels > threshold.GetThreshold()) & m.voxels
    assert np.array_equal(found.voxels, expected)
    assert 0 < expected.sum() < m.voxels.sum()
    assert not filters.otsu(VOLUME, VOLUME.mask(VOLUME.voxels > 1e9), 32.0).voxels.any()


def test_otsu_refuses_what_it_cannot_count() -> None:
    m = phantoms.mask([[1, 1]])
    for wrong in (1.0, 2.5, float("nan")):
        with pytest.raises(DataError, match="whole number of bins"):
            filters.otsu(phantoms.image([[1, 2]]), m, wrong)
    with pytest.raises(DataError, match="NaN or infinity"):
        filters.otsu(phantoms.image([[1, np.inf]]), m, 8.0)


def test_the_gradient_of_a_ramp_is_its_slope_per_mm() -> None:
    ramp = phantoms.image(np.arange(5.0).reshape(1, 5) * np.ones((4, 1)), (0.5, 2.0))
    assert filters.gradient(ramp).voxels[:, 1:-1] == pytest.approx(2.0)


def test_n4_flattens_a_slow_ramp() -> None:
    z, y, x = np.indices((24, 24, 24))
    flat = 100.0 * (((z // 6) + (y // 6) + (x // 6)) % 2 + 1)
    img = phantoms.image(flat * (1 + x / 48))
    corrected = filters.n4(img, img.mask(np.ones(flat.shape, bool))).voxels
    ratio = corrected / flat
    assert ratio.std() / ratio.mean() < (1 + x / 48).std() / (1 + x / 48).mean() / 2
    with pytest.raises(DataError, match="an empty one came"):
        filters.n4(img, img.mask(np.zeros(flat.shape, bool)))


@pytest.mark.parametrize("threader", ["Platform", "Pool"])
def test_filters_give_the_same_bits_on_any_number_of_threads(threader: str) -> None:
    process = SimpleITK.ProcessObject
    before = process.GetGlobalDefaultThreader(), process.GetGlobalDefaultNumberOfThreads()
    noise = np.random.default_rng(5).integers(1, 40, (9, 8, 7))
    img, target = phantoms.image(noise), phantoms.image(np.zeros((5, 9, 6)), (1.3, 0.9, 1.1))
    m = img.mask(noise > 5)
    found: set[bytes] = set()
    try:
        process.SetGlobalDefaultThreader(threader)
        for threads in (1, 2, 3, 7):
            process.SetGlobalDefaultNumberOfThreads(threads)
            results = (
                filters.n4(img, m),
                filters.otsu(img, m, 16.0),
                filters.gradient(img),
                filters.resample_image(img, target, "linear"),
            )
            assert process.GetGlobalDefaultNumberOfThreads() == threads
            found.add(b"".join(image.voxels.tobytes() for image in results))
    finally:
        process.SetGlobalDefaultThreader(before[0])
        process.SetGlobalDefaultNumberOfThreads(before[1])
    assert len(found) == 1


def test_resampling_onto_the_same_grid_changes_nothing() -> None:
    for method in ("linear", "nearest"):
        assert np.array_equal(filters.resample_image(VOLUME, VOLUME, method).voxels, VOLUME.voxels)


def test_resampling_takes_the_other_grid_and_zero_outside() -> None:
    grid = Geometry((3, 2), (0.5, 1.0), (0.0, 0.0), (1, 0, 0, 1))
    reference = Image(IMAGE, np.zeros(grid.shape, np.float32), grid)
    img = phantoms.image([[2, 4]])
    result = filters.resample_image(img, reference, "linear")
    assert result.geometry == grid
    assert result.voxels.tolist() == [[2, 3, 4], [0, 0, 0]]
    numbers = components(phantoms.mask([[1, 1]]))
    labels = filters.resample_labels(numbers, reference, "nearest")
    assert (labels.kind, labels.voxels.dtype) == (numbers.kind, numbers.voxels.dtype)
    assert filters.resample_mask(phantoms.mask([[1, 1]]), reference, "nearest").voxels[0].all()


def test_resampling_refuses_what_makes_no_sense() -> None:
    mask, img = phantoms.mask([[1, 1]]), phantoms.image([[1, 1]])
    with pytest.raises(DataError, match='wants "nearest" for a mask'):
        filters.resample_mask(mask, img, "linear")
    with pytest.raises(DataError, match='"linear" or "nearest"'):
        filters.resample_image(img, mask, "cubic")
    with pytest.raises(DataError, match="2 and 3 came"):
        filters.resample_image(img, VOLUME, "linear")


def test_division_with_a_choice_for_zeros() -> None:
    one, some = phantoms.image([[6, 6]]), phantoms.image([[3, 0]])
    assert divide_or_else(one, some, phantoms.image([[8, 9]])).voxels.tolist() == [[2, 9]]
