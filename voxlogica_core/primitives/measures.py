"""How well two masks agree: overlap scores and surface distance."""

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Mask, Number, primitive
from voxlogica_core.values.image import Image

NAMESPACE = "vox1"


@primitive("dice", version=1, commutative=True, cost=0.2)
def dice(a: Mask, b: Mask) -> Number:
    """Measure the overlap of two masks, 0 to 1: ``dice(mine, theirs)``.

    Returns
    -------
    number
        2·#(a ∧ b) / (#a + #b) (Dice 1945); 1 if both are empty.
    """
    total = _count(a) + _count(b)
    return 2.0 * _common(a, b) / total if total else 1.0


@primitive("jaccard", version=1, commutative=True, cost=0.2)
def jaccard(a: Mask, b: Mask) -> Number:
    """Measure the overlap of two masks, 0 to 1: ``jaccard(mine, theirs)``.

    Returns
    -------
    number
        #(a ∧ b) / #(a ∨ b) (Jaccard 1912); 1 if both are empty.
    """
    common = _common(a, b)
    union = _count(a) + _count(b) - common
    return common / union if union else 1.0


@primitive("sensitivity", version=1, cost=0.2)
def sensitivity(a: Mask, truth: Mask) -> Number:
    """Return the share of the truth that was found: ``sensitivity(mine, truth)``.

    Parameters
    ----------
    a
        What was found.
    truth
        What should have been found.

    Raises
    ------
    DataError
        `truth` is empty.
    """
    wanted = _count(truth)
    if not wanted:
        raise DataError("sensitivity wants a truth with a voxel, and an empty one came", "truth")
    return _common(a, truth) / wanted


@primitive("specificity", version=1, cost=0.2)
def specificity(a: Mask, truth: Mask) -> Number:
    """Return the share of what is not in the truth that was left out: ``specificity(mine, truth)``.

    Parameters
    ----------
    a
        What was found.
    truth
        What should have been found.

    Raises
    ------
    DataError
        `truth` is the whole image.
    """
    negatives = truth.voxels.size - _count(truth)
    if not negatives:
        raise DataError("specificity wants a truth that is not the whole image", "truth")
    found = _count(a) + _count(truth) - _common(a, truth)
    return (truth.voxels.size - found) / negatives


def _count(mask: Image) -> int:
    return int(np.count_nonzero(mask.voxels))


def _common(a: Image, b: Image) -> int:
    return int(np.count_nonzero(a.voxels & b.voxels))
