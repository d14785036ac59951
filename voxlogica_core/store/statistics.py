"""Statistics of images, masks and label maps: the numbers beside their pictures. Draws nothing."""

import numpy as np
import numpy.typing as npt

from voxlogica_core.store.record import Histogram, Statistics
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import COLOUR, MASK

_BINS = 64
_SAMPLE = 2**20  # voxels that are looked at for what need not be exact
_COUNTED = 2**18  # voxels that are counted for histograms
_CHUNK = 2**16  # voxels at a time, so that their float64 form stays in the cache

Numbers = npt.NDArray[np.float64]


def statistics(image: Image) -> Statistics:
    """Return the statistics of an image; about 20 ms for 8.7 million floats, 1 for a mask."""
    voxels = image.voxels
    present = _present(image)
    count = int(np.count_nonzero(present))
    if image.kind == MASK:
        share = count / voxels.size
        least, most = float(count == voxels.size), float(count > 0)
        moments = (least, most, share, (share * (1 - share)) ** 0.5)
        finite, histogram = voxels.size, None
    else:
        low, high = voxels.min(), voxels.max()  # not finite if any voxel is not: five times faster
        all_finite = bool(np.isfinite(low) and np.isfinite(high))
        finite = voxels.size if all_finite else int(np.count_nonzero(np.isfinite(voxels)))
        ends = (float(low), float(high)) if all_finite else _ends_of_finite(voxels)
        moments = (
            (None, None, None, None)
            if ends is None
            else (*ends, *_mean(voxels, all_finite=all_finite))
        )
        histogram = _histogram(sample(voxels, _COUNTED))
    return Statistics(
        *moments,
        not_finite=voxels.size - finite,
        histogram=histogram,
        voxels=count,
        volume=count * image.geometry.voxel_volume,
        box=_box(present),
    )


def _present(image: Image) -> npt.NDArray[np.bool_]:
    """Return which voxels are not 0; a mask is that itself."""
    voxels = image.voxels
    if image.kind == MASK and voxels.dtype == np.bool_:
        return voxels
    return np.asarray(voxels.any(axis=-1) if image.kind == COLOUR else voxels != 0)


def sample(voxels: Voxels, most: int = _SAMPLE) -> Numbers:
    """Return the finite values of at most a million voxels, regularly spaced, as float64.

    Parameters
    ----------
    most
        How many voxels, if not a million.
    """
    flat = voxels.reshape(-1)
    # An odd step meets every column of images whose rows have an even length.
    step = -(-flat.size // most) | 1 if flat.size > most else 1
    values = flat[::step].astype(np.float64)
    return values[np.isfinite(values)]


def _ends_of_finite(voxels: Voxels) -> tuple[float, float] | None:
    """Return the smallest and the largest of those voxels that are finite, None without any."""
    finite = voxels[np.isfinite(voxels)]
    return (float(finite.min()), float(finite.max())) if finite.size else None


def _mean(voxels: Voxels, *, all_finite: bool) -> tuple[float, float]:
    """Return mean and standard deviation of the finite voxels."""
    flat = (voxels if all_finite else voxels[np.isfinite(voxels)]).reshape(-1)
    near = float(flat[:: max(1, flat.size // _SAMPLE)].mean(dtype=np.float64))
    total = squares = 0.0
    room = np.empty(min(_CHUNK, flat.size), np.float64)
    for start in range(0, flat.size, _CHUNK):
        part = flat[start : start + _CHUNK]
        distance = np.subtract(part, near, out=room[: part.size], dtype=np.float64)
        total += float(distance.sum())
        np.multiply(distance, distance, out=distance)  # np.dot would wake threads of its own
        squares += float(distance.sum())
    shift = total / flat.size
    deviation = max(squares / flat.size - shift * shift, 0.0) ** 0.5
    return (near + shift, deviation)


def _histogram(values: Numbers) -> Histogram | None:
    """Return the counts of `values` in equal steps between the smallest and the largest."""
    if not values.size:
        return None
    low, high = float(values.min()), float(values.max())
    if low == high:
        return Histogram(low, high, (int(values.size),))
    counts, _ = np.histogram(values, bins=_BINS, range=(low, high))
    return Histogram(low, high, tuple(int(count) for count in counts))


def _box(present: npt.NDArray[np.bool_]) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Return the first and last index of true voxels along x, y[, z]."""
    found = bounds_of(present)
    if found is None:
        return None
    return tuple(low for low, _ in reversed(found)), tuple(high for _, high in reversed(found))


def bounds_of(present: npt.NDArray[np.bool_]) -> list[tuple[int, int]] | None:
    """Return the first and last index of true voxels along each axis; None if there are none."""
    bounds: list[tuple[int, int]] = []
    while present.ndim > 1:
        rows = present.reshape(present.shape[0], -1)
        bounds.append(_ends(np.asarray(rows.any(axis=1))))  # stops at a row's first voxel
        present = np.asarray(np.bitwise_or.reduce(present, axis=0))  # faster than `any`
    bounds.append(_ends(present))
    return None if bounds[0][1] < 0 else bounds


def _ends(hit: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Return the first and last index that is true; -1 if none is."""
    found = np.flatnonzero(hit)
    return (int(found[0]), int(found[-1])) if found.size else (-1, -1)
