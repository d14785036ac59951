"""A head of the usual size, made up: for benchmarks. Smooth tissue with noise in an ellipsoid."""

from dataclasses import dataclass

import numpy as np
import scipy.ndimage

from voxlogica_core.primitives.components import components
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import COLOUR, IMAGE, MASK

SIZE = (240, 240, 155)


@dataclass(frozen=True, slots=True)
class Head:
    """Images of one head on one grid of 8.9 million voxels of 1 mm."""

    image: Image
    """float32, all values different; 0 outside the brain."""
    whole: Image
    """The same in whole numbers."""
    brain: Image
    bright: Image
    """The tenth of the brain that is brightest, in many parts."""
    labels: Image
    colour: Image


def head() -> Head:
    """Return the head, the same every time."""
    random = np.random.default_rng(0)
    grid = plain_geometry(SIZE)
    smooth = scipy.ndimage.gaussian_filter(random.normal(size=grid.shape).astype(np.float32), 3)
    z, y, x = np.ogrid[:155, :240, :240]
    inside = ((x - 120) / 75) ** 2 + ((y - 120) / 95) ** 2 + ((z - 77) / 65) ** 2 < 1
    tissue = 500 + 150 * smooth / smooth.std() + random.normal(size=grid.shape) * 15
    voxels = np.where(inside, np.clip(tissue, 1, None), 0).astype(np.float32)
    bright = voxels > np.quantile(voxels[inside], 0.9)
    numbers = components(Image(MASK, bright, grid))
    colours = np.stack([np.rint(voxels / 5).astype(np.uint8)] * 3, axis=-1)
    return Head(
        Image(IMAGE, voxels, grid),
        Image(IMAGE, np.rint(voxels), grid),
        Image(MASK, inside, grid),
        Image(MASK, bright, grid),
        numbers,
        Image(COLOUR, colours, grid),
    )
