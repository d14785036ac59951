"""Both published glioblastoma variants by hand with SimpleITK, and numpy where it has no filter.

``python glioblastoma.py flair.nii.gz truth.nii.gz`` prints the Dice of each variant.
"""

import json
import sys

import numpy as np
import numpy.typing as npt
import SimpleITK as sitk

_BINS = 100
_RADIUS = 5.0
Ints = npt.NDArray[np.int64]


def distance(mask: sitk.Image) -> sitk.Image:
    """Distance to the mask in mm, negative inside."""
    return sitk.SignedMaurerDistanceMap(mask, squaredDistance=False, useImageSpacing=True)


def smoothen(mask: sitk.Image, radius: float) -> sitk.Image:
    """Opening that keeps what is at least `radius` from the outside, and within it of that."""
    return distance(distance(sitk.Not(mask)) >= radius) <= radius


def strictly(mask: sitk.Image, radius: float) -> sitk.Image:
    """Opening with "less than" in the second step."""
    return distance(distance(sitk.Not(mask)) >= radius) < radius


def touching(region: sitk.Image, seed: sitk.Image) -> sitk.Image:
    """Return the components of the region that touch the seed."""
    near = sitk.BinaryDilate(seed, [1, 1, 1], sitk.sitkBox)
    return sitk.BinaryReconstructionByDilation(sitk.And(near, region), region, 0, 1, True)


def grow(seed: sitk.Image, region: sitk.Image) -> sitk.Image:
    """Return the seed and what touches it."""
    return sitk.Or(seed, touching(region, seed))


def ranked(image: sitk.Image, brain: sitk.Image, equal: float) -> sitk.Image:
    """Share of brain voxels darker than each, and a share of the equal ones."""
    voxels, inside = (sitk.GetArrayViewFromImage(each) for each in (image, brain))
    values, places, counts = np.unique(voxels[inside > 0], return_inverse=True, return_counts=True)
    below = np.cumsum(counts) - counts
    result = np.full(voxels.shape, -1, np.float32)
    result[inside > 0] = ((below + equal * counts) / counts.sum()).astype(np.float32)[places]
    del values
    return _like(result, image)


def boxes(voxels: Ints, half: list[int]) -> Ints:
    """Sum over a box round every voxel, cut at the edges."""
    for axis, reach in enumerate(half):
        size = voxels.shape[axis]
        total = np.cumsum(voxels, axis=axis)
        padded = np.concatenate([np.zeros_like(np.take(total, [0], axis)), total], axis)
        high = np.minimum(np.arange(size) + reach + 1, size)
        low = np.maximum(np.arange(size) - reach, 0)
        voxels = np.take(padded, high, axis) - np.take(padded, low, axis)
    return voxels


def similar(image: sitk.Image, region: sitk.Image) -> sitk.Image:
    """Correlation of the histogram round each voxel with that of the region."""
    voxels = sitk.GetArrayViewFromImage(image).astype(np.float64)
    low, high = voxels.min(), voxels.max()
    place = np.floor((voxels - low) / ((high - low) / _BINS))
    place = np.where(voxels < high, np.minimum(place, _BINS - 1), -1).astype(np.int64)
    inside = sitk.GetArrayViewFromImage(region) > 0
    target = np.bincount(place[inside & (place >= 0)], minlength=_BINS)
    half = [max(1, round(_RADIUS / spacing)) for spacing in image.GetSpacing()[::-1]]
    products, ones, squares = (np.zeros(voxels.shape, np.int64) for _ in range(3))
    for number in range(_BINS):
        local = boxes((place == number).astype(np.int64), half)
        products += local * target[number]
        ones += local
        squares += local * local
    upper = _BINS * products - ones * target.sum()
    lower = (_BINS * squares - ones**2) * (_BINS * (target**2).sum() - target.sum() ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(lower > 0, upper / np.sqrt(lower), 0)
    return _like(found.astype(np.float32), image)


def variant(flair: sitk.Image, equal: float, low: float, *, strict: bool) -> sitk.Image:
    """Return the gross tumour volume."""
    opened = strictly if strict else smoothen
    edge = np.ones(flair.GetSize()[::-1], np.uint8)
    edge[1:-1, 1:-1, 1:-1] = 0
    brain = sitk.Not(touching(flair < 0.1, _like(edge, flair)))
    rank = ranked(flair, brain, equal)
    tumour = grow(opened(rank > 0.95, 5), opened(rank > low, 2))
    return grow(tumour, opened(similar(flair, tumour) > 0.6, 2))


def dice(one: sitk.Image, other: sitk.Image) -> float:
    """Twice the overlap over the sum of both volumes."""
    a, b = (sitk.GetArrayViewFromImage(image) > 0 for image in (one, other))
    return float(2 * np.count_nonzero(a & b) / (np.count_nonzero(a) + np.count_nonzero(b)))


def main() -> None:
    """Print the numbers as one JSON object."""
    flair = sitk.ReadImage(sys.argv[1], sitk.sitkFloat32)
    truth = sitk.ReadImage(sys.argv[2], sitk.sitkFloat32) > 0
    found = {
        "2019: dice": dice(variant(flair, 0.5, 0.86, strict=True), truth),
        "2025: dice": dice(variant(flair, 0.0, 0.88, strict=False), truth),
    }
    print(json.dumps(found))


def _like(voxels: npt.NDArray[np.generic], image: sitk.Image) -> sitk.Image:
    found = sitk.GetImageFromArray(voxels)
    found.CopyInformation(image)
    return found


if __name__ == "__main__":
    main()
