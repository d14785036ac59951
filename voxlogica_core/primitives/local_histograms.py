"""Correlation of sliding local histograms with a fixed one; compiled, knows no image.

The histogram of the box around a voxel is kept up to date in three steps, each of a few additions
whatever the radius: lines along z gain and lose a voxel when z moves on, planes gain and lose a
line when y does, the box gains and loses a plane when x does. All sums are exact integers.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from voxlogica_core.primitives.compiled import compiled

Codes = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.unsignedinteger[Any]]
Sums = npt.NDArray[np.int64]
Products = npt.NDArray[np.float64]
SMALL_LINE = 1 << 8
SMALL_BOX = 1 << 16


@dataclass(frozen=True, slots=True)
class Room:
    """Memory for the histograms of lines, planes and the box; the narrower, the quicker.

    One row of lines and one plane more than there are stay empty: they stand for none.

    Parameters
    ----------
    zero
        0 of the type in which squares of counts of the box are added.
    """

    lines: Counts
    planes: Counts
    box: Counts
    zero: np.unsignedinteger[Any]


def room_for(half: tuple[int, int, int], shape: tuple[int, ...], k: int) -> Room:
    """Return room for boxes of half-widths `half` along z, y, x, and `k` bins.

    Counts of lines of fewer than 2⁸ voxels fit 8 bits; those of boxes of fewer than 2¹⁶ fit 16,
    and the sum of their squares, at most the square of the sum, 32.
    """
    _, height, width = shape
    size = math.prod(2 * h + 1 for h in half)
    small = size < SMALL_BOX and 2 * half[0] + 1 < SMALL_LINE
    line, plane, box = (
        (np.uint8, np.uint16, np.uint16) if small else (np.uint32, np.uint32, np.uint64)
    )
    return Room(
        np.zeros((height + 1, width * k), line),
        np.zeros((width + 1) * k, plane),
        np.zeros(k, box),
        np.uint32(0) if small else np.uint64(0),
    )


def bins(values: npt.NDArray[np.float32], lo: float, hi: float, width: float, k: int) -> Codes:
    """Return the bin of each value from `lo` to below `hi`, and `k` for the others."""
    result = np.empty(values.size, np.uint16)
    write_bins(values, lo, hi, width, k, result)
    return result


@compiled
def write_bins(
    values: npt.NDArray[np.float32], lo: float, hi: float, width: float, k: int, result: Codes
) -> None:
    """Write the bin of each value to `result`; see `bins`."""
    for i in range(values.size):
        value = np.float64(values[i])
        code = k
        if lo <= value < hi:
            code = min(k - 1, int(np.floor((value - lo) / width)))
        result[i] = code


def correlations(
    codes: Codes, target: Sums, half: tuple[int, int, int], target_sum: int, target_spread: float
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
    """
    room = room_for(half, codes.shape, target.size)
    _, height, width = codes.shape
    result = np.empty(codes.shape, np.float32)
    _slide(
        codes,
        target,
        np.array(half, np.int64),
        target_sum,
        target_spread,
        room.lines,
        room.planes,
        room.box,
        room.zero,
        np.zeros((height + 1, width, 2), np.int64),
        np.zeros((width + 1, 2), np.int64),
        np.empty((2, width), np.float64),
        np.full((height, width), target.size, np.uint16),
        result,
    )
    return result


