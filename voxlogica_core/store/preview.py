"""Previews: a value as a small picture (PNG) with its statistics. Stores nothing.

A volume becomes three orthogonal slices through the centre of what is interesting, in physical
proportions, with orientation letters; a plane picture becomes itself, smaller. A mask is laid in
orange over its background, label maps in seven colours that everyone can tell apart (Okabe and
Ito, "Color universal design", 2008), or over black where there is no background.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from voxlogica_core.store.orientation import Letters, Turn, View, cut, turn_of, views
from voxlogica_core.store.painting import ORANGE, SEVEN, Colours, Slice, brightness, paint
from voxlogica_core.store.record import Preview
from voxlogica_core.store.statistics import Numbers, bounds_of, sample, statistics
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import COLOUR, IMAGE, LABELS, MASK, Kind
from voxlogica_core.values.sides import Orientation, default_orientation

LARGEST = 44_000
"""Bytes of a picture; as text in a hover it grows by a third."""

_EDGE = 256  # pixels of the longest side
_LARGEST_VOXEL = 8  # pixels; small images are enlarged up to this
_SIZES = (1.0, 0.85, 0.7, 0.55, 0.4)  # tried in turn until the picture is small enough
_LOOKED_AT = 2**17  # voxels, to find the centre of an image
_RANKED = 2**15  # voxels, to find what is black and white in it
_ENOUGH = 500  # voxels of a mask among them; of a smaller one every voxel is looked at


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where a volume is cut: how, the size of the cut in mm, what is at its four sides."""

    cut: Callable[[Voxels], Voxels]
    height: float
    width: float
    letters: Letters | None


def preview(
    image: Image, background: Image | None = None, orientation: Orientation | None = None
) -> Preview:
    """Return picture and statistics of an image.

    Parameters
    ----------
    image
        What is shown.
    background
        A scalar image of the same grid to lay a mask or label map on; another is not used.
    orientation
        How volumes are turned; by default as `default_orientation` says.
    """
    return Preview(picture(image, background, orientation), statistics(image))


def picture(
    image: Image, background: Image | None = None, orientation: Orientation | None = None
) -> bytes:
    """Return the PNG of an image, at most `LARGEST` bytes."""
    below = image if image.kind in (IMAGE, COLOUR) else _usable(background, image.geometry)
    window = (0.0, 1.0) if below is None else window_of(below)
    slices = [
        _slice(image, below, plane, window)
        for plane in _planes(image, orientation or default_orientation())
    ]
    extent = max(max(part.height, part.width) for part in slices)
    closest = _LARGEST_VOXEL / min(image.geometry.spacing)
    png = b""
    for size in _SIZES:
        png = paint(slices, min(_EDGE * size / extent, closest), _colours(image))
        if len(png) <= LARGEST:
            break
    return png


def window_of(image: Image) -> tuple[float, float]:
    """Return the values shown as black and white: percentiles 1 and 99, always apart.

    Colours are not stretched: theirs are nought and the largest of their type, or percentile 99
    where the type has none that means anything.
    """
    if image.kind == COLOUR and image.voxels.dtype == np.uint8:
        return (0.0, 255.0)
    values = sample(image.voxels, _RANKED)
    if not values.size:
        return (0.0, 1.0)
    low, high = (float(value) for value in np.percentile(values, (1, 99)))
    low = min(low, 0.0) if image.kind == COLOUR else low
    if low == high:
        low, high = float(values.min()), float(values.max())
    spread = max(1.0, abs(low) / 1024)  # next to 1e19 there is no other number one apart
    return (low, high) if low < high else (low - spread, low + spread)


