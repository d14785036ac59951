"""Logic on masks, voxel by voxel, and questions about whole masks."""

import numpy as np

from voxlogica_core.primitives.declare import Mask, ScalarImage, Truth, primitive
from voxlogica_core.values.image import Image

NAMESPACE = "vox1"


@primitive("not", version=1, operators=("!",), cost=0.05)
def not_mask(a: Mask) -> Mask:
    """Mark what is not marked: ``!background``."""
    return a.mask(np.logical_not(a.voxels))


@primitive("and", version=1, operators=("&", "&&"), commutative=True, cost=0.05)
def and_masks(a: Mask, b: Mask | Truth) -> Mask:
    """Mark what both mark: ``bright & brain``. A truth value stands for all or nothing."""
    if isinstance(b, Image):
        return a.mask(np.logical_and(a.voxels, b.voxels))
    return a if b else a.mask(np.zeros_like(a.voxels))


@primitive("and", version=1, operators=("&", "&&"), commutative=True, cost=0.05)
def and_truth_mask(a: Truth, b: Mask) -> Mask:
    """Keep the mask if the truth value is true, else mark nothing: ``(n > 0) & m``."""
    return and_masks(b, a)


@primitive("or", version=1, operators=("|", "||"), commutative=True, cost=0.05)
def or_masks(a: Mask, b: Mask | Truth) -> Mask:
    """Mark what one or both mark: ``grey | white``. A truth value stands for all or nothing."""
    if isinstance(b, Image):
        return a.mask(np.logical_or(a.voxels, b.voxels))
    return a.mask(np.ones_like(a.voxels)) if b else a


@primitive("or", version=1, operators=("|", "||"), commutative=True, cost=0.05)
def or_truth_mask(a: Truth, b: Mask) -> Mask:
    """Mark everything if the truth value is true, else keep the mask: ``(n > 0) | m``."""
    return or_masks(b, a)


@primitive("xor", version=1, commutative=True, cost=0.05)
def xor_masks(a: Mask, b: Mask) -> Mask:
    """Mark what exactly one of two masks marks: ``xor(mine, theirs)`` is where we differ."""
    return a.mask(np.logical_xor(a.voxels, b.voxels))


@primitive("leqB", version=1, cost=0.1)
def is_subset(a: Mask, b: Mask) -> Truth:
    """Say whether every voxel of `a` is one of `b`: ``leqB(tumour, brain)``."""
    return not bool(np.greater(a.voxels, b.voxels).any())


@primitive("eqB", version=1, commutative=True, cost=0.1)
def masks_equal(a: Mask, b: Mask) -> Truth:
    """Say whether two masks mark the same voxels: ``eqB(near(m), m)``."""
    return bool(np.array_equal(a.voxels, b.voxels))


@primitive("neqB", version=1, commutative=True, cost=0.1)
def masks_differ(a: Mask, b: Mask) -> Truth:
    """Say whether two masks mark different voxels: ``neqB(near(m), m)``."""
    return not bool(np.array_equal(a.voxels, b.voxels))


@primitive("emptyB", version=1, cost=0.03)
def is_empty(a: Mask) -> Truth:
    """Say whether a mask marks nothing: ``emptyB(img > max(img))`` is true."""
    return not bool(a.voxels.any())


@primitive("nemptyB", version=1, cost=0.03)
def is_not_empty(a: Mask) -> Truth:
    """Say whether a mask marks something: ``nemptyB(img >= max(img))`` is true."""
    return bool(a.voxels.any())


@primitive("overlayB", version=1, cost=0.45)
def overlay_masks(m: Mask, f: Mask, t: Mask) -> Mask:
    """Take `t` where `m` is marked and `f` elsewhere: ``overlayB(left, a, b)``.

    Parameters
    ----------
    m
        Where to look.
    f
        The mask taken where `m` is false.
    t
        The mask taken where `m` is true.
    """
    return m.mask(np.where(m.voxels, t.voxels, f.voxels))


@primitive("mask", version=1, cost=1.1)
def masked(img: ScalarImage, m: Mask) -> ScalarImage:
    """Keep an image inside a mask: ``mask(img, brain)`` is 0 outside the brain.

    Parameters
    ----------
    img
        The image; NaN and infinity outside `m` become 0 too.
    m
        Where it is kept.
    """
    return img.image(np.where(m.voxels, img.voxels, np.float32(0)))