@compiled
def _slide(
    codes: Codes,
    target: Sums,
    half: Sums,
    target_sum: int,
    target_spread: float,
    lines: Counts,
    planes: Counts,
    box: Counts,
    zero: np.unsignedinteger[Any],
    line_sums: Sums,
    plane_sums: Sums,
    products: Products,
    nothing: Codes,
    result: npt.NDArray[np.float32],
) -> None:
    depth, height, _ = codes.shape
    for z in range(-half[0], depth):
        gained_plane = codes[z + half[0]] if z + half[0] < depth else nothing
        lost_plane = codes[z - half[0] - 1] if z > half[0] else nothing
        _exchange_voxels(gained_plane, lost_plane, target, lines, line_sums)
        if z < 0:
            continue
        planes[:] = 0
        plane_sums[:] = 0
        for y in range(-half[1], height):
            gained = y + half[1] if y + half[1] < height else height
            lost = y - half[1] - 1 if y > half[1] else height
            _exchange_lines(planes, lines[gained], lines[lost])
            _exchange_sums(plane_sums, line_sums[gained], line_sums[lost])
            if y >= 0:
                _row(planes, plane_sums, half[2], target_sum, box, zero, products)
                _divide(products, target_spread, result[z, y])


@compiled
def _exchange_voxels(
    gained: Codes, lost: Codes, target: Sums, lines: Counts, line_sums: Sums
) -> None:
    height, width = gained.shape
    k = target.size
    whole = lines.dtype.type
    for y in range(height):
        for x in range(width):
            come, gone = gained[y, x], lost[y, x]
            if come == gone:  # background, mostly
                continue
            if come < k:
                lines[y, x * k + come] += whole(1)
                line_sums[y, x, 0] += 1
                line_sums[y, x, 1] += target[come]
            if gone < k:
                lines[y, x * k + gone] -= whole(1)
                line_sums[y, x, 0] -= 1
                line_sums[y, x, 1] -= target[gone]


@compiled
def _exchange_lines(planes: Counts, gained: Counts, lost: Counts) -> None:
    whole = planes.dtype.type
    for i in range(gained.size):
        planes[i] = whole(planes[i] + whole(whole(gained[i]) - whole(lost[i])))


@compiled
def _exchange_sums(plane_sums: Sums, gained: Sums, lost: Sums) -> None:
    for x in range(gained.shape[0]):
        plane_sums[x, 0] += gained[x, 0] - lost[x, 0]
        plane_sums[x, 1] += gained[x, 1] - lost[x, 1]


@compiled
def _row(
    planes: Counts,
    plane_sums: Sums,
    half: int,
    target_sum: int,
    box: Counts,
    zero: np.unsignedinteger[Any],
    products: Products,
) -> None:
    """Fill `products` with the covariance and the spread of each voxel of a row."""
    width, k = products.shape[1], box.size
    count, weight, squared = np.int64(0), np.int64(0), np.int64(0)
    box[:] = 0
    for x in range(-half, width):
        gained = x + half if x + half < width else width
        lost = x - half - 1 if x > half else width
        squared = np.int64(_exchange_planes(box, planes, gained * k, lost * k, zero))
        count += plane_sums[gained, 0] - plane_sums[lost, 0]
        weight += plane_sums[gained, 1] - plane_sums[lost, 1]
        if x >= 0:
            products[0, x] = k * weight - count * target_sum
            products[1, x] = k * squared - count * count


@compiled
def _exchange_planes(
    box: Counts, planes: Counts, gained: int, lost: int, zero: np.unsignedinteger[Any]
) -> int:
    """Let one plane in and one out; return the sum of the squares of the new histogram.

    Positions are unsigned: signed ones may be negative, and that test costs the vector units,
    67 ns instead of 15 for 100 bins. Counts wrap around between the steps and are right after.
    """
    whole = box.dtype.type
    squared = zero
    first, other = np.uint64(gained), np.uint64(lost)
    for i in range(np.uint64(box.size)):
        count = whole(box[i] + whole(whole(planes[first + i]) - whole(planes[other + i])))
        box[i] = count
        wide = type(zero)(count)
        squared = type(zero)(squared + type(zero)(wide * wide))
    return int(squared)


@compiled
def _divide(products: Products, target_spread: float, result: npt.NDArray[np.float32]) -> None:
    for x in range(result.size):
        both = products[1, x] * target_spread
        if both > 0:
            result[x] = products[0, x] / np.sqrt(both)
        else:
            result[x] = 1.0 if products[1, x] == target_spread else 0.0