def centre_of(kind: Kind, voxels: Voxels) -> tuple[int, ...]:
    """Return the index along each axis of an array where slices show most of it.

    That is the centre of mass of a mask, of what is labelled, or of the distance of an image's
    values from those at its border; moved, along each axis, to the nearest slice that has any.
    """
    shape = voxels.shape[:-1] if kind == COLOUR else voxels.shape
    step = max(1, round((voxels.size / _LOOKED_AT) ** (1 / 3)))
    looked_at = voxels[(slice(None, None, step),) * len(shape)]
    first = (0,) * len(shape)
    if kind not in (MASK, LABELS):
        weights = _contrast(looked_at)
    elif np.count_nonzero(looked_at) >= _ENOUGH:
        weights = looked_at != 0
    elif (bounds := bounds_of(voxels != 0)) is not None:
        step, first = 1, tuple(low for low, _ in bounds)
        weights = voxels[tuple(slice(low, high + 1) for low, high in bounds)] != 0
    else:
        return tuple(count // 2 for count in shape)
    centre: list[int] = []
    for axis in range(len(shape)):
        others = tuple(other for other in range(len(shape)) if other != axis)
        total = np.count_nonzero if weights.dtype == bool else np.sum
        middle = _middle(np.asarray(total(weights, axis=others), np.float64))
        centre.append(first[axis] + middle * step)
    return tuple(centre)


def _planes(image: Image, orientation: Orientation) -> list[_Plane]:
    geometry = image.geometry
    if geometry.dimension == 2:
        width, height = (n * step for n, step in zip(geometry.size, geometry.spacing, strict=True))
        return [_Plane(lambda voxels: voxels, height, width, None)]
    turn = turn_of(geometry.direction)
    lengths = turn.lengths(geometry)
    centre = centre_of(image.kind, turn.apply(image.voxels))
    planes: list[_Plane] = []
    for view in views(orientation):
        height, width = (length for axis, length in enumerate(lengths) if axis != view.axis)
        show = partial(_cut, turn, view, centre[view.axis])
        planes.append(_Plane(show, height, width, view.letters))
    return planes


def _cut(turn: Turn, view: View, index: int, voxels: Voxels) -> Voxels:
    return cut(turn.apply(voxels), view, index)


def _slice(image: Image, below: Image | None, plane: _Plane, window: tuple[float, float]) -> Slice:
    layer = None
    if image.kind in (MASK, LABELS):
        numbers = plane.cut(image.voxels).astype(np.int64)
        layer = np.where(numbers > 0, (numbers - 1) % len(_colours(image)) + 1, 0).astype(np.uint8)
    if below is not None:
        grey = brightness(plane.cut(below.voxels), window)
    else:
        grey = np.zeros(plane.cut(image.voxels).shape, np.uint8)
    if below is None and layer is not None:
        grey[layer > 0] = 160
    return Slice(_three(grey), layer, plane.height, plane.width, plane.letters)


def _three(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return pixels of one or of three components; of others the first, or the first three."""
    if pixels.ndim == 2 or pixels.shape[2] == 3:
        return pixels
    return pixels[:, :, :3] if pixels.shape[2] > 3 else pixels[:, :, 0]


def _usable(background: Image | None, grid: Geometry) -> Image | None:
    if background is None or background.kind != IMAGE or background.geometry.difference(grid):
        return None
    return background


def _colours(image: Image) -> Colours:
    if image.kind == MASK:
        return ORANGE
    return SEVEN if image.kind == LABELS else ()


def _contrast(voxels: Voxels) -> Numbers:
    """Return how far each voxel is from the median of those at the border."""
    values = voxels.astype(np.float64)
    values = values.mean(axis=-1) if voxels.ndim > 3 else values  # plane pictures are not cut
    finite = np.isfinite(values)
    if not finite.any():
        return finite.astype(np.float64)
    faces = [np.take(values, (0, -1), axis=axis).reshape(-1) for axis in range(values.ndim)]
    border = np.concatenate(faces)
    border = border[np.isfinite(border)]
    level = float(np.median(border)) if border.size else 0.0
    return np.where(finite, np.abs(values - level), 0.0)


def _middle(weights: Numbers) -> int:
    """Return the index of the centre of mass, or the nearest one that has any weight."""
    present = np.flatnonzero(weights)
    if not present.size:
        return weights.size // 2
    mean = float(np.average(np.arange(weights.size), weights=weights))
    return int(present[np.argmin(np.abs(present - mean))])
