"""A namespace of one's own: how sharp an image is."""

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Mask, Number, ScalarImage, primitive

NAMESPACE = "sharpness"


@primitive("laplacian", version=1, cost=20)
def laplacian(img: ScalarImage) -> ScalarImage:
    """Measure how much a voxel differs from its neighbours: ``laplacian(t1)``.

    Parameters
    ----------
    img
        The image.

    Returns
    -------
    image
        Sum over the axes of twice the voxel less its two neighbours; the edge repeats itself.
    """
    voxels = img.voxels
    result = np.zeros_like(voxels)
    for axis in range(voxels.ndim):
        padded = np.pad(voxels, [(int(axis == each),) * 2 for each in range(voxels.ndim)], "edge")
        size = voxels.shape[axis]
        before, after = (padded.take(range(at, at + size), axis) for at in (0, 2))
        result += 2 * voxels - before - after
    return img.image(result)


@primitive("focus", version=1, cost=25)
def focus(img: ScalarImage, m: Mask, percent: Number = 90) -> Number:
    """Say in one number how sharp an image is inside a mask: ``focus(t1, brain)``.

    Parameters
    ----------
    img
        The image.
    m
        Where to look.
    percent
        Which share of the differences is smaller, from 0 to 100.

    Returns
    -------
    number
        That percentile of the absolute laplacian.

    Raises
    ------
    DataError
        The mask is empty, or `percent` is beyond its bounds.
    """
    if not 0 <= percent <= 100:
        raise DataError(f"focus wants a percentage from 0 to 100, and {percent:g} came", "percent")
    if not m.voxels.any():
        raise DataError("focus wants a mask with a voxel, and an empty one came", "m")
    return float(np.percentile(np.abs(laplacian(img).voxels[m.voxels]), percent))
