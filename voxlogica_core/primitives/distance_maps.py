"""Exact Euclidean distance maps, one axis after the other; compiled, knows no image.

The squared distance of two voxels is ``((dx·sx)² + (dy·sy)²) + (dz·sz)²`` in float64. Along x the
nearest seed is found by two scans; along y and z the lower envelope of parabolas is kept as a list
of sites (Maurer, Qi and Raghavan, IEEE PAMI 25(2), 2003, in the form of Meijster's two scans).
"""

import numpy as np
import numpy.typing as npt

from voxlogica_core.primitives.compiled import compiled

Marks = npt.NDArray[np.bool_]
Squares = npt.NDArray[np.float64]
Distances = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]


def distance_map(seeds: Marks, inside: Marks, spacing: tuple[float, ...]) -> Distances:
    """Return the distance of every voxel to the nearest seed, rounded once to float32.

    Parameters
    ----------
    seeds
        Three axes; at least one voxel is true.
    inside
        Where the distance gets a negative sign; no seed.
    spacing
        Distance between voxel centres along z, y, x, mm.
    """
    squares = np.empty(seeds.shape, np.float64)
    _planes(seeds, spacing[2], spacing[1], squares)
    result = np.empty(seeds.shape, np.float32)
    _stacks(squares, inside, spacing[0], result)
    return result


@compiled
def _planes(seeds: Marks, sx: float, sy: float, squares: Squares) -> None:
    depth, height, width = seeds.shape
    across = _squared_steps(width, sx)
    down = _squared_steps(height, sy)
    plane = np.empty((height, width), np.float64)
    sites = np.empty(height, np.int64)
    values = np.empty(height, np.float64)
    for z in range(depth):
        seeded = False
        for y in range(height):
            seeded |= _scan(seeds[z, y], across, plane[y])
        if not seeded:
            squares[z] = np.inf
            continue
        for x in range(width):
            count = _envelope(plane[:, x], sy, sites, values)
            _evaluate(squares[z, :, x], down, sites, values, count)


@compiled
def _stacks(squares: Squares, inside: Marks, sz: float, result: Distances) -> None:
    depth, height, width = squares.shape
    along = _squared_steps(depth, sz)
    column = np.empty(depth, np.float64)
    sites = np.empty(depth, np.int64)
    values = np.empty(depth, np.float64)
    for y in range(height):
        for x in range(width):
            count = _envelope(squares[:, y, x], sz, sites, values)
            _evaluate(column, along, sites, values, count)
            for z in range(depth):
                distance = np.sqrt(column[z])
                result[z, y, x] = -distance if inside[z, y, x] else distance


@compiled
def _squared_steps(count: int, spacing: float) -> Squares:
    steps = np.arange(count) * spacing
    return steps * steps


@compiled
def _scan(row: Marks, across: Squares, result: Squares) -> bool:
    width = row.size
    far = width
    for x in range(width):
        far = 0 if row[x] else far + 1
        result[x] = across[far] if far < width else np.inf
    if far >= width:
        return False
    far = width
    for x in range(width - 1, -1, -1):
        far = 0 if row[x] else far + 1
        if far < width:
            result[x] = min(result[x], across[far])
    return True


@compiled
def _envelope(heights: Squares, spacing: float, sites: Whole, values: Squares) -> int:
    count = 0
    for i in range(heights.size):
        value = heights[i]
        if value == np.inf:
            continue
        while count >= 2:
            a = (sites[count - 1] - sites[count - 2]) * spacing
            b = (i - sites[count - 1]) * spacing
            c = a + b
            hidden = c * values[count - 1] - b * values[count - 2] - a * value - a * b * c
            if hidden <= 0:
                break
            count -= 1
        sites[count] = i
        values[count] = value
        count += 1
    return count


@compiled
def _evaluate(result: Squares, steps: Squares, sites: Whole, values: Squares, count: int) -> None:
    if count == 0:
        result[:] = np.inf
        return
    site = 0
    for i in range(result.size):
        here = values[site] + steps[abs(i - sites[site])]
        while site + 1 < count:
            there = values[site + 1] + steps[abs(i - sites[site + 1])]
            if there > here:
                break
            here = there
            site += 1
        result[i] = here
