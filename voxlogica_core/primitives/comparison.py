"""Comparisons of images with numbers and with each other, voxel by voxel, into masks.

A number is rounded to float32 before it meets an image; labels are whole numbers and are compared
as such. Every comparison with NaN is false, but `!=`, which is true.
"""

from collections.abc import Callable

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Labels, Mask, Number, ScalarImage, primitive
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import LABELS

NAMESPACE = "vox1"


@primitive("less", version=1, operators=("<",), cost=0.2)
def image_less(a: ScalarImage | Labels, b: Number | ScalarImage | Labels) -> Mask:
    """Mark the voxels below a number or another image: ``img < 100``."""
    return _compared(np.less, a, b)


@primitive("less", version=1, operators=("<",), cost=0.2)
def number_less(a: Number, b: ScalarImage | Labels) -> Mask:
    """Mark the voxels above a number: ``100 < img``."""
    return _compared(np.greater, b, a)


@primitive("less_equal", version=1, operators=("<=",), cost=0.2)
def image_less_equal(a: ScalarImage | Labels, b: Number | ScalarImage | Labels) -> Mask:
    """Mark the voxels that are at most a number or another image: ``img <= 100``."""
    return _compared(np.less_equal, a, b)


@primitive("less_equal", version=1, operators=("<=",), cost=0.2)
def number_less_equal(a: Number, b: ScalarImage | Labels) -> Mask:
    """Mark the voxels that are at least a number: ``100 <= img``."""
    return _compared(np.greater_equal, b, a)


@primitive("greater", version=1, operators=(">",), cost=0.2)
def image_greater(a: ScalarImage | Labels, b: Number | ScalarImage | Labels) -> Mask:
    """Mark the voxels above a number or another image: ``img > 100``."""
    return _compared(np.greater, a, b)


@primitive("greater", version=1, operators=(">",), cost=0.2)
def number_greater(a: Number, b: ScalarImage | Labels) -> Mask:
    """Mark the voxels below a number: ``100 > img``."""
    return _compared(np.less, b, a)


@primitive("greater_equal", version=1, operators=(">=",), cost=0.2)
def image_greater_equal(a: ScalarImage | Labels, b: Number | ScalarImage | Labels) -> Mask:
    """Mark the voxels that are at least a number or another image: ``img >= 100``."""
    return _compared(np.greater_equal, a, b)


@primitive("greater_equal", version=1, operators=(">=",), cost=0.2)
def number_greater_equal(a: Number, b: ScalarImage | Labels) -> Mask:
    """Mark the voxels that are at most a number: ``100 >= img``."""
    return _compared(np.less_equal, b, a)


@primitive("equal", version=1, operators=("==",), commutative=True, cost=0.2)
def image_equal(a: ScalarImage | Labels, b: Number | ScalarImage | Labels) -> Mask:
    """Mark the voxels equal to a number or another image: ``lcc(m) == 1``."""
    return _compared(np.equal, a, b)


@primitive("equal", version=1, operators=("==",), commutative=True, cost=0.2)
def number_equal(a: Number, b: ScalarImage | Labels) -> Mask:
    """Mark the voxels equal to a number: ``1 == lcc(m)``."""
    return _compared(np.equal, b, a)


@primitive("not_equal", version=1, operators=("!=",), commutative=True, cost=0.2)
def image_not_equal(a: ScalarImage | Labels, b: Number | ScalarImage | Labels) -> Mask:
    """Mark the voxels that differ from a number or another image: ``img != 0``."""
    return _compared(np.not_equal, a, b)


@primitive("not_equal", version=1, operators=("!=",), commutative=True, cost=0.2)
def number_not_equal(a: Number, b: ScalarImage | Labels) -> Mask:
    """Mark the voxels that differ from a number: ``0 != img``."""
    return _compared(np.not_equal, b, a)


@primitive("between", version=1, cost=0.7)
def between(lo: Number, hi: Number, img: ScalarImage | Labels) -> Mask:
    """Mark the voxels from `lo` to `hi`, both included: ``between(100, 200, img)``.

    Parameters
    ----------
    lo, hi
        Bounds, rounded to float32 unless `img` is a label map.
    img
        The image; NaN is never between.

    Raises
    ------
    DataError
        `hi` is below `lo`.
    """
    if not lo <= hi:
        raise DataError(f"between wants lo <= hi, and lo {lo:g}, hi {hi:g} came", "hi")
    above = _operands(img, lo)
    below = _operands(img, hi)
    result = np.greater_equal(*above)
    return img.mask(np.logical_and(result, np.less_equal(*below), out=result))


def _compared(operation: Callable[..., Voxels], a: Image, b: Image | float) -> Image:
    return a.mask(operation(*_operands(a, b)))


def _operands(a: Image, b: Image | float) -> tuple[Voxels, Voxels | np.generic]:
    if not isinstance(b, Image):
        with np.errstate(over="ignore"):
            return a.voxels, np.float64(b) if a.kind == LABELS else np.float32(b)
    if a.kind == b.kind:
        return a.voxels, b.voxels
    return a.voxels.astype(np.float32, copy=False), b.voxels.astype(np.float32, copy=False)
