"""Texture similarity: local histograms correlated with the histogram of a region."""

import math

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.compiled import frozen
from voxlogica_core.primitives.declare import Mask, Number, ScalarImage, primitive
from voxlogica_core.primitives.local_histograms import bins, correlations
from voxlogica_core.values.image import Image, Voxels

NAMESPACE = "vox1"
MOST_BINS = 10_000


@primitive("crossCorrelation", version=1, cost=30)
def cross_correlation(
    r: Number, a: ScalarImage, b: ScalarImage, m: Mask, lo: Number, hi: Number, k: Number
) -> ScalarImage:
    """Measure how alike the textures around a voxel and in a region are.

    ``crossCorrelation(5, flair, flair, tumour, min(flair), max(flair), 100) > 0.6`` marks the
    voxels whose surroundings have a histogram like the tumour's.

    Parameters
    ----------
    r
        Radius in mm, above 0. The surroundings are a box of round(r / spacing) voxels, but at
        least 1, to either side, as far as it lies inside the image; halves round to even.
    a
        The image whose surroundings are looked at; `m` plays no part there.
    b
        The image whose histogram in `m` is the target.
    m
        The region.
    lo, hi
        Bounds of the histograms: values from `lo` to below `hi` are counted.
    k
        Number of bins of equal width, a whole number from 1.

    Returns
    -------
    image
        Pearson's correlation of the two histograms, -1 to 1, from exact integer sums, in float64
        and rounded once to float32. 1 where both are constant, 0 where one of them is; 1
        everywhere if `hi` <= `lo`.

    Raises
    ------
    DataError
        `r` is not above 0, `k` is no whole number from 1 to 10000, a bound is not finite, or
        the box holds so many voxels that sums would not be exact (beyond 300 million).
    """
    count = _checked(r, lo, hi, k)
    if hi <= lo:
        return a.image(np.ones(a.voxels.shape, np.float32))
    codes = _codes(a, lo, hi, count)
    others = codes if b is a else _codes(b, lo, hi, count)
    target = np.bincount(others[m.voxels], minlength=count + 1)[:count].astype(np.int64)
    total = int(target.sum())
    spread = float(count * sum(int(number) ** 2 for number in target) - total**2)
    half = _half_widths(r, a)
    if not sums_are_exact(half, a.voxels.size, total, count):
        raise DataError("the histograms of so many voxels are too large: take a smaller r", "r")
    volume = codes if codes.ndim == 3 else codes[np.newaxis]
    return a.image(correlations(volume, target, half, total, spread).reshape(codes.shape))


def sums_are_exact(half: tuple[int, int, int], voxels: int, total: int, k: int) -> bool:
    """Return whether all sums of a correlation fit 64 bits.

    Parameters
    ----------
    half
        Half-widths of the box.
    voxels
        Number of voxels of the image.
    total
        Number of voxels in the target.
    k
        Number of bins.
    """
    box = min(math.prod(2 * h + 1 for h in half), voxels)
    return k * box * max(box, total) < 2**63


def _checked(r: float, lo: float, hi: float, k: float) -> int:
    if not 0 < r < math.inf:
        raise DataError(f"a radius above 0 mm is wanted, and {r:g} came", "r")
    for name, bound in (("lo", lo), ("hi", hi)):
        if not math.isfinite(bound):
            raise DataError(f"bounds of a histogram are finite, and {bound:g} came", name)
    if not (1 <= k <= MOST_BINS and k == int(k)):
        raise DataError(f"a whole number of bins from 1 to {MOST_BINS} is wanted, {k:g} came", "k")
    return int(k)


def _codes(image: Image, lo: float, hi: float, count: int) -> Voxels:
    values = frozen(image.voxels).reshape(-1)
    codes = bins(values, float(lo), float(hi), (hi - lo) / count, count)
    return codes.reshape(image.voxels.shape)


def _half_widths(r: float, image: Image) -> tuple[int, int, int]:
    """Return the half-widths along z, y, x; no more than the image is long."""
    pairs = zip(image.geometry.spacing, image.geometry.size, strict=True)
    half = [int(min(max(1, round(r / spacing)), size)) for spacing, size in pairs]
    return (half[2] if len(half) == 3 else 0, half[1], half[0])
