"""Drawing on two-dimensional images: blank ones, discs, polygons. Coordinates count voxels."""

import math

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Number, ScalarImage, primitive
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import IMAGE

NAMESPACE = "geom"
MOST_VOXELS = 100_000_000
MOST_SIDES = 1000
EDGE = 1e-9
"""Share of the radius by which a voxel may lie outside a polygon's side and still count as on it:
cosines differ between machines in their last bit."""


@primitive("blank", version=1, grid="new", cost=1000)
def blank(h: Number, w: Number, v: Number = 0) -> ScalarImage:
    """Make an image of one value: ``geom.blank(100, 200)`` is 100 high and 200 wide.

    Parameters
    ----------
    h, w
        Height and width in voxels, whole numbers from 1; voxels are 1 mm apart.
    v
        The value, 0 by default, rounded to float32.

    Raises
    ------
    DataError
        `h` or `w` is no whole number from 1, or there would be more than 100 million voxels.
    """
    for name, length in (("h", h), ("w", w)):
        if not (1 <= length <= MOST_VOXELS and length == int(length)):
            raise DataError(f"blank wants a whole number of voxels from 1: {length:g} came", name)
    if h * w > MOST_VOXELS:
        raise DataError(f"blank makes at most {MOST_VOXELS} voxels, and {h * w:g} are wanted", "w")
    with np.errstate(over="ignore"):
        voxels = np.full((int(h), int(w)), np.float32(v))
    return Image(IMAGE, voxels, plain_geometry((int(w), int(h))))


@primitive("circle", version=1, cost=2)
def circle(img: ScalarImage, cx: Number, cy: Number, r: Number, v: Number) -> ScalarImage:
    """Draw a filled circle: ``geom.circle(geom.blank(100, 100), 50, 50, 20, 1)``.

    Parameters
    ----------
    img
        The image to draw on, of 2 dimensions.
    cx, cy
        The centre: indices along x and y from 0, whole or not.
    r
        The radius in voxels, above 0; a voxel whose centre is on the circle belongs to it.
    v
        The value inside, rounded to float32.

    Raises
    ------
    DataError
        `img` has 3 dimensions, `r` is not above 0, or the centre is not finite.
    """
    x, y = _around(img, cx, cy, r, "circle")
    return _painted(img, x * x + y * y <= r * r, v)


@primitive("regular_polygon", version=1, cost=8)
def regular_polygon(
    img: ScalarImage, cx: Number, cy: Number, r: Number, sides: Number, v: Number
) -> ScalarImage:
    """Draw a regular polygon: ``geom.regular_polygon(geom.blank(99, 99), 50, 50, 20, 6, 1)``.

    Parameters
    ----------
    img
        The image to draw on, of 2 dimensions.
    cx, cy
        The centre: indices along x and y from 0, whole or not.
    r
        Distance of the corners from the centre in voxels, above 0. One corner is straight above
        the centre, towards smaller y; a voxel whose centre is on a side belongs to the polygon.
    sides
        Number of sides, a whole number from 3 to 1000.
    v
        The value inside, rounded to float32.

    Raises
    ------
    DataError
        `img` has 3 dimensions, `r` is not above 0, or `sides` is no whole number from 3 to 1000.
    """
    x, y = _around(img, cx, cy, r, "regular_polygon")
    if not (3 <= sides <= MOST_SIDES and sides == int(sides)):
        raise DataError(
            f"regular_polygon wants 3 to {MOST_SIDES} sides, and {sides:g} came", "sides"
        )
    inside = np.ones(img.voxels.shape, bool)
    reach = r * (math.cos(math.pi / sides) + EDGE)
    for side in range(int(sides)):
        angle = math.pi * ((2 * side + 1) / sides - 0.5)
        inside &= x * math.cos(angle) + y * math.sin(angle) <= reach
    return _painted(img, inside, v)


def _around(image: Image, cx: float, cy: float, r: float, name: str) -> tuple[Voxels, Voxels]:
    """Return how far voxels are to the right of a centre, and how far below."""
    if image.geometry.dimension != 2:
        raise DataError(f"{name} wants an image of 2 dimensions: take slice_image(…)", "img")
    for argument, coordinate in (("cx", cx), ("cy", cy)):
        if not math.isfinite(coordinate):
            raise DataError(f"{name} wants a finite centre, and {coordinate:g} came", argument)
    if not r > 0:
        raise DataError(f"{name} wants a radius above 0 voxels, and {r:g} came", "r")
    height, width = image.voxels.shape
    return np.arange(width) - cx, np.arange(height)[:, np.newaxis] - cy


def _painted(image: Image, inside: Voxels, value: float) -> Image:
    with np.errstate(over="ignore"):
        return image.image(np.where(inside, np.float32(value), image.voxels))
