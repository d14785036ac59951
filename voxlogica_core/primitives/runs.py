"""Runs of marked voxels along x and their union into components; compiled, knows no image."""

import numpy as np
import numpy.typing as npt

from voxlogica_core.primitives.compiled import compiled

Marks = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int32]


def runs_of(volume: Marks) -> tuple[Whole, Whole, Whole]:
    """Return where runs start, where they end (exclusive), and the first run of each row."""
    depth, height, _ = volume.shape
    offsets = np.empty(depth * height + 1, np.int32)
    _count(volume, offsets)
    starts, ends = np.empty(offsets[-1], np.int32), np.empty(offsets[-1], np.int32)
    _find(volume, offsets, starts, ends)
    return starts, ends, offsets


@compiled
def _count(volume: Marks, offsets: Whole) -> None:
    depth, height, width = volume.shape
    offsets[0] = 0
    for z in range(depth):
        for y in range(height):
            row = volume[z, y]
            count = np.int32(row[0])
            for x in range(1, width):
                count += row[x] > row[x - 1]
            offsets[z * height + y + 1] = offsets[z * height + y] + count


@compiled
def _find(volume: Marks, offsets: Whole, starts: Whole, ends: Whole) -> None:
    depth, height, _ = volume.shape
    for z in range(depth):
        for y in range(height):
            if offsets[z * height + y + 1] > offsets[z * height + y]:
                _row_runs(volume[z, y], int(offsets[z * height + y]), starts, ends)


@compiled
def _row_runs(row: Marks, first: int, starts: Whole, ends: Whole) -> None:
    inside = False
    run = first
    for x in range(row.size):
        if row[x] != inside:
            if inside:
                ends[run] = x
                run += 1
            else:
                starts[run] = x
            inside = not inside
    if inside:
        ends[run] = row.size


def joined(starts: Whole, ends: Whole, offsets: Whole, shape: tuple[int, int, int]) -> Whole:
    """Return, for each run, the first run of its component."""
    parents = np.arange(starts.size, dtype=np.int32)
    _join(starts, ends, offsets, shape[0], shape[1], parents)
    return parents


@compiled
def _join(
    starts: Whole, ends: Whole, offsets: Whole, depth: int, height: int, parents: Whole
) -> None:
    for z in range(depth):
        for y in range(height):
            row = z * height + y
            if offsets[row] == offsets[row + 1]:
                continue
            if y > 0:
                _join_rows(row, row - 1, starts, ends, offsets, parents)
            if z > 0:
                for other in range(max(y - 1, 0), min(y + 2, height)):
                    above = (z - 1) * height + other
                    _join_rows(row, above, starts, ends, offsets, parents)
    for run in range(parents.size):
        parents[run] = parents[parents[run]]


@compiled
def _join_rows(
    row: int, other: int, starts: Whole, ends: Whole, offsets: Whole, parents: Whole
) -> None:
    a, last_a = offsets[row], offsets[row + 1]
    b, last_b = offsets[other], offsets[other + 1]
    while a < last_a and b < last_b:
        if starts[a] <= ends[b] and starts[b] <= ends[a]:
            _unite(a, b, parents)
        if ends[a] < ends[b]:
            a += 1
        else:
            b += 1


@compiled
def _unite(a: int, b: int, parents: Whole) -> None:
    while parents[a] != a:
        parents[a] = parents[parents[a]]
        a = parents[a]
    while parents[b] != b:
        parents[b] = parents[parents[b]]
        b = parents[b]
    if a < b:
        parents[b] = a
    else:
        parents[a] = b


def hits(target: Marks, starts: Whole, ends: Whole, offsets: Whole, roots: Whole) -> Whole:
    """Return, for each run, whether its component holds a voxel of `target`."""
    reached = np.zeros(roots.size, np.int32)
    _hit(target, starts, ends, offsets, roots, reached)
    return reached


@compiled
def _hit(
    target: Marks, starts: Whole, ends: Whole, offsets: Whole, roots: Whole, reached: Whole
) -> None:
    depth, height, _ = target.shape
    for z in range(depth):
        for y in range(height):
            row = target[z, y]
            for run in range(offsets[z * height + y], offsets[z * height + y + 1]):
                if reached[roots[run]]:
                    continue
                for x in range(starts[run], ends[run]):
                    if row[x]:
                        reached[roots[run]] = 1
                        break
    for run in range(roots.size):
        reached[run] = reached[roots[run]]


def numbered(roots: Whole) -> tuple[Whole, int]:
    """Return, for each run, the number of its component from 1, and how many there are."""
    numbers = np.empty(roots.size, np.int32)
    return numbers, _number(roots, numbers)


@compiled
def _number(roots: Whole, numbers: Whole) -> int:
    count = 0
    for run in range(roots.size):
        if roots[run] == run:
            count += 1
            numbers[run] = count
        else:
            numbers[run] = numbers[roots[run]]
    return count


def largest(starts: Whole, ends: Whole, roots: Whole) -> Whole:
    """Return, for each run, whether no component has more voxels than its own."""
    chosen = np.empty(roots.size, np.int32)
    _choose(starts, ends, roots, np.zeros(roots.size, np.int64), chosen)
    return chosen


@compiled
def _choose(
    starts: Whole, ends: Whole, roots: Whole, sizes: npt.NDArray[np.int64], chosen: Whole
) -> None:
    most = 0
    for run in range(roots.size):
        sizes[roots[run]] += ends[run] - starts[run]
        most = max(most, sizes[roots[run]])
    for run in range(roots.size):
        chosen[run] = sizes[roots[run]] == most


@compiled
def fill(
    volume: npt.NDArray[np.generic], starts: Whole, ends: Whole, offsets: Whole, values: Whole
) -> None:
    """Write the value of each run to its voxels; `volume` is 0 before."""
    depth, height, _ = volume.shape
    for z in range(depth):
        for y in range(height):
            for run in range(offsets[z * height + y], offsets[z * height + y + 1]):
                if values[run]:
                    volume[z, y, starts[run] : ends[run]] = values[run]
