"""Correlation of sliding local histograms with a fixed one; compiled, knows no image.

The histogram of the box around a voxel is kept up to date in three steps, each of a few additions
whatever the radius: lines along z gain and lose a voxel when z moves on, planes gain and lose a
line when y does, the box gains and loses a plane when x does. All sums are exact integers.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from voxlogica_core.primitives.compiled import compiled

Codes = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.unsignedinteger[Any]]
Sums = npt.NDArray[np.int64]
Lines = npt.NDArray[np.uint16]


@compiled
def bins(values: npt.NDArray[np.float32], lo: float, hi: float, width: float, k: int) -> Codes:
    """Return the bin of each value from `lo` to below `hi`, and `k` for the others."""
    result = np.empty(values.size, np.uint16)
    for i in range(values.size):
        value = np.float64(values[i])
        code = k
        if lo <= value < hi:
            code = min(k - 1, int(np.floor((value - lo) / width)))
        result[i] = code
    return result


@compiled
def correlations(
    codes: Codes,
    target: Sums,
    half: tuple[int, int, int],
    target_sum: int,
    target_spread: float,
    box: Counts,
) -> npt.NDArray[np.float32]:
    """Return the correlation of every voxel's local histogram with `target`.

    Parameters
    ----------
    codes
        Bin of each voxel along z, y, x; the length of `target` where it has none.
    target
        The fixed histogram.
    half
        Half-widths of the box along z, y, x.
    target_sum, target_spread
        Sum of `target`, and k·(sum of its squares) - (its sum)², rounded to float64.
    box
        Room for the histogram of a box, of a type that holds the square of its size.
    """
    depth, height, width = codes.shape
    k = target.size
    # One row of lines and one plane more than there are stay empty: they stand for none.
    lines = np.zeros((height + 1, width * k), np.uint16)
    line_sums = np.zeros((height + 1, width, 2), np.int64)
    planes = np.zeros((width + 1) * k, np.uint32)
    plane_sums = np.zeros((width + 1, 2), np.int64)
    result = np.empty((depth, height, width), np.float32)
    for z in range(-half[0], depth):
        if z + half[0] < depth:
            _count(codes[z + half[0]], target, lines, line_sums, 1)
        if z > half[0]:
            _count(codes[z - half[0] - 1], target, lines, line_sums, -1)
        if z < 0:
            continue
        planes[:] = 0
        plane_sums[:] = 0
        for y in range(-half[1], height):
            gained = y + half[1] if y + half[1] < height else height
            lost = y - half[1] - 1 if y > half[1] else height
            _exchange_lines(planes, lines[gained], lines[lost])
            plane_sums[:width] += line_sums[gained] - line_sums[lost]
            if y >= 0:
                _row(planes, plane_sums, half[2], target_sum, target_spread, box, result[z, y])
    return result


@compiled
def _count(plane: Codes, target: Sums, lines: Lines, line_sums: Sums, change: int) -> None:
    height, width = plane.shape
    k = target.size
    for y in range(height):
        for x in range(width):
            code = plane[y, x]
            if code < k:
                lines[y, x * k + code] += np.uint16(change)
                line_sums[y, x, 0] += change
                line_sums[y, x, 1] += change * target[code]


@compiled
def _exchange_lines(planes: Counts, gained: Lines, lost: Lines) -> None:
    for i in range(gained.size):
        planes[i] += np.uint32(gained[i]) - np.uint32(lost[i])


@compiled
def _row(
    planes: Counts,
    plane_sums: Sums,
    half: int,
    target_sum: int,
    target_spread: float,
    box: Counts,
    result: npt.NDArray[np.float32],
) -> None:
    width, k = result.size, box.size
    count, weight, squared = np.int64(0), np.int64(0), np.int64(0)
    box[:] = 0
    for x in range(-half, width):
        gained = x + half if x + half < width else width
        lost = x - half - 1 if x > half else width
        squared = np.int64(_exchange_planes(box, planes, gained * k, lost * k))
        count += plane_sums[gained, 0] - plane_sums[lost, 0]
        weight += plane_sums[gained, 1] - plane_sums[lost, 1]
        if x >= 0:
            result[x] = _correlation(
                k * weight - count * target_sum, k * squared - count * count, target_spread
            )


@compiled
def _exchange_planes(box: Counts, planes: Counts, gained: int, lost: int) -> int:
    """Let one plane in and one out; return the sum of the squares of the new histogram.

    Positions are unsigned: signed ones may be negative, and that test costs the vector units,
    67 ns instead of 15 for 100 bins.
    """
    whole = box.dtype.type
    squared = whole(0)
    first, other = np.uint64(gained), np.uint64(lost)
    for i in range(np.uint64(box.size)):
        count = whole(box[i] + planes[first + i] - planes[other + i])
        box[i] = count
        squared = whole(squared + whole(count * count))
    return int(squared)


@compiled
def _correlation(covariance: int, spread: int, target_spread: float) -> float:
    if spread == 0 or target_spread == 0:
        return 1.0 if spread == 0 and target_spread == 0 else 0.0
    return covariance / np.sqrt(spread * target_spread)
