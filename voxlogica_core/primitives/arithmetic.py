"""Arithmetic on the voxels of images: sums, products, quotients, signs; comparisons are elsewhere.

Numbers are rounded to float32 before they meet an image; every result is float32. NaN and infinity
follow IEEE 754 without a warning.
"""

from collections.abc import Callable

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Number, ScalarImage, primitive
from voxlogica_core.values.image import Image, Voxels

NAMESPACE = "vox1"
LARGEST = np.finfo(np.float32).max


@primitive("add", version=1, operators=("+",), commutative=True, cost=0.3)
def add_to_image(a: ScalarImage, b: Number | ScalarImage) -> ScalarImage:
    """Add voxel by voxel, or a number to every voxel: ``img + 100``.

    Returns
    -------
    image
        float32 on the grid of the arguments.
    """
    return _combined(np.add, a, b)


@primitive("add", version=1, operators=("+",), commutative=True, cost=0.3)
def add_image_to_number(a: Number, b: ScalarImage) -> ScalarImage:
    """Add a number to every voxel: ``100 + img``."""
    return _combined(np.add, b, a)


@primitive("subtract", version=1, operators=("-",), cost=0.3)
def subtract_from_image(a: ScalarImage, b: Number | ScalarImage) -> ScalarImage:
    """Subtract voxel by voxel, or a number from every voxel: ``img - 100``.

    Returns
    -------
    image
        float32 on the grid of the arguments.
    """
    return _combined(np.subtract, a, b)


@primitive("subtract", version=1, operators=("-",), cost=0.3)
def subtract_image_from_number(a: Number, b: ScalarImage) -> ScalarImage:
    """Subtract every voxel from a number: ``255 - img`` is the negative of a photograph."""
    with np.errstate(all="ignore"):
        return b.image(np.subtract(np.float32(a), b.voxels))


@primitive("multiply", version=1, operators=("*",), commutative=True, cost=0.3)
def multiply_image(a: ScalarImage, b: Number | ScalarImage) -> ScalarImage:
    """Multiply voxel by voxel, or every voxel by a number: ``img * 2``.

    Returns
    -------
    image
        float32 on the grid of the arguments.
    """
    return _combined(np.multiply, a, b)


@primitive("multiply", version=1, operators=("*",), commutative=True, cost=0.3)
def multiply_number_by_image(a: Number, b: ScalarImage) -> ScalarImage:
    """Multiply every voxel by a number: ``2 * img``."""
    return _combined(np.multiply, b, a)


@primitive("divide", version=1, operators=("/",), cost=1)
def divide_images(a: ScalarImage, b: ScalarImage) -> ScalarImage:
    """Divide voxel by voxel: ``t1 / t2``.

    Returns
    -------
    image
        float32; 3.4028235e38, the largest there is, wherever the divisor is exactly 0.
    """
    return b.image(_quotient(a.voxels, b.voxels))


@primitive("divide", version=1, operators=("/",), cost=1)
def divide_image_by_number(a: ScalarImage, b: Number) -> ScalarImage:
    """Divide every voxel by a number: ``img / max(img)``.

    Raises
    ------
    DataError
        The divisor, rounded to float32, is 0.
    """
    with np.errstate(all="ignore"):
        divisor = np.float32(b)
    if divisor == 0:
        raise DataError(f"an image can be divided by a number other than 0, and {b:g} came", "b")
    return _combined(np.divide, a, b)


@primitive("divide", version=1, operators=("/",), cost=1)
def divide_number_by_image(a: Number, b: ScalarImage) -> ScalarImage:
    """Divide a number by every voxel: ``1 / img``.

    Returns
    -------
    image
        float32; 3.4028235e38, the largest there is, wherever the voxel is exactly 0.
    """
    with np.errstate(all="ignore"):
        return b.image(_quotient(np.float32(a), b.voxels))


@primitive("divZ", version=1, cost=1.8)
def divide_or_else(i1: ScalarImage, i2: ScalarImage, i3: ScalarImage) -> ScalarImage:
    """Divide voxel by voxel with a choice for zeros: ``divZ(t1, t2, constant(0))``.

    Parameters
    ----------
    i1
        Dividend.
    i2
        Divisor.
    i3
        The result where `i2` is exactly 0.
    """
    with np.errstate(all="ignore"):
        quotient = np.divide(i1.voxels, i2.voxels)
    return i1.image(np.where(i2.voxels == 0, i3.voxels, quotient))


@primitive("negate", version=1, cost=0.3)
def negate_image(a: ScalarImage) -> ScalarImage:
    """Change the sign of every voxel: ``-img``."""
    return a.image(np.negative(a.voxels))


@primitive("abs", version=1, cost=0.3)
def absolute_image(a: ScalarImage) -> ScalarImage:
    """Drop the sign of every voxel: ``abs(dt(m))`` is the distance to the surface of m."""
    return a.image(np.abs(a.voxels))


def _combined(operation: Callable[..., Voxels], a: Image, b: Image | float) -> Image:
    with np.errstate(all="ignore"):
        other = b.voxels if isinstance(b, Image) else np.float32(b)
        return a.image(operation(a.voxels, other))


def _quotient(dividend: Voxels | np.float32, divisor: Voxels) -> Voxels:
    with np.errstate(all="ignore"):
        quotient = np.divide(dividend, divisor)
    np.copyto(quotient, LARGEST, where=divisor == 0)
    return quotient
