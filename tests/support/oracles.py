"""Slow and obvious definitions of the kernels, to hold the fast ones against."""

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from voxlogica_core.values.image import Image

Array = npt.NDArray[Any]
FAR = np.float32(1.8446743e19)


def neighbours(point: tuple[int, ...], shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return a voxel and those that share a face, edge or corner with it."""
    around = (tuple(p + s for p, s in zip(point, step, strict=True)) for step in _steps(shape))
    return [q for q in around if all(0 <= c < n for c, n in zip(q, shape, strict=True))]


def near(voxels: Array) -> Array:
    """Return whether a neighbour is true, voxel by voxel."""
    result = np.zeros_like(voxels)
    for point in np.ndindex(voxels.shape):
        result[point] = any(voxels[q] for q in neighbours(point, voxels.shape))
    return result


def components(voxels: Array) -> Array:
    """Return component numbers by flooding from each voxel in raster order."""
    result = np.zeros(voxels.shape, np.uint32)
    count = 0
    for point in np.ndindex(voxels.shape):
        if not voxels[point] or result[point]:
            continue
        count += 1
        result[point] = count
        front = [point]
        while front:
            for q in neighbours(front.pop(), voxels.shape):
                if voxels[q] and not result[q]:
                    result[q] = count
                    front.append(q)
    return result


def distances_to(seeds: Array, spacing: tuple[float, ...]) -> Array:
    """Return the distance to the nearest seed, trying all; `spacing` along (z,) y, x."""
    axes = np.indices(seeds.shape)
    best = np.full(seeds.shape, np.inf)
    for seed in np.argwhere(seeds):
        steps = [(np.abs(axes[i] - seed[i]) * s) ** 2 for i, s in enumerate(spacing)]
        square = steps[-1]
        for other in reversed(steps[:-1]):
            square = square + other
        best = np.minimum(best, square)
    return np.sqrt(best).astype(np.float32)


def signed_distances(mask: Image) -> Array:
    """Return the signed distance to the boundary voxels of a mask."""
    voxels = mask.voxels
    boundary = voxels & near(~voxels)
    if not boundary.any():
        return np.where(voxels, -FAR, FAR)
    unsigned = distances_to(boundary, mask.geometry.spacing[::-1])
    return np.where(voxels & ~boundary, -unsigned, unsigned)


def percentile_ranks(values: Array, inside: Array, share: float) -> Array:
    """Return the share of voxels below, voxel by voxel."""
    result = np.full(values.shape, np.float32(-1))
    population = values[inside]
    for point in np.argwhere(inside):
        value = values[tuple(point)]
        below, equal = (population < value).sum(), (population == value).sum()
        result[tuple(point)] = (below + share * equal) / population.size
    return result


def _steps(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    return list(product((-1, 0, 1), repeat=len(shape)))


def cross_correlation(
    r: float, a: Image, b: Image, m: Image, bounds: tuple[float, float], k: int
) -> Array:
    """Return the correlation of histograms, one box at a time."""
    lo, hi = bounds
    half = [max(1, round(r / s)) for s in a.geometry.spacing[::-1]]
    target = _histogram(b.voxels[m.voxels], lo, hi, k)
    result = np.empty(a.voxels.shape, np.float32)
    for point in np.ndindex(a.voxels.shape):
        box = tuple(slice(max(p - h, 0), p + h + 1) for p, h in zip(point, half, strict=True))
        result[point] = _correlation(_histogram(a.voxels[box].ravel(), lo, hi, k), target)
    return result


def _histogram(values: Array, lo: float, hi: float, k: int) -> list[int]:
    width = (hi - lo) / k
    found = [0] * k
    for value in map(float, values):
        if lo <= value < hi:
            found[min(k - 1, int(np.floor((value - lo) / width)))] += 1
    return found


def _correlation(local: list[int], target: list[int]) -> float:
    k = len(target)
    product = sum(x * y for x, y in zip(local, target, strict=True))
    spreads = [k * sum(x * x for x in h) - sum(h) ** 2 for h in (local, target)]
    if 0 in spreads:
        return 1.0 if spreads == [0, 0] else 0.0
    return (k * product - sum(local) * sum(target)) / np.sqrt(float(spreads[0]) * float(spreads[1]))
