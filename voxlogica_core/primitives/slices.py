"""Two-dimensional slices of volumes, and grids with axes left out."""

from collections.abc import Sequence

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Colour, Labels, Mask, Number, ScalarImage, primitive
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image

NAMESPACE = "vox1"


@primitive("slice_image", version=1, grid="new", cost=0.1)
def slice_of_image(img: ScalarImage, axis: Number, k: Number) -> ScalarImage:
    """Cut a slice out of a volume: ``slice_image(img, 2, 80)`` is the 81st along z.

    Parameters
    ----------
    img
        A volume.
    axis
        The axis that is left out: 0 for x, 1 for y, 2 for z.
    k
        Which slice along it, from 0.

    Returns
    -------
    image
        Of 2 dimensions, of the kind of `img`, on the grid of the two axes that are left.

    Raises
    ------
    DataError
        `img` has 2 dimensions, or there is no such axis or slice.
    """
    return _cut(img, axis, k)


@primitive("slice_image", version=1, grid="new", cost=0.1)
def slice_of_mask(img: Mask, axis: Number, k: Number) -> Mask:
    """Cut a slice out of a mask: ``slice_image(img > 100, 2, 80)``."""
    return _cut(img, axis, k)


@primitive("slice_image", version=1, grid="new", cost=0.1)
def slice_of_labels(img: Labels, axis: Number, k: Number) -> Labels:
    """Cut a slice out of labels: ``slice_image(lcc(m), 2, 80)``."""
    return _cut(img, axis, k)


@primitive("slice_image", version=1, grid="new", cost=0.1)
def slice_of_colour(img: Colour, axis: Number, k: Number) -> Colour:
    """Cut a slice out of a colour volume: ``slice_image(rgb(img, img, img), 2, 80)``."""
    return _cut(img, axis, k)


def without_axes(geometry: Geometry, left_out: Sequence[int]) -> Geometry:
    """Return a grid without some of its axes.

    Parameters
    ----------
    geometry
        The grid.
    left_out
        Axes in the order x, y, z. Where the others then have no direction of their own, because
        the image stood upright on them, they get the identity.
    """
    kept = [axis for axis in range(geometry.dimension) if axis not in left_out]
    matrix = np.reshape(geometry.direction, (geometry.dimension,) * 2)[np.ix_(kept, kept)]
    if abs(np.linalg.det(matrix)) < 1e-3:
        matrix = np.eye(len(kept))
    return Geometry(
        tuple(geometry.size[axis] for axis in kept),
        tuple(geometry.spacing[axis] for axis in kept),
        tuple(geometry.origin[axis] for axis in kept),
        tuple(float(cosine) for cosine in matrix.ravel()),
    )


def _cut(image: Image, axis: float, k: float) -> Image:
    size = image.geometry.size
    if len(size) != 3:
        raise DataError("slice_image wants a volume of 3 dimensions, and a 2-D image came", "img")
    if axis not in (0, 1, 2):
        raise DataError(f"the axes are 0 for x, 1 for y and 2 for z, and {axis:g} came", "axis")
    along = int(axis)
    if not 0 <= k < size[along] or k != int(k):
        raise DataError(
            f"slices along this axis are numbered 0 to {size[along] - 1}, and {k:g} came", "k"
        )
    voxels = np.ascontiguousarray(np.take(image.voxels, int(k), axis=2 - along))
    return Image(image.kind, voxels, without_axes(image.geometry, [along]))
