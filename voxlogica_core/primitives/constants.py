"""Images that depend on nothing but a grid: constants, borders, coordinates.

Each takes a last argument of which only the grid counts. Left out, the image is geometry-free and
takes the grid of the image it is combined with: ``touch(a, border)`` uses the border of a.
"""

import numpy as np

from voxlogica_core.primitives.declare import Grid, Mask, Number, ScalarImage, Truth, primitive
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE, MASK

NAMESPACE = "vox1"


@primitive("tt", version=1, cost=0.02)
def everything(like: Grid) -> Mask:
    """Mark every voxel: ``avg(img, tt)`` is the mean of the whole image.

    Parameters
    ----------
    like
        An image whose grid to take.
    """
    return Image(MASK, np.ones(like.shape, bool), like)


@primitive("ff", version=1, cost=0.02)
def nothing(like: Grid) -> Mask:
    """Mark no voxel: ``ff(img)`` is the empty mask on the grid of img.

    Parameters
    ----------
    like
        An image whose grid to take.
    """
    return Image(MASK, np.zeros(like.shape, bool), like)


@primitive("bconstant", version=1, cost=0.02)
def constant_mask(b: Truth, like: Grid) -> Mask:
    """Mark every voxel or none: ``bconstant(volume(m) > 0)``.

    Parameters
    ----------
    b
        Whether voxels are marked.
    like
        An image whose grid to take.
    """
    return Image(MASK, np.full(like.shape, b, bool), like)


@primitive("constant", version=1, cost=0.3)
def constant_image(k: Number, like: Grid) -> ScalarImage:
    """Give every voxel one value: ``constant(3, img)``.

    Parameters
    ----------
    k
        The value, rounded to float32.
    like
        An image whose grid to take.
    """
    with np.errstate(over="ignore"):
        return Image(IMAGE, np.full(like.shape, np.float32(k)), like)


@primitive("border", version=1, cost=0.03)
def border(like: Grid) -> Mask:
    """Mark the voxels on the edge of the image: ``touch(img < 0.1, border)``.

    Parameters
    ----------
    like
        An image whose grid to take.

    Returns
    -------
    mask
        True where a coordinate is 0 or the last one; everywhere if an axis has 1 or 2 voxels.
    """
    voxels = np.ones(like.shape, bool)
    voxels[(slice(1, -1),) * like.dimension] = False
    return Image(MASK, voxels, like)


@primitive("x", version=1, cost=0.4)
def x_coordinate(like: Grid) -> ScalarImage:
    """Give every voxel its index along the first axis, from 0: ``x < 100``.

    Parameters
    ----------
    like
        An image whose grid to take.
    """
    return _coordinate(like, 0)


@primitive("y", version=1, cost=0.4)
def y_coordinate(like: Grid) -> ScalarImage:
    """Give every voxel its index along the second axis, from 0: ``y < 100``.

    Parameters
    ----------
    like
        An image whose grid to take.
    """
    return _coordinate(like, 1)


@primitive("z", version=1, cost=0.4)
def z_coordinate(like: Grid) -> ScalarImage:
    """Give every voxel its index along the third axis, from 0: ``z == 80`` is one slice.

    Parameters
    ----------
    like
        An image whose grid to take; in 2-D the result is 0 everywhere.
    """
    return _coordinate(like, 2)


def _coordinate(like: Grid, axis: int) -> Image:
    voxels = np.zeros(like.shape, np.float32)
    if axis < like.dimension:
        ramp = np.arange(like.size[axis], dtype=np.float32)
        voxels += ramp.reshape((-1,) + (1,) * axis)
    return Image(IMAGE, voxels, like)
