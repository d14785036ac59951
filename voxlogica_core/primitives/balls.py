"""Masks grown by balls, exactly and at any spacing, 64 voxels at a time.

A row of a mask is packed into 64-bit words. What lies within a ball of a voxel is, for each offset
(dy, dz) of rows, a stretch of half-width h along x; so the grown row is the union of the rows
around it, each widened by its h. Every h is found by evaluating the very formula of the distance
map, so the result equals the comparison of that map with the radius, voxel for voxel.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voxlogica_core.primitives.compiled import compiled
from voxlogica_core.values.image import Voxels

Words = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]
WORD = 64


@dataclass(frozen=True, slots=True, eq=False)
class Ball:
    """Half-widths of a ball, in voxels.

    Parameters
    ----------
    chords
        For each pair of rows that the ball reaches: dz, dy and the half-width along x; one for
        both signs of dz and dy, in order of dz.
    width
        The largest half-width; -1 for an empty ball.
    """

    chords: Whole
    width: int


def ball(
    radius: float, spacing: tuple[float, ...], shape: tuple[int, ...], *, closed: bool
) -> Ball:
    """Return the ball of `radius`: the offsets whose float32 distance is at most that.

    Parameters
    ----------
    radius
        In mm, rounded to float32.
    spacing
        Distance between voxel centres along z, y, x, mm.
    shape
        Size of the image along z, y, x: no more of the ball matters.
    closed
        Whether a distance equal to the radius counts.
    """
    reach = [
        int(min(size - 1, radius / step + 2)) for size, step in zip(shape, spacing, strict=True)
    ]
    dz, dy, dx = ((np.arange(r + 1) * step) ** 2 for r, step in zip(reach, spacing, strict=True))
    squares = (dx[None, None, :] + dy[None, :, None]) + dz[:, None, None]
    distances = np.sqrt(squares).astype(np.float32)
    with np.errstate(over="ignore"):
        limit = np.float32(radius)
    widths = np.count_nonzero(distances <= limit if closed else distances < limit, axis=2) - 1
    dz_dy = np.argwhere(widths >= 0)
    chords = np.column_stack([dz_dy, widths[dz_dy[:, 0], dz_dy[:, 1]]]).astype(np.int64, order="C")
    return Ball(chords, int(widths.max(initial=-1)))


def packed(volume: Voxels) -> Words:
    """Return the rows of a bool volume in words; padding bits are 0."""
    depth, height, width = volume.shape
    octets = np.packbits(volume, axis=2, bitorder="little")
    padded = np.zeros((depth, height, -(-width // WORD) * (WORD // 8)), np.uint8)
    padded[:, :, : octets.shape[2]] = octets
    return padded.view(np.uint64)


def unpacked(words: Words, width: int) -> Voxels:
    """Return the bool volume that `words` hold."""
    bits = np.unpackbits(words.view(np.uint8), axis=2, count=width, bitorder="little")
    return bits.view(np.bool_)


def inverted(words: Words, width: int) -> Words:
    """Return the rows of the complement; padding bits stay 0."""
    result = np.invert(words)
    if width % WORD:
        result[:, :, -1] &= np.uint64((1 << width % WORD) - 1)
    return result


def grown(words: Words, reach: Ball) -> Words:
    """Return the voxels within `reach` of a marked one; padding bits may be set."""
    depth, height, count = words.shape
    result = np.zeros((depth, height * count), np.uint64)
    if reach.width >= 0:
        room = np.empty((reach.width + 2, height * count), np.uint64)
        _grow(words.reshape(depth, height * count), count, reach.chords, room, result)
    return result.reshape(words.shape)


@compiled
def _grow(words: Words, count: int, chords: Whole, room: Words, result: Words) -> None:
    """Grow `words` into `result`, which is 0 before, with room for every width and one more."""
    depth, size = words.shape
    widened, disk = room[:-1], room[-1]
    for z in range(depth):
        if not _any(words[z]):
            continue
        _widen(words[z], count, widened)
        k = 0
        while k < chords.shape[0]:
            dz = chords[k, 0]
            disk[:] = 0
            while k < chords.shape[0] and chords[k, 0] == dz:
                shift = chords[k, 1] * count
                row = widened[chords[k, 2]]
                _unite(disk[shift:], row[: size - shift])
                _unite(disk[: size - shift], row[shift:])
                k += 1
            if z + dz < depth:
                _unite(result[z + dz], disk)
            if z - dz >= 0:
                _unite(result[z - dz], disk)


@compiled
def _widen(plane: Words, count: int, widened: Words) -> None:
    """Fill `widened` with the rows of a plane widened by 0, 1, ... voxels on either side."""
    one, last = np.uint64(1), np.uint64(WORD - 1)
    for i in range(plane.size):
        widened[0, i] = plane[i]
    for h in range(1, widened.shape[0]):
        before, after = widened[h - 1], widened[h]
        for i in range(plane.size):
            word = before[i]
            wide = word | (word << one) | (word >> one)
            if i % count > 0:
                wide |= before[i - 1] >> last
            if i % count + 1 < count:
                wide |= before[i + 1] << last
            after[i] = wide


@compiled
def _any(plane: Words) -> bool:
    union = np.uint64(0)
    for word in plane:
        union |= word
    return bool(union)


@compiled
def _unite(target: Words, other: Words) -> None:
    for i in range(target.size):
        target[i] |= other[i]
