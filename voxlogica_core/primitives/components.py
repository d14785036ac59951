"""Connected components and what is reached through them; adjacency is 8 in 2-D and 26 in 3-D.

A mask is seen as its runs: the stretches of marked voxels along x, in the order of the array. Runs
that touch are joined by a union-find whose roots are the first runs of their components, so that
components come numbered in raster order of their first voxel, whatever the machine.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives import runs
from voxlogica_core.primitives.compiled import frozen
from voxlogica_core.primitives.declare import Labels, Mask, Number, primitive
from voxlogica_core.values.image import Image, Voxels

NAMESPACE = "vox1"
MOST_RUNS = 2**31 - 1
"""Runs are numbered in 32 bits: half of an image of 2³² voxels may be runs of one."""


@primitive("through", version=1, cost=0.7)
def through(a: Mask, b: Mask) -> Mask:
    """Keep the components of a region that hold a target: ``through(seed, bright)``.

    Parameters
    ----------
    a
        The target.
    b
        The region walked through. A component of it stays whole if one of its voxels is in `a`.

    Returns
    -------
    mask
        A part of `b`; empty if `a` or `b` is.
    """
    parts = _components(b)
    reached = runs.hits(_volume(a.voxels), parts.starts, parts.ends, parts.offsets, parts.roots)
    return b.mask(_filled(parts, reached, b, np.bool_))


@primitive("lcc", version=1, cost=0.8)
def components(a: Mask) -> Labels:
    """Give each connected component of a mask a number: ``lcc(m) == 1`` is the first one.

    Parameters
    ----------
    a
        The mask.

    Returns
    -------
    labels
        1, 2, ... in raster order of the first voxel; 0 outside. The smallest of uint8, uint16
        and uint32 that holds them.
    """
    parts = _components(a)
    numbers, count = runs.numbered(parts.roots)
    return a.labels(_filled(parts, numbers, a, np.min_scalar_type(count)))


@primitive("maxvol", version=1, cost=0.7)
def largest_components(a: Mask) -> Mask:
    """Keep the largest connected component: ``maxvol(img > 100)``.

    Parameters
    ----------
    a
        The mask.

    Returns
    -------
    mask
        The component with most voxels; all of them if several are equally large; empty if `a` is.
    """
    parts = _components(a)
    largest = runs.largest(parts.starts, parts.ends, parts.roots)
    return a.mask(_filled(parts, largest, a, np.bool_))


@primitive("mask", version=1, cost=1.1)
def masked_labels(img: Labels, m: Mask) -> Labels:
    """Keep labels inside a mask: ``mask(lcc(b), a)`` is 0 outside a."""
    return img.labels(np.where(m.voxels, img.voxels, img.voxels.dtype.type(0)))


@primitive("maskCC", version=1, cost=1.8)
def component_numbers(a: Mask, b: Mask) -> Labels:
    """Give voxels of `a` the number of the component of `b` they lie in: ``mask(lcc(b), a)``."""
    return masked_labels(components(b), a)


@primitive("minCC", version=1, cost=1.2)
def smallest_component_number(a: Mask, b: Mask) -> Number:
    """Return the smallest number that voxels of `a` have in ``lcc(b)``; 0 if `a` is empty.

    Voxels of `a` outside `b` have number 0: ``minCC(a, b) > 0`` says that b covers a.
    """
    return _extreme(np.min, a, b)


@primitive("maxCC", version=1, cost=1.2)
def largest_component_number(a: Mask, b: Mask) -> Number:
    """Return the largest number that voxels of `a` have in ``lcc(b)``; 0 if `a` is empty."""
    return _extreme(np.max, a, b)


def most_runs(shape: tuple[int, ...]) -> int:
    """Return the largest number of runs along x that a mask of a shape can have."""
    return math.prod(shape[:-1]) * ((shape[-1] + 1) // 2)


class _Components(NamedTuple):
    """Runs of a mask and the first run of the component each belongs to."""

    starts: Voxels
    ends: Voxels
    offsets: Voxels
    roots: Voxels


def _components(mask: Image) -> _Components:
    if most_runs(mask.geometry.shape) > MOST_RUNS:
        raise DataError(
            f"components are told apart in images of up to {MOST_RUNS} runs of voxels, and this "
            "one may have more: cut it in two, or bring it to a coarser grid with resampleTo"
        )
    volume = _volume(mask.voxels)
    starts, ends, offsets = runs.runs_of(volume)
    return _Components(starts, ends, offsets, runs.joined(starts, ends, offsets, volume.shape))


def _filled(parts: _Components, values: Voxels, like: Image, dtype: np.dtype | type) -> Voxels:
    voxels = np.zeros(like.voxels.shape, dtype)
    shape = _volume(like.voxels).shape
    runs.fill(voxels.reshape(shape), parts.starts, parts.ends, parts.offsets, values)
    return voxels


def _volume(voxels: Voxels) -> Voxels:
    return frozen(voxels if voxels.ndim == 3 else voxels[np.newaxis])


def _extreme(choose: Callable[[Voxels], Voxels], a: Image, b: Image) -> float:
    numbers = components(b).voxels[a.voxels]
    return float(choose(numbers)) if numbers.size else 0.0
