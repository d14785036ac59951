"""Scores and counts of whole label images: how a prediction agrees with the truth, what is in one.

An image of whole numbers, a label map and a mask (1 inside, 0 outside) may stand for each other.
"""

from collections.abc import Sequence

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import (
    Items,
    Labels,
    Mask,
    Number,
    Record,
    ScalarImage,
    primitive,
)
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import IMAGE, MASK

NAMESPACE = "arrays"
MOST_LABELS = 1000


@primitive("dice_score", version=1, cost=0.85)
def dice_score(
    p: ScalarImage | Labels | Mask, g: ScalarImage | Labels | Mask, label: Number = 1
) -> Number:
    """Measure the overlap of one label in two images: ``arrays.dice_score(mine, truth, 2)``.

    Parameters
    ----------
    p
        What was found.
    g
        What should have been found.
    label
        The label that counts, 1 by default.

    Returns
    -------
    number
        2·#(p ∧ g) / (#p + #g), 0 to 1; 1 if neither has a voxel of that label.
    """
    common, found, wanted = _counts(p, g, label)
    return 2 * common / (found + wanted) if found + wanted else 1.0


@primitive("f1_score", version=1, cost=0.85)
def f1_score(
    p: ScalarImage | Labels | Mask, g: ScalarImage | Labels | Mask, label: Number = 1
) -> Number:
    """Return the harmonic mean of precision and recall: ``arrays.f1_score(mine, truth)``.

    It is the `dice_score`, and 1 if neither image has a voxel of the label.

    Parameters
    ----------
    p
        What was found.
    g
        What should have been found.
    label
        The label that counts, 1 by default.
    """
    return dice_score(p, g, label)


@primitive("jaccard_index", version=1, cost=0.85)
def jaccard_index(
    p: ScalarImage | Labels | Mask, g: ScalarImage | Labels | Mask, label: Number = 1
) -> Number:
    """Measure the overlap of one label in two images: ``arrays.jaccard_index(mine, truth, 2)``.

    Parameters
    ----------
    p
        What was found.
    g
        What should have been found.
    label
        The label that counts, 1 by default.

    Returns
    -------
    number
        #(p ∧ g) / #(p ∨ g), 0 to 1; 1 if neither has a voxel of that label.
    """
    common, found, wanted = _counts(p, g, label)
    union = found + wanted - common
    return common / union if union else 1.0


@primitive("precision", version=1, cost=0.85)
def precision(
    p: ScalarImage | Labels | Mask, g: ScalarImage | Labels | Mask, label: Number = 1
) -> Number:
    """Return the share of what was found that is true: ``arrays.precision(mine, truth)``.

    Parameters
    ----------
    p
        What was found.
    g
        What should have been found.
    label
        The label that counts, 1 by default.

    Raises
    ------
    DataError
        `p` has no voxel of the label.
    """
    common, found, _ = _counts(p, g, label)
    if not found:
        raise DataError(f"precision wants a voxel of label {label:g} found, and none is", "p")
    return common / found


@primitive("recall", version=1, cost=0.85)
def recall(
    p: ScalarImage | Labels | Mask, g: ScalarImage | Labels | Mask, label: Number = 1
) -> Number:
    """Return the share of the truth that was found: ``arrays.recall(mine, truth)``.

    Parameters
    ----------
    p
        What was found.
    g
        What should have been found.
    label
        The label that counts, 1 by default.

    Raises
    ------
    DataError
        `g` has no voxel of the label.
    """
    common, _, wanted = _counts(p, g, label)
    if not wanted:
        raise DataError(f"recall wants a truth with a voxel of label {label:g}: none came", "g")
    return common / wanted


@primitive("pixel_accuracy", version=1, cost=0.3)
def pixel_accuracy(p: ScalarImage | Labels | Mask, g: ScalarImage | Labels | Mask) -> Number:
    """Return the share of voxels that are equal: ``arrays.pixel_accuracy(mine, truth)``.

    Parameters
    ----------
    p
        What was found.
    g
        What should have been found; NaN equals nothing.
    """
    return float(np.count_nonzero(_numbers(p) == _numbers(g)) / p.voxels.size)


