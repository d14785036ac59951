"""A head that is made up: a FLAIR-like volume with a bright lesion whose true extent is known."""

from typing import Any

import numpy as np
import numpy.typing as npt

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Mask, Number, ScalarImage, primitive
from voxlogica_core.values.geometry import Geometry, plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE, MASK

NAMESPACE = "test"
SIZE = (240, 240, 155)
"""Voxels of 1 mm along x, y, z: those of public collections of brain tumours."""
MOST_CASES = 1_000
_CENTRE = (119.5, 125.0, 72.0)
_HALF_AXES = (68.0, 84.0, 58.0)
_TISSUE, _LESION, _FLUID = 100.0, 85.0, -45.0
"""Brightness of the brain, and what lesion and ventricles add to it."""
_NOISE = 6.0

Field = npt.NDArray[Any]  # float32


@primitive("phantom", version=1, grid="new", cost=400_000)
def phantom(case: Number) -> ScalarImage:
    """Make up a head without its skull, as in FLAIR: ``test.phantom(1)``.

    Parameters
    ----------
    case
        Which one, a whole number from 0 to 1000: the lesion of each has another place, size and
        shape, and the noise differs.

    Returns
    -------
    image
        240 x 240 x 155 voxels of 1 mm: 0 outside the brain, about 100 in it, darker in the
        ventricles and brighter, about 185, in the lesion; noise of standard deviation 6. The same
        bits on every machine.

    Raises
    ------
    DataError
        `case` is no such number.
    """
    number = _checked(case)
    values = np.full(_grid().shape, np.float32(_TISSUE))
    x, y, z = _axes()
    values += np.float32(7) * _wave(x / 17) * _wave(y / 23 + np.float32(0.3)) * _wave(z / 19)
    values += np.float32(_FLUID) * _soft(_ventricles())
    values += np.float32(_LESION) * _soft(_depth(number))
    values += _noise(number)
    values[_brain() <= 0] = 0
    return Image(IMAGE, np.maximum(values, 0, out=values), _grid())


@primitive("phantom_lesion", version=1, grid="new", cost=100_000)
def phantom_lesion(case: Number) -> Mask:
    """Mark the true lesion of a made-up head: ``test.phantom_lesion(1)``.

    Parameters
    ----------
    case
        As for `phantom`.

    Returns
    -------
    mask
        The voxels at least half of whose brightness above the tissue's is the lesion's.

    Raises
    ------
    DataError
        `case` is no such number.
    """
    return Image(MASK, (_depth(_checked(case)) >= 0) & (_brain() > 0), _grid())


def _checked(case: float) -> int:
    if not (0 <= case <= MOST_CASES and case == int(case)):
        raise DataError(f"a case from 0 to {MOST_CASES} is wanted, and {case:g} came", "case")
    return int(case)


def _grid() -> Geometry:
    return plain_geometry(SIZE)


def _axes() -> tuple[Field, Field, Field]:
    """Return the coordinates in mm along x, y and z, shaped so that they combine to a volume."""
    x, y, z = (np.arange(count, dtype=np.float32) for count in SIZE)
    return x[None, None, :], y[None, :, None], z[:, None, None]


def _brain() -> Field:
    """Return a function that is positive inside the brain."""
    x, y, z = _axes()
    scaled = [
        (a - np.float32(c)) / np.float32(h)
        for a, c, h in zip(_axes(), _CENTRE, _HALF_AXES, strict=True)
    ]
    folds = np.float32(0.02) * _wave(x / 6) * _wave(y / 7) * _wave(z / 5)
    return np.float32(1) - (scaled[0] ** 2 + scaled[1] ** 2 + scaled[2] ** 2) + folds


def _ventricles() -> Field:
    """Return by how many mm, about, a voxel is inside one of the two ventricles."""
    left = _ball((106.0, 120.0, 76.0), (6.0, 22.0, 9.0))
    return np.maximum(left, _ball((133.0, 120.0, 76.0), (6.0, 22.0, 9.0)))


def _depth(case: int) -> Field:
    """Return by how many mm, about, a voxel is inside the lesion: three balls that overlap."""
    turn = 2.399963 * case  # the golden angle: neighbouring cases lie apart
    x, y = 119.5 + 34 * _cosine(turn), 125 + 42 * _cosine(turn - 1.570796)
    z, radius = 72 + 14 * _cosine(3 * turn), 17 + 4 * _cosine(5 * turn)
    first = _ball((x, y, z), (radius, radius * 1.2, radius))
    second = _ball((x + 9, y - 8, z + 7), (radius * 0.7,) * 3)
    third = _ball((x - 7, y + 11, z - 6), (radius * 0.6,) * 3)
    return np.maximum(first, np.maximum(second, third))


def _ball(centre: tuple[float, ...], radii: tuple[float, ...]) -> Field:
    """Return how far inside an ellipsoid a voxel is, in mm along the shortest axis."""
    parts = [
        ((a - np.float32(c)) / np.float32(r)) ** 2
        for a, c, r in zip(_axes(), centre, radii, strict=True)
    ]
    return np.float32(min(radii)) * (np.float32(1) - np.sqrt(parts[0] + parts[1] + parts[2]))


def _soft(depth: Field) -> Field:
    """Return 0 outside, 1 inside, and a ramp of 3 mm over the edge."""
    return np.clip(depth / np.float32(3) + np.float32(0.5), 0, 1)


def _wave(phase: Field) -> Field:
    """Return a smooth wave between -1 and 1 of period 2, by exact operations alone."""
    folded = phase - np.float32(2) * np.floor(phase / np.float32(2))
    up = np.where(folded < 1, folded, folded - np.float32(1))
    half = np.float32(4) * up * (np.float32(1) - up)
    return np.where(folded < 1, half, -half)


def _cosine(angle: float) -> float:
    """Return `_wave` a quarter ahead, as a number: mathematical libraries differ in last bits."""
    phase = np.array([angle / 3.141593 + 0.5], np.float32)
    return round(float(_wave(phase)[0]), 3)


def _noise(case: int) -> Field:
    """Return nearly normal noise: four bytes of a scrambled counter, added up."""
    count = int(np.prod(SIZE))
    word = np.arange(count, dtype=np.uint32)
    word += np.uint32((case * 2_654_435_761) % 2**32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        word ^= word >> np.uint32(shift)
        word *= np.uint32(factor)
    word ^= word >> np.uint32(16)
    octets = word.view(np.uint8).reshape(count, 4)
    total = octets.sum(axis=1, dtype=np.uint16).astype(np.float32)
    deviation = np.float32(147.8)  # of the sum of four bytes
    scaled = (total - np.float32(510)) * (np.float32(_NOISE) / deviation)
    return scaled.reshape(_grid().shape)
