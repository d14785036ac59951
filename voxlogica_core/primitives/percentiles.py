"""Percentile ranks of voxels among those of a mask, and the voxel of a given rank; both exact."""

import math

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.compiled import frozen
from voxlogica_core.primitives.declare import Mask, Number, ScalarImage, primitive
from voxlogica_core.primitives.ranks import write_ranks

NAMESPACE = "vox1"
OUTSIDE = np.float32(-1)


@primitive("percentiles", version=1, cost=4)
def percentile_ranks(img: ScalarImage, m: Mask, c: Number = 0) -> ScalarImage:
    """Rank each voxel among those of a mask: ``percentiles(flair, brain, 0.5) > 0.95``.

    Parameters
    ----------
    img
        The image.
    m
        The population, and where ranks are wanted.
    c
        Share of the voxels equal to a voxel that count as below it: 0, the default, to 1.

    Returns
    -------
    image
        (number of voxels of `m` below + `c` · number of voxels of `m` equal) / number of voxels
        of `m`, in float64, rounded once to float32; -1 outside `m`.

    Raises
    ------
    DataError
        `c` is outside 0 to 1, or there is a NaN inside `m`.
    """
    if not 0 <= c <= 1:
        raise DataError(f"percentiles wants a share from 0 to 1, and {c:g} came", "c")
    result = np.full(img.voxels.size, OUTSIDE)
    values, inside = frozen(img.voxels).reshape(-1), frozen(m.voxels).reshape(-1)
    if not write_ranks(values, inside, float(c), result):
        raise _nan_inside("percentiles")
    return img.image(result.reshape(img.voxels.shape))


@primitive("percentile", version=1, cost=1)
def percentile(img: ScalarImage, m: Mask, q: Number) -> Number:
    """Return the voxel below which a share of a mask lies: ``percentile(img, brain, 0.5)``.

    Parameters
    ----------
    img
        The image.
    m
        The population.
    q
        The share, from 0 to 1.

    Returns
    -------
    number
        The smallest voxel v of `m` such that at least `q` of the voxels of `m` are <= v.

    Raises
    ------
    DataError
        `m` is empty, `q` is outside 0 to 1, or there is a NaN inside `m`.
    """
    if not 0 <= q <= 1:
        raise DataError(f"percentile wants a share from 0 to 1, and {q:g} came", "q")
    values = img.voxels[m.voxels]
    if not values.size:
        raise DataError("percentile wants a mask with a voxel, and an empty one came", "m")
    if np.isnan(values).any():
        raise _nan_inside("percentile")
    position = max(math.ceil(q * values.size), 1) - 1
    return float(np.partition(values, position)[position])


def _nan_inside(primitive_name: str) -> DataError:
    return DataError(
        f"{primitive_name} ranks numbers, and there is a NaN inside the mask: "
        "leave such voxels out of it",
        "img",
    )