@primitive("confusion_matrix", version=1, cost=7)
def confusion_matrix(
    p: ScalarImage | Labels | Mask, g: ScalarImage | Labels | Mask
) -> Items[Items[Number]]:
    """Count which label was found for which: ``arrays.confusion_matrix(mine, truth)[1][0]``.

    Parameters
    ----------
    p
        What was found: whole numbers from 0.
    g
        What should have been found: whole numbers from 0.

    Returns
    -------
    sequence
        A row for each label of the truth from 0 to the largest label of both images; in it the
        number of voxels for each label that was found.

    Raises
    ------
    DataError
        A voxel is no whole number from 0 to 1000.
    """
    found, wanted = _whole(p, "p"), _whole(g, "g")
    count = int(max(found.max(), wanted.max())) + 1
    pairs = np.bincount((wanted * count + found).ravel(), minlength=count * count)
    return pairs.reshape(count, count).astype(np.float64).tolist()


@primitive("count_pixels", version=1, cost=0.3)
def count_pixels(img: ScalarImage | Labels | Mask, v: Number) -> Number:
    """Count the voxels of one value: ``arrays.count_pixels(lcc(m), 1)``.

    Parameters
    ----------
    img
        The image.
    v
        The value, rounded to float32 unless `img` holds labels.
    """
    return float(np.count_nonzero(_where(img, v)))


@primitive("threshold_equal", version=1, cost=0.3)
def threshold_equal(img: ScalarImage | Labels | Mask, v: Number) -> Mask:
    """Mark the voxels of one value: ``arrays.threshold_equal(lcc(m), 1)``.

    Parameters
    ----------
    img
        The image.
    v
        The value, rounded to float32 unless `img` holds labels.
    """
    return img.mask(_where(img, v))


@primitive("array_stats", version=1, cost=3.5, fields=("min", "max", "mean", "stdev", "count"))
def array_stats(img: ScalarImage | Labels | Mask) -> Record:
    """Sum up an image in five numbers: ``arrays.array_stats(img)``.

    Parameters
    ----------
    img
        The image; a NaN makes all but the count NaN.

    Returns
    -------
    record
        ``min``, ``max``, ``mean``, ``stdev`` (the sum of squares divided by the number of voxels
        less one, 0 of one voxel) and ``count``, the number of voxels; in float64.
    """
    values = _numbers(img).astype(np.float64)
    with np.errstate(all="ignore"):
        return {
            "min": float(values.min()),
            "max": float(values.max()),
            "mean": float(values.mean()),
            "stdev": float(values.std(ddof=1)) if values.size > 1 else 0.0,
            "count": float(values.size),
        }


@primitive(
    "compare_arrays",
    version=1,
    commutative=True,
    cost=1.1,
    fields=("equal: bool", "differing", "max_difference"),
)
def compare_arrays(a: ScalarImage | Labels | Mask, b: ScalarImage | Labels | Mask) -> Record:
    """Say whether and how far two images differ: ``arrays.compare_arrays(mine, theirs)``.

    Returns
    -------
    record
        ``equal`` (true or false), ``differing`` (the number of voxels that differ) and
        ``max_difference`` (the largest difference of two voxels; NaN if one of them is NaN and
        the other not). Two NaN are equal.
    """
    first, second = _numbers(a), _numbers(b)
    differs = (first != second) & ~(np.isnan(first) & np.isnan(second))
    count = int(np.count_nonzero(differs))
    apart = first[differs].astype(np.float64) - second[differs]
    largest = float(np.abs(apart).max(initial=0.0))
    return {"equal": count == 0, "differing": float(count), "max_difference": largest}


def _counts(p: Image, g: Image, label: float) -> Sequence[int]:
    """Return the number of voxels that have a label in both images, in `p` and in `g`."""
    found, wanted = _where(p, label), _where(g, label)
    return [int(np.count_nonzero(marks)) for marks in (found & wanted, found, wanted)]


def _where(image: Image, value: float) -> Voxels:
    with np.errstate(over="ignore"):
        number = np.float32(value) if image.kind == IMAGE else np.float64(value)
    return _numbers(image) == number


def _numbers(image: Image) -> Voxels:
    return image.voxels.view(np.uint8) if image.kind == MASK else image.voxels


def _whole(image: Image, name: str) -> Voxels:
    values = _numbers(image)
    if not ((values >= 0) & (values <= MOST_LABELS) & (np.floor(values) == values)).all():
        raise DataError(
            f"confusion_matrix wants whole numbers from 0 to {MOST_LABELS}, and others came", name
        )
    return values.astype(np.int64)
