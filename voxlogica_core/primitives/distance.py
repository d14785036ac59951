"""Distances from a mask and masks within a distance: Euclidean, between voxel centres, in mm.

A distance is the square root of the exact squared distance in float64, rounded once to float32,
and is compared with the radius rounded to float32. The comparisons need no map: they grow the mask
by a ball, with the same result voxel for voxel.
"""

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.balls import ball, grown, inverted, packed, unpacked
from voxlogica_core.primitives.boxes import interior
from voxlogica_core.primitives.compiled import frozen
from voxlogica_core.primitives.declare import Mask, Number, ScalarImage, primitive
from voxlogica_core.primitives.distance_maps import distance_map
from voxlogica_core.values.image import Image, Voxels

NAMESPACE = "vox1"
FAR = np.uint32(0x5F7FFFFF).view(np.float32)
"""Distance from nothing, 1.8446743e19: the square root of the largest float32, as in ITK."""


@primitive("dt", version=1, cost=17)
def signed_distance(a: Mask) -> ScalarImage:
    """Measure the distance to the surface of a mask: ``dt(m) < -5`` is deep inside.

    Parameters
    ----------
    a
        The mask. Its surface are its voxels with a neighbour (8 in 2-D, 26 in 3-D) outside it;
        the edge of the image is none.

    Returns
    -------
    image
        float32, in mm: positive outside, 0 on the surface, negative inside. 1.8446743e19
        everywhere if `a` is empty, its negative if `a` is everything.
    """
    inner = interior(a.voxels)
    surface = a.voxels & ~inner
    if surface.any():
        return a.image(_distances(surface, inner, a))
    return a.image(np.where(a.voxels, -FAR, FAR))


@primitive("pdt", version=1, cost=16)
def distance_outside(a: Mask) -> ScalarImage:
    """Measure the distance to a mask: ``pdt(m) < 5`` is m and a rim of 5 mm.

    Parameters
    ----------
    a
        The mask.

    Returns
    -------
    image
        float32, in mm: 0 inside; 1.8446743e19 everywhere if `a` is empty.
    """
    if not a.voxels.any():
        return a.image(np.full(a.voxels.shape, FAR))
    return a.image(_distances(a.voxels, np.zeros_like(a.voxels), a))


@primitive("distleq", version=1, cost=0.6)
def within(r: Number, a: Mask) -> Mask:
    """Mark what is at most `r` away from a mask: ``distleq(25, gtv) & brain``.

    Parameters
    ----------
    r
        Distance in mm, above 0, rounded to float32.
    a
        The mask; it is part of the result. Empty if `a` is.

    Raises
    ------
    DataError
        `r` is not above 0.
    """
    return _grown(r, a, closed=True)


@primitive("distlt", version=1, cost=0.6)
def closer(r: Number, a: Mask) -> Mask:
    """Mark what is less than `r` away from a mask: ``distlt(5, m)``.

    Parameters
    ----------
    r
        Distance in mm, above 0, rounded to float32.
    a
        The mask; it is part of the result. Empty if `a` is.

    Raises
    ------
    DataError
        `r` is not above 0.
    """
    return _grown(r, a, closed=False)


@primitive("distgeq", version=1, cost=0.6)
def at_least_away(r: Number, a: Mask) -> Mask:
    """Mark what is at least `r` away from a mask: ``distgeq(5, !m)`` is m worn off by 5 mm.

    Parameters
    ----------
    r
        Distance in mm, above 0, rounded to float32.
    a
        The mask. Everything is marked if `a` is empty.

    Raises
    ------
    DataError
        `r` is not above 0.
    """
    return a.mask(~_grown(r, a, closed=False).voxels)


@primitive("distgt", version=1, cost=0.6)
def farther(r: Number, a: Mask) -> Mask:
    """Mark what is more than `r` away from a mask: ``distgt(5, m)``.

    Parameters
    ----------
    r
        Distance in mm, above 0, rounded to float32.
    a
        The mask. Everything is marked if `a` is empty.

    Raises
    ------
    DataError
        `r` is not above 0.
    """
    return a.mask(~_grown(r, a, closed=True).voxels)


@primitive("smoothen", version=1, cost=0.7)
def smoothen(a: Mask, r: Number) -> Mask:
    """Remove what is thinner than a ball of radius `r`: ``smoothen(img > 100, 2)``.

    Parameters
    ----------
    a
        The mask.
    r
        Radius in mm, above 0, rounded to float32.

    Returns
    -------
    mask
        ``distleq(r, distgeq(r, !a))``. Where a distance is exactly `r` it reaches a voxel
        beyond `a`; ``distlt(r, distgeq(r, !a))`` never does.

    Raises
    ------
    DataError
        `r` is not above 0.
    """
    _check(r)
    if r >= float(FAR) or a.voxels.all() or not a.voxels.any():
        return within(r, at_least_away(r, a.mask(~a.voxels)))
    width = a.geometry.size[0]
    spacing, shape = _along_axes(a)
    outside = inverted(packed(_volume(a.voxels)), width)
    kept = inverted(grown(outside, ball(r, spacing, shape, closed=False)), width)
    opened = unpacked(grown(kept, ball(r, spacing, shape, closed=True)), width)
    return a.mask(opened.reshape(a.voxels.shape))


@primitive("smoothen", version=1, cost=0.7)
def smoothen_by(r: Number, a: Mask) -> Mask:
    """Remove what is thinner than a ball of radius `r`: ``smoothen(2, img > 100)``."""
    return smoothen(a, r)


def _grown(radius: float, mask: Image, *, closed: bool) -> Image:
    _check(radius)
    if not mask.voxels.any():
        with np.errstate(over="ignore"):
            reached = np.float32(radius) >= FAR if closed else np.float32(radius) > FAR
        return mask.mask(np.full(mask.voxels.shape, reached))
    spacing, shape = _along_axes(mask)
    rows = grown(packed(_volume(mask.voxels)), ball(radius, spacing, shape, closed=closed))
    return mask.mask(unpacked(rows, shape[2]).reshape(mask.voxels.shape))


def _check(radius: float) -> None:
    if not radius > 0:
        raise DataError(f"a radius above 0 mm is wanted, and {radius:g} came", "r")


def _distances(seeds: Voxels, inside: Voxels, like: Image) -> Voxels:
    spacing, _ = _along_axes(like)
    return distance_map(_volume(seeds), _volume(inside), spacing).reshape(like.voxels.shape)


def _along_axes(image: Image) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return spacing and size along z, y, x; a 2-D image is one slice."""
    spacing, shape = image.geometry.spacing[::-1], image.geometry.shape
    return ((1.0, *spacing), (1, *shape)) if image.geometry.dimension == 2 else (spacing, shape)


def _volume(voxels: Voxels) -> Voxels:
    return frozen(voxels if voxels.ndim == 3 else voxels[np.newaxis])
