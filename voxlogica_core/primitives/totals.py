"""Numbers that sum up an image: extremes, means, volumes.

Sums are taken in float64 over the voxels in the order of the array (z, y, x) by pairwise addition,
so that they are the same on every machine and number of threads.
"""

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Labels, Mask, Number, ScalarImage, primitive
from voxlogica_core.values.image import Image

NAMESPACE = "vox1"


@primitive("min", version=1, cost=0.2)
def smallest_voxel(img: ScalarImage | Labels) -> Number:
    """Return the smallest voxel of an image: ``min(img)``; NaN if the image has a NaN."""
    return float(img.voxels.min())


@primitive("max", version=1, cost=0.2)
def largest_voxel(img: ScalarImage | Labels) -> Number:
    """Return the largest voxel of an image: ``img > 0.5 * max(img)``; NaN if it has a NaN."""
    return float(img.voxels.max())


@primitive("avg", version=1, cost=0.55)
def mean_inside(img: ScalarImage, m: Mask) -> Number:
    """Return the mean of an image inside a mask: ``avg(img, tumour)``.

    Parameters
    ----------
    img
        The image; a NaN inside `m` makes the mean NaN.
    m
        Where to look.

    Raises
    ------
    DataError
        `m` is empty; `avg0` is 0 then.
    """
    if not m.voxels.any():
        raise DataError("avg wants a mask with at least one voxel, and an empty one came", "m")
    return _mean(img, m)


@primitive("avg0", version=1, cost=0.55)
def mean_inside_or_zero(img: ScalarImage, m: Mask) -> Number:
    """Return the mean of an image inside a mask, 0 if the mask is empty: ``avg0(img, tumour)``.

    Parameters
    ----------
    img
        The image; a NaN inside `m` makes the mean NaN.
    m
        Where to look.
    """
    return _mean(img, m) if m.voxels.any() else 0.0


@primitive("volume", version=1, cost=0.03)
def voxel_count(m: Mask) -> Number:
    """Count the voxels of a mask: ``volume(tumour)``; `volume_mm3` gives mm³."""
    return float(np.count_nonzero(m.voxels))


@primitive("volume_mm3", version=1, cost=0.03)
def physical_volume(m: Mask) -> Number:
    """Return the volume of a mask in mm³, in 2-D its area in mm²: ``volume_mm3(tumour)``."""
    return float(np.count_nonzero(m.voxels) * m.geometry.voxel_volume)


def _mean(img: Image, m: Image) -> float:
    inside = img.voxels[m.voxels].astype(np.float64)
    with np.errstate(all="ignore"):
        return float(inside.sum() / inside.size)
