"""Percentile ranks of voxels among those of a mask, and the voxel of a given rank; both exact."""

import math

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Mask, Number, ScalarImage, primitive
from voxlogica_core.values.image import Voxels

NAMESPACE = "vox1"
OUTSIDE = np.float32(-1)
WIDEST_TABLE = 1 << 20
"""Whole-number images whose values span less than this are ranked by counting, not sorting."""


@primitive("percentiles", version=1, cost=20)
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
    result = np.full(img.voxels.shape, OUTSIDE)
    values = img.voxels[m.voxels]
    if values.size:
        _refuse_nan(values, "percentiles")
        result[m.voxels] = _ranks(values, c)
    return img.image(result)


@primitive("percentile", version=1, cost=10)
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
    _refuse_nan(values, "percentile")
    position = max(math.ceil(q * values.size), 1) - 1
    return float(np.partition(values, position)[position])


def _refuse_nan(values: Voxels, primitive_name: str) -> None:
    if np.isnan(values).any():
        raise DataError(
            f"{primitive_name} ranks numbers, and there is a NaN inside the mask: "
            "leave such voxels out of it",
            "img",
        )


def _ranks(values: Voxels, share: float) -> Voxels:
    lowest, highest = float(values.min()), float(values.max())
    if highest - lowest < WIDEST_TABLE and (np.rint(values) == values).all():
        return _ranks_by_counting(values, lowest, share)
    return _ranks_by_sorting(values, share)


def _ranks_by_counting(values: Voxels, lowest: float, share: float) -> Voxels:
    codes = (values.astype(np.float64) - lowest).astype(np.int32)
    equal = np.bincount(codes)
    return _table(equal, share)[codes]


def _ranks_by_sorting(values: Voxels, share: float) -> Voxels:
    order = np.argsort(values)
    ascending = values[order]
    firsts = np.flatnonzero(np.append(True, ascending[1:] != ascending[:-1]))
    equal = np.diff(np.append(firsts, values.size))
    result = np.empty(values.shape, np.float32)
    result[order] = np.repeat(_table(equal, share), equal)
    return result


def _table(equal: Voxels, share: float) -> Voxels:
    """Return the rank of each value, in ascending order, that `equal` voxels have."""
    below = np.cumsum(equal) - equal
    return ((below + share * equal) / equal.sum()).astype(np.float32)
